import type { Request, Response, Router } from 'express';
import { countComments } from '../comments/comment-store.ts';
import { requireDeed } from '../http/visitor.ts';
import type { Post, PostType } from '../posts/post.ts';
import { countPosts, countPostsByStatus, findPost, listPosts } from '../posts/post-store.ts';
import { deletePost, restorePost, trashPost } from '../posts/publish-post.ts';
import { may, mayEditPost, type User } from '../users/user.ts';
import { findUsers } from '../users/user-store.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, queryOf, textOf, textsOf } from './admin-request.ts';
import { leaveNotice } from './notice.ts';
import { findEditablePost } from './post-access.ts';
import { nameOf, postsOnAPage, presentPosts, statusesOfTab } from './present-posts.ts';
import { pageFacts, renderAdmin } from './render-admin.ts';

/** Whose posts somebody sees in the list: their own, or everybody's. */
function scopeOf(user: User): { authorId?: string } {
  return may(user, 'posts.editOthers') ? {} : { authorId: user.id };
}

async function showList(deps: AdminDeps, req: Request, res: Response, type: PostType): Promise<void> {
  const user = requireDeed(req, type === 'page' ? 'posts.editOthers' : 'posts.write');
  const { key: tab, statuses } = statusesOfTab(queryOf(req, 'status'));
  const query = queryOf(req, 'q').trim();
  const page = Math.max(1, Math.min(10_000, Number.parseInt(queryOf(req, 'page'), 10) || 1));
  const filter = { type, status: statuses, search: query, ...scopeOf(user) };
  const posts = await listPosts(deps.db, {
    ...filter,
    limit: postsOnAPage,
    offset: (page - 1) * postsOnAPage,
    order: 'updated',
  });
  const authors = await findUsers(deps.db, [...new Set(posts.map((post) => post.authorId))]);
  const comments = new Map<string, number>();
  for (const post of posts) {
    if (post.publication > 0)
      comments.set(post.id, await countComments(deps.db, { postId: post.id, status: 'approved' }));
  }
  const { print } = await pageFacts(deps);
  const data = presentPosts({
    type,
    tab,
    query,
    page,
    total: await countPosts(deps.db, filter),
    counts: await countPostsByStatus(deps.db, { type, ...scopeOf(user) }),
    posts,
    authorNames: new Map([...authors].map(([id, author]) => [id, author.name])),
    comments,
    isEditable: (post) => mayEditPost(user, post),
    print,
  });
  await renderAdmin(deps, req, res, {
    view: 'posts',
    heading: type === 'page' ? 'Pages' : 'Posts',
    section: `${type}s`,
    data,
  });
}

const deeds = { trash: trashPost, restore: restorePost, delete: deletePost } as const;
type Deed = keyof typeof deeds;

function isDeed(text: string): text is Deed {
  return Object.hasOwn(deeds, text);
}

/** What is said after a deed, about one post or several. */
function noticeText(deed: Deed, posts: readonly Post[]): string {
  const [only] = posts;
  const what = posts.length === 1 && only ? `“${nameOf(only)}”` : `${posts.length} of them`;
  if (deed === 'trash') return `Moved ${what} to the trash.`;
  if (deed === 'restore') return `Put ${what} back as ${posts.length === 1 ? 'a draft' : 'drafts'}.`;
  return `Deleted ${what} for good.`;
}

/** Leaves a notice about moved posts that offers to take it back, where that is possible. */
export function leavePostsNotice(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { type, deed, posts }: { type: PostType; deed: Deed; posts: readonly Post[] },
): void {
  const opposite = deed === 'trash' ? 'restore' : deed === 'restore' ? 'trash' : null;
  leaveNotice(deps, req, res, {
    text: noticeText(deed, posts),
    undo: opposite && {
      action: `/admin/${type}s/bulk`,
      fields: [{ name: 'do', value: opposite }, ...posts.map((post) => ({ name: 'ids', value: post.id }))],
    },
  });
}

async function doToMany(deps: AdminDeps, req: Request, res: Response, type: PostType): Promise<void> {
  const user = requireDeed(req, type === 'page' ? 'posts.editOthers' : 'posts.write');
  const deed = textOf(bodyOf(req), 'do');
  const back = `/admin/${type}s?status=${encodeURIComponent(statusesOfTab(textOf(bodyOf(req), 'from')).key)}`;
  const ids = [...new Set(textsOf(bodyOf(req), 'ids'))].slice(0, 200);
  if (!isDeed(deed) || ids.length === 0) {
    leaveNotice(deps, req, res, { kind: 'error', text: 'Select something first.' });
    res.redirect(303, back);
    return;
  }
  // Everything is checked before anything is changed.
  for (const id of ids) await findEditablePost(deps, user, id, type);
  for (const id of ids) await deeds[deed](deps, id);
  const posts = [];
  for (const id of ids) {
    const post = await findPost(deps.db, id);
    if (post) posts.push(post);
  }
  if (deed === 'delete')
    leaveNotice(deps, req, res, {
      text: ids.length === 1 ? 'Deleted for good.' : `Deleted ${ids.length} for good.`,
    });
  else leavePostsNotice(deps, req, res, { type, deed, posts });
  res.redirect(303, back);
}

/** The lists of posts and of pages, and what can be done with several at once. */
export function addPostListRoutes(router: Router, deps: AdminDeps): void {
  for (const type of ['post', 'page'] as const) {
    router.get(`/admin/${type}s`, (req, res) => showList(deps, req, res, type));
    router.post(`/admin/${type}s/bulk`, (req, res) => doToMany(deps, req, res, type));
  }
}
