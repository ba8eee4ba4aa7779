import type { AuthorRecord } from '../comments/author-record-store.ts';
import type { Comment, CommentStatus } from '../comments/comment.ts';
import type { ModerationDeed } from '../comments/moderate-comments.ts';
import { nameHtml, withEmojis } from '../content/emoji-html.ts';
import { sanitiseCommentHtml } from '../content/sanitise.ts';
import { webAddress, webHost } from '../content/web-address.ts';
import { emojiPictures } from '../pictures/emoji-pictures.ts';
import type { PictureLink } from '../pictures/picture-address.ts';
import type { Post } from '../posts/post.ts';
import { nameOf, pathOf } from './present-posts.ts';
import type { TimePrinter } from './present-time.ts';
import { initialOf } from './render-admin.ts';
import type { CommentCardView, CommentsView, TabView } from './view-models.ts';

/** The states in the order of the tabs, as the moderator calls them. */
const queueTabs: readonly { key: CommentStatus; label: string }[] = [
  { key: 'pending', label: 'Waiting' },
  { key: 'approved', label: 'Approved' },
  { key: 'spam', label: 'Spam' },
  { key: 'trash', label: 'Trash' },
];

/** The state that an address asks for; what waits where it asks for nothing known. */
export function readStatus(text: string): CommentStatus {
  return queueTabs.find((tab) => tab.key === text)?.key ?? 'pending';
}

type Button = CommentCardView['actions'][number];
const approve: Button = { key: 'a', value: 'approve', label: 'Approve', strong: true };
const spam: Button = { key: 's', value: 'spam', label: 'Spam', strong: false };
const trash: Button = { key: 't', value: 'trash', label: 'Trash', strong: false };
const hold: Button = { key: 'h', value: 'hold', label: 'Hold back', strong: false };
const remove: Button = { key: '', value: 'delete', label: 'Delete for good', strong: false };

/** What can be done with a comment in each state, in the order of the buttons. */
const deedsFor: Readonly<Record<CommentStatus, readonly Button[]>> = {
  pending: [approve, spam, trash],
  approved: [hold, spam, trash],
  spam: [{ ...approve, label: 'Not spam: approve' }, { ...hold, label: 'Hold' }, trash, remove],
  trash: [{ ...approve, strong: false }, { ...hold, label: 'Put back to waiting' }, spam, remove],
};

const doneWords: Readonly<Record<ModerationDeed, string>> = {
  approve: 'Approved',
  hold: 'Held back',
  spam: 'Marked as spam',
  trash: 'Moved to the trash',
  restore: 'Put back',
  delete: 'Deleted for good',
};

/** What is said after a deed. */
export function deedText(deed: ModerationDeed, count: number): string {
  return count === 1 ? `${doneWords[deed]}.` : `${doneWords[deed]}: ${count} comments.`;
}

function cut(text: string, length: number): string {
  const flat = text.replace(/\s+/gu, ' ').trim();
  return flat.length > length ? `${flat.slice(0, length).trimEnd()}…` : flat;
}

/** The two halves of `@name@host`. */
function splitHandle(handle: string | null): { handle: string | null; host: string | null } {
  const match = handle === null ? null : /^(@?[^@]+)@(.+)$/.exec(handle);
  return match?.[1] && match[2] ? { handle: match[1], host: match[2] } : { handle, host: null };
}

/** Who writes, in words; null where somebody left nothing to be recognised by. */
function knownText(comment: Comment, record: AuthorRecord | null): string | null {
  if (comment.authorUserId !== null) return 'Writes here';
  if (!record) return null;
  // On an approved comment the number counts it too; "before" would be wrong of those that came later.
  if (comment.status === 'approved') return `${record.approved} approved`;
  return record.approved > 0 ? `${record.approved} approved before` : 'Nothing approved before';
}

type CardInput = {
  meId: string;
  comment: Comment;
  post: Post | null;
  opening: string;
  parent: Comment | null;
  record: AuthorRecord | null;
  print: TimePrinter;
  link: PictureLink;
};

function pollLines({ poll }: Comment): string[] {
  return (poll?.options ?? []).map(({ name, votes }) => (votes === null ? name : `${name}: ${votes}`));
}

