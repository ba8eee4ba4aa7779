/** The state of a post, in the words of the command line. */
export type PostStatus = 'draft' | 'review' | 'scheduled' | 'published' | 'private' | 'trash';

/** A post stands in the stream and goes out to followers; a page stands by itself. */
export type PostType = 'post' | 'page';

export type Term = { name: string; slug: string };

/** A post as it is stored, with its tags and categories. Times are ISO 8601 in UTC. */
export type Post = {
  id: string;
  type: PostType;
  status: PostStatus;
  /** Unique among posts and pages that are not in the trash. */
  slug: string;
  /** May be empty: a short post needs no title. */
  title: string;
  bodyMarkdown: string;
  /** What the writer typed as a summary; empty when the text's beginning is to be used. */
  excerpt: string;
  authorId: string;
  /** The lead image, a medium's id. */
  imageId: string | null;
  /** BCP 47; null for the site's own language. */
  language: string | null;
  commentsOpen: boolean;
  tags: Term[];
  categories: Term[];
  createdAt: string;
  updatedAt: string;
  publishedAt: string | null;
  /** When it is to be published, while `status` is `scheduled`. */
  scheduledAt: string | null;
  /** How often it was taken from unpublished to published. A reader who kept an earlier publication kept something that is gone. */
  publication: number;
  /** What the post was before it went to the trash, so that it can be put back. */
  statusBeforeTrash: PostStatus | null;
  /** Grows with each change; a second writer who holds an older one is told so. */
  version: number;
};

/** Values that plugins keep beside a post, by the plugin's id, checked by the plugin's schema. */
export type PostFields = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a writer can set. Absent members stay as they are. */
export type PostInput = {
  title?: string;
  bodyMarkdown?: string;
  excerpt?: string;
  slug?: string;
  imageId?: string | null;
  language?: string | null;
  commentsOpen?: boolean;
  /** Names as typed; their slugs are made from them. */
  tags?: string[];
  categories?: string[];
  /** Of each plugin only the members that change. */
  fields?: PostFields;
};

/** Whether everybody may see the post. */
export function isPublic(post: Pick<Post, 'status'>): boolean {
  return post.status === 'published';
}
