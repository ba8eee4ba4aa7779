import { articleOf } from '../../../../plugins/federation/vocabulary/article.ts';
import type { PostObjectInput } from '../../../../plugins/federation/vocabulary/post-members.ts';
import { postNoteOf } from '../../../../plugins/federation/vocabulary/post-note.ts';
import type { RenderedPost } from '../../../../src/plugin-host/capabilities.ts';
import type { Post } from '../../../../src/posts/post.ts';

export const origin = 'https://blog.example';
const author = { id: 'author-1' };
export const actor = `${origin}/ap/users/author-1`;
export const id = `${origin}/ap/posts/post-1`;

function post(change: Partial<Post> = {}): Post {
  return {
    id: 'post-1',
    type: 'post',
    status: 'published',
    slug: 'bread',
    title: 'Bread & “butter”',
    bodyMarkdown: 'Some **bread**.\n\n<!-- not for readers -->\n\n![A loaf](/media/loaf.jpg)',
    excerpt: '',
    authorId: author.id,
    imageId: null,
    language: 'en',
    commentsOpen: true,
    tags: [
      { name: 'static sites', slug: 'static-sites' },
      { name: 'C++', slug: 'c' },
    ],
    categories: [],
    createdAt: '2026-11-01T08:00:00.000Z',
    updatedAt: '2026-11-01T08:30:00.000Z',
    publishedAt: '2026-11-01T09:00:00.000Z',
    scheduledAt: null,
    publication: 1,
    statusBeforeTrash: null,
    version: 1,
    ...change,
  };
}

const medium = {
  size: 1,
  variants: [],
  placeholder: null,
  durationSeconds: null,
  userId: null,
  createdAt: '2026-11-01T08:00:00.000Z',
};

export const loaf: RenderedPost['images'][number] = {
  ...medium,
  id: 'm',
  file: 'loaf.jpg',
  url: `${origin}/media/loaf.jpg`,
  mimeType: 'image/jpeg',
  width: 800,
  height: 600,
  alt: 'A loaf',
};

/** A sound of a minute and a bit. */
export const kneading: RenderedPost['recordings'][number] = {
  ...medium,
  id: 'r',
  file: 'kneading.mp3',
  url: `${origin}/media/kneading.mp3`,
  mimeType: 'audio/mpeg',
  width: null,
  height: null,
  alt: 'Kneading',
  durationSeconds: 63,
};

export const bob = {
  id: 'https://far.example/u/bob',
  handle: '@bob@far.example',
  url: 'https://far.example/@bob',
};

type Change = Partial<Omit<PostObjectInput, 'post' | 'rendered'>> & {
  post?: Partial<Post>;
  html?: string;
  excerpt?: string;
  images?: RenderedPost['images'];
  recordings?: RenderedPost['recordings'];
};

function input({ post: postChange, html, excerpt, images, recordings, ...change }: Change): PostObjectInput {
  return {
    origin,
    post: post(postChange),
    // Only the host makes SafeHtml; here a text that prints itself will do.
    rendered: {
      html: (html ?? '<p>Some <strong>bread</strong>.</p>') as unknown as RenderedPost['html'],
      excerpt: excerpt ?? 'Some bread.',
      images: images ?? [loaf],
      recordings: recordings ?? [],
      language: 'en',
    },
    author,
    url: `${origin}/bread`,
    tagUrl: (slug) => `${origin}/tag/${slug}`,
    mentions: [bob],
    writers: [],
    counts: { replies: 2, likes: 3, shares: 4 },
    manner: 'article',
    words: '',
    contentWarning: '',
    policy: { reply: 'everybody', like: 'everybody', boost: 'everybody', quote: 'everybody' },
    sendSummary: true,
    ...change,
  };
}

/** A post as an Article. */
export function article(change: Change = {}): Record<string, unknown> {
  return articleOf(input(change));
}

/** A post as a Note, without a title unless one is given. */
export function note({ post: postChange, ...change }: Change = {}): Record<string, unknown> {
  return postNoteOf(input({ manner: 'full-text', post: { title: '', tags: [], ...postChange }, ...change }));
}