function presentCard({
  meId,
  comment,
  post,
  opening,
  parent,
  record,
  print,
  link,
}: CardInput): CommentCardView {
  const publicUrl =
    post && post.status === 'published' && comment.status === 'approved'
      ? `${pathOf(post)}#comment-${comment.id}`
      : null;
  const pictures = emojiPictures(comment.emojis, link);
  const parentIsPublic = parent?.status === 'approved' && post?.status === 'published';
  return {
    id: comment.id,
    status: comment.status,
    statusText: queueTabs.find((tab) => tab.key === comment.status)?.label ?? comment.status,
    warning: comment.warning === null ? null : nameHtml(comment.warning, pictures),
    html: withEmojis(sanitiseCommentHtml(comment.html), pictures),
    language: comment.language,
    poll: pollLines(comment),
    when: print(comment.createdAt),
    edited: comment.updatedAt !== comment.createdAt,
    url: publicUrl,
    originalUrl: webAddress(comment.externalUrl),
    originalHost: webHost(comment.externalUrl),
    author: {
      name: comment.author.name,
      nameHtml: nameHtml(comment.author.name, emojiPictures(comment.author.emojis ?? [], link)),
      url: comment.author.url,
      ...splitHandle(comment.author.handle),
      avatarUrl: comment.author.avatarUrl && link('face', comment.author.avatarUrl),
      initial: initialOf(comment.author.name),
    },
    source: comment.source === 'web' ? 'this site' : comment.source,
    email: comment.authorEmail,
    note: comment.note,
    known: {
      text: knownText(comment, record),
      pending: record?.pending ?? 0,
      spam: Math.max(0, (record?.spam ?? 0) - (comment.status === 'spam' ? 1 : 0)),
      since: record?.since ? print(record.since) : null,
    },
    post: {
      title: post ? nameOf(post) : 'a post that was deleted',
      url: post?.status === 'published' ? pathOf(post) : null,
      href: post
        ? post.status === 'published'
          ? pathOf(post)
          : `/admin/${post.type}s/${post.id}`
        : '/admin/posts',
      opening,
    },
    parent: parent && {
      author: parent.author.name,
      text: cut(parent.text, 600),
      url: parentIsPublic && post ? `${pathOf(post)}#comment-${parent.id}` : null,
    },
    own: comment.authorUserId === meId ? comment.raw : null,
    actions: [...deedsFor[comment.status]],
  };
}

const emptyWords: Readonly<Record<CommentStatus, { title: string; text: string }>> = {
  pending: {
    title: 'Nobody is waiting',
    text: 'New comments and answers come here first. You decide which of them stand below the post.',
  },
  approved: { title: 'Nothing approved yet', text: 'What you approve stands below its post, and here.' },
  spam: { title: 'No spam', text: 'What you mark as spam goes here and can be taken back.' },
  trash: { title: 'The trash is empty', text: 'What you throw away waits here, and can be put back.' },
};

type QueueInput = {
  /** Who looks at it. */
  meId: string;
  status: CommentStatus;
  query: string;
  counts: Readonly<Record<CommentStatus, number>>;
  onlyPost: Post | null;
  comments: readonly Comment[];
  posts: ReadonlyMap<string, Post>;
  /** By a post's id what it is about in plain words, for recalling it. */
  openings: ReadonlyMap<string, string>;
  parents: ReadonlyMap<string, Comment>;
  records: ReadonlyMap<string, AuthorRecord>;
  pager: CommentsView['pager'];
  returnTo: string;
  print: TimePrinter;
  link: PictureLink;
};

/** The queue of one state with everything that is needed for deciding. */
export function presentQueue(input: QueueInput): CommentsView {
  const { status, query, onlyPost } = input;
  const inPost: Record<string, string> = onlyPost ? { post: onlyPost.id } : {};
  const tabs: TabView[] = queueTabs.map(({ key, label }) => ({
    key,
    label,
    href: `/admin/comments?${new URLSearchParams({ status: key, ...inPost })}`,
    count: input.counts[key],
    current: key === status,
  }));
  const nothingFound = {
    title: 'Nothing found',
    text: `No comment here has “${query}” in it or in its writer’s name.`,
  };
  return {
    tabs,
    status,
    query,
    post: onlyPost && {
      id: onlyPost.id,
      title: nameOf(onlyPost),
      clearHref: `/admin/comments?status=${status}`,
    },
    cards: input.comments.map((comment) =>
      presentCard({
        meId: input.meId,
        comment,
        post: input.posts.get(comment.postId) ?? null,
        opening: input.openings.get(comment.postId) ?? '',
        parent: comment.parentId === null ? null : (input.parents.get(comment.parentId) ?? null),
        record: input.records.get(comment.id) ?? null,
        print: input.print,
        link: input.link,
      }),
    ),
    bulk: deedsFor[status].map(({ value, label }) => ({
      value,
      label,
      confirm: value === 'delete' ? 'Delete what is selected for good? This cannot be undone.' : null,
    })),
    pager: input.pager,
    returnTo: input.returnTo,
    empty: input.comments.length > 0 ? null : query === '' ? emptyWords[status] : nothingFound,
  };
}
