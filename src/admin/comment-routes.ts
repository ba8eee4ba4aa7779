import type { Request, Response, Router } from 'express';
import { authorRecords } from '../comments/author-record-store.ts';
import { type Comment, type CommentStatus, commentStatuses } from '../comments/comment.ts';
import { countCommentsByStatus, findComments, listComments } from '../comments/comment-store.ts';
import {
  editOwnComment,
  type ModerationDeed,
  moderateComments,
  moderationDeeds,
  replyToComment,
  takeBack,
} from '../comments/moderate-comments.ts';
import { InvalidError } from '../errors.ts';
import { requireDeed } from '../http/visitor.ts';
import { pictureLink } from '../pictures/picture-address.ts';
import type { Post } from '../posts/post.ts';
import { findPost } from '../posts/post-store.ts';
import { renderPost, summaryOf } from '../posts/render-post.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf, queryOf, textOf, textsOf, wantsJson } from './admin-request.ts';
import { leaveNotice } from './notice.ts';
import { deedText, presentQueue, readStatus } from './present-comments.ts';
import { cursorPager } from './present-media.ts';
import { pageFacts, renderAdmin } from './render-admin.ts';
import { sameSitePath } from './same-site-path.ts';
import type { UndoView } from './view-models.ts';

const onAPage = 25;
const mostAtOnce = 1000;
const queuePath = '/admin/comments';

async function postsOf(deps: AdminDeps, comments: readonly Comment[]): Promise<Map<string, Post>> {
  const posts = new Map<string, Post>();
  for (const id of new Set(comments.map((comment) => comment.postId))) {
    const post = await findPost(deps.db, id);
    if (post) posts.set(id, post);
  }
  return posts;
}

async function openingsOf(deps: AdminDeps, posts: ReadonlyMap<string, Post>): Promise<Map<string, string>> {
  const openings = new Map<string, string>();
  for (const [id, post] of posts) openings.set(id, summaryOf(post, (await renderPost(deps, post)).html));
  return openings;
}

async function showQueue(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  const me = requireDeed(req, 'comments.moderate');
  const status = readStatus(queryOf(req, 'status'));
  const query = queryOf(req, 'q').trim();
  const after = queryOf(req, 'after');
  const postId = queryOf(req, 'post');
  const onlyPost = postId === '' ? null : await findPost(deps.db, postId);
  const filter = { postId: onlyPost?.id };
  const found = await listComments(deps.db, {
    ...filter,
    status,
    search: query,
    limit: onAPage + 1,
    after: after || undefined,
  });
  const comments = found.slice(0, onAPage);
  const parentIds = comments.map((comment) => comment.parentId).filter((id) => id !== null);
  const parents = await findComments(deps.db, [...new Set(parentIds)]);
  const posts = await postsOf(deps, comments);
  const { print } = await pageFacts(deps);
  const asked = { status, ...(onlyPost ? { post: onlyPost.id } : {}), ...(query === '' ? {} : { q: query }) };
  const data = presentQueue({
    meId: me.id,
    status,
    query,
    counts: await countCommentsByStatus(deps.db, filter),
    onlyPost,
    comments,
    posts,
    openings: await openingsOf(deps, posts),
    parents: new Map(parents.map((parent) => [parent.id, parent])),
    records: await authorRecords(deps.db, comments),
    pager: cursorPager(queuePath, asked, {
      after,
      next: found.length > onAPage ? (comments.at(-1)?.id ?? null) : null,
    }),
    returnTo: `${queuePath}?${new URLSearchParams(asked)}`,
    print,
    link: pictureLink(deps),
  });
  await renderAdmin(deps, req, res, { view: 'comments', heading: 'Comments', section: 'comments', data });
}

/** The name of a field of undo: comments that are in one state and came from another. */
const undoName = (from: CommentStatus, to: CommentStatus) => `${from}.${to}`;

/** What takes a deed back: each comment, with the state that it is in now and the one that it came from. */
function undoOf(before: readonly Comment[], after: readonly Comment[], returnTo: string): UndoView {
  const now = new Map(after.map((comment) => [comment.id, comment.status]));
  const fields = before.flatMap(({ id, status }) => {
    const from = now.get(id);
    return from && from !== status ? [{ name: undoName(from, status), value: id }] : [];
  });
  return { action: `${queuePath}/undo`, fields: [{ name: 'returnTo', value: returnTo }, ...fields] };
}

function readDeed(text: string): ModerationDeed {
  const deed = moderationDeeds.find((known) => known === text);
  if (!deed) throw new InvalidError('comment.deed', 'Choose what is to be done.');
  return deed;
}

type Answered = { text: string; left: string[]; undo: UndoView | null };

/** Tells a script what has changed, or sends the browser back to the queue with a notice. */
async function answer(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { text, left, undo }: Answered,
): Promise<void> {
  if (wantsJson(req)) {
    res.json({ text, left, undo, counts: await countCommentsByStatus(deps.db) });
    return;
  }
  leaveNotice(deps, req, res, { text, undo });
  res.redirect(303, sameSitePath(textOf(bodyOf(req), 'returnTo'), queuePath));
}

async function decide(deps: AdminDeps, req: Request, res: Response, ids: readonly string[]): Promise<void> {
  requireDeed(req, 'comments.moderate');
  if (ids.length === 0) throw new InvalidError('comment.none', 'Select a comment first.');
  if (ids.length > mostAtOnce)
    throw new InvalidError('comment.too_many', `Up to ${mostAtOnce} comments at once.`);
  const deed = readDeed(textOf(bodyOf(req), 'do'));
  const before = await findComments(deps.db, ids);
  const moderated = await moderateComments(deps, ids, deed);
  const returnTo = sameSitePath(textOf(bodyOf(req), 'returnTo'), queuePath);
  await answer(deps, req, res, {
    text: deedText(deed, moderated.length),
    left: moderated.map((comment) => comment.id),
    undo: deed === 'delete' ? null : undoOf(before, moderated, returnTo),
  });
}

function tellTakenBack(back: number, wanted: number): string {
  if (back === wanted) return 'Taken back.';
  if (back === 0) return 'Not taken back: somebody else has decided about it since.';
  return `Taken back, but for ${wanted - back} about which somebody else has decided since.`;
}

/** Takes back what was done, unless somebody else has done something with it since. */
async function undo(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  requireDeed(req, 'comments.moderate');
  const body = bodyOf(req);
  const wanted = commentStatuses
    .flatMap((from) =>
      commentStatuses.flatMap((to) => textsOf(body, undoName(from, to)).map((id) => ({ id, from, to }))),
    )
    .slice(0, mostAtOnce);
  const back = await takeBack(deps, wanted);
  await answer(deps, req, res, {
    text: tellTakenBack(back.length, wanted.length),
    left: back.map((comment) => comment.id),
    undo: null,
  });
}

async function reply(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  const user = requireDeed(req, 'comments.moderate');
  const id = paramOf(req, 'id');
  const [before] = await findComments(deps.db, [id]);
  await replyToComment(deps, { commentId: id, userId: user.id, markdown: textOf(bodyOf(req), 'text') });
  const approved = before?.status === 'pending';
  await answer(deps, req, res, {
    text: approved ? 'Answered and approved.' : 'Answered.',
    left: approved ? [id] : [],
    undo: null,
  });
}

/** Changes the text of an answer of one's own. */
async function edit(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  const user = requireDeed(req, 'comments.moderate');
  const commentId = paramOf(req, 'id');
  await editOwnComment(deps, { commentId, userId: user.id, markdown: textOf(bodyOf(req), 'text') });
  await answer(deps, req, res, { text: 'Your answer was changed.', left: [], undo: null });
}

/** The moderation queue. Everything works as plain forms; scripts get the same as JSON. */
export function addCommentRoutes(router: Router, deps: AdminDeps): void {
  router.get(queuePath, (req, res) => showQueue(deps, req, res));
  router.post(`${queuePath}/bulk`, (req, res) =>
    decide(deps, req, res, [...new Set(textsOf(bodyOf(req), 'ids'))]),
  );
  router.post(`${queuePath}/undo`, (req, res) => undo(deps, req, res));
  router.post(`${queuePath}/:id/moderate`, (req, res) => decide(deps, req, res, [paramOf(req, 'id')]));
  router.post(`${queuePath}/:id/edit`, (req, res) => edit(deps, req, res));
  router.post(`${queuePath}/:id/reply`, (req, res) => reply(deps, req, res));
}
