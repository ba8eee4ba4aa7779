import type { Transaction } from 'kysely';
import { renderMarkdown } from '../content/markdown.ts';
import { sanitiseCommentHtml, textOf } from '../content/sanitise.ts';
import type { Schema } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { ForbiddenError, InvalidError, NotFoundError } from '../errors.ts';
import type { Comment, CommentStatus } from './comment.ts';
import { findComment, findComments, removeComments, saveComment } from './comment-store.ts';
import { addUserComment } from './submit-comment.ts';

type ModerateDeps = Pick<Deps, 'db' | 'clock' | 'hooks' | 'counters'>;

/** What a moderator can do with a comment. */
export type ModerationDeed = 'approve' | 'hold' | 'spam' | 'trash' | 'restore' | 'delete';

export const moderationDeeds: readonly ModerationDeed[] = [
  'approve',
  'hold',
  'spam',
  'trash',
  'restore',
  'delete',
];

/** The state of a comment after a deed. Restoring brings back what was before; from nowhere it is held. */
export function statusAfter(
  comment: Pick<Comment, 'status' | 'statusBefore'>,
  deed: Exclude<ModerationDeed, 'delete'>,
): CommentStatus {
  switch (deed) {
    case 'approve':
      return 'approved';
    case 'hold':
      return 'pending';
    case 'spam':
      return 'spam';
    case 'trash':
      return 'trash';
    case 'restore':
      return comment.statusBefore ?? 'pending';
  }
}

/** Puts a comment into a state, with the events and counters that go with it. */
export async function moveTo(
  deps: Pick<ModerateDeps, 'hooks' | 'counters'>,
  trx: Transaction<Schema>,
  comment: Comment,
  status: CommentStatus,
): Promise<Comment> {
  if (comment.status === status) return comment;
  const moved: Comment = { ...comment, status, statusBefore: comment.status };
  await saveComment(trx, moved);
  if (status === 'approved') await deps.hooks.actions.add(trx, 'comment.approved', { commentId: comment.id });
  if (comment.status === 'approved')
    await deps.hooks.actions.add(trx, 'comment.hidden', { commentId: comment.id });
  if (status === 'approved' || comment.status === 'approved')
    await deps.counters.bump(trx, `post:${comment.postId}`);
  return moved;
}

/** A comment to be brought back to a state, if it is still in the one that it was put into. */
export type TakenBack = { id: string; from: CommentStatus; to: CommentStatus };

/**
 * Brings comments back to the states they came from. One that somebody else has decided about since, or that is gone, is
 * left as it is.
 * @returns those that were brought back
 */
export async function takeBack(deps: ModerateDeps, wanted: readonly TakenBack[]): Promise<Comment[]> {
  return inTransaction(deps.db, async (trx) => {
    const ids = wanted.map((one) => one.id);
    const found = new Map((await findComments(trx, ids)).map((comment) => [comment.id, comment]));
    const back: Comment[] = [];
    for (const { id, from, to } of wanted) {
      const comment = found.get(id);
      if (comment?.status === from) back.push(await moveTo(deps, trx, comment, to));
    }
    return back;
  });
}

/**
 * Does the same with each of these comments, all or none. Deleting is for good.
 * @throws NotFoundError `comment.not_found` naming the first that is not there
 */
export async function moderateComments(
  deps: ModerateDeps,
  ids: readonly string[],
  deed: ModerationDeed,
): Promise<Comment[]> {
  return inTransaction(deps.db, async (trx) => {
    const found = new Map((await findComments(trx, ids)).map((comment) => [comment.id, comment]));
    const moderated: Comment[] = [];
    for (const id of new Set(ids)) {
      const comment = found.get(id);
      if (!comment) throw new NotFoundError('comment.not_found', `There is no comment ${id}.`);
      if (deed === 'delete') {
        if (comment.status === 'approved') await deps.counters.bump(trx, `post:${comment.postId}`);
        await deps.hooks.actions.add(trx, 'comment.deleted', { commentId: id });
        moderated.push(comment);
      } else {
        moderated.push(await moveTo(deps, trx, comment, statusAfter(comment, deed)));
      }
    }
    if (deed === 'delete') await removeComments(trx, [...found.keys()]);
    return moderated;
  });
}

/**
 * Answers a comment as a user of this site; answering one that waits approves it. Where the answer cannot be taken, the
 * comment stays as it was.
 * @throws NotFoundError, InvalidError, ForbiddenError
 */
export async function replyToComment(
  deps: ModerateDeps,
  input: { commentId: string; userId: string; markdown: string },
): Promise<Comment> {
  return inTransaction(deps.db, async (trx) => {
    const parent = await findComment(trx, input.commentId);
    if (!parent) throw new NotFoundError('comment.not_found', `There is no comment ${input.commentId}.`);
    if (parent.status === 'spam' || parent.status === 'trash') {
      throw new ForbiddenError(
        'comment.not_public',
        'The comment is in the spam or the trash. Restore it before answering.',
      );
    }
    await moveTo(deps, trx, parent, 'approved');
    const { postId, id: parentId } = parent;
    return addUserComment(deps, trx, { postId, parentId, userId: input.userId, markdown: input.markdown });
  });
}

/**
 * Changes the text of a comment that a user of this site wrote.
 * @throws NotFoundError where it is not theirs
 */
export async function editOwnComment(
  deps: ModerateDeps,
  input: { commentId: string; userId: string; markdown: string },
): Promise<Comment> {
  if (input.markdown.trim() === '')
    throw new InvalidError('comment.invalid', 'Write something.', { text: 'Write something.' }, 422);
  return inTransaction(deps.db, async (trx) => {
    const comment = await findComment(trx, input.commentId);
    if (!comment || comment.authorUserId !== input.userId)
      throw new NotFoundError('comment.not_found', `There is no comment ${input.commentId} of yours.`);
    const html = sanitiseCommentHtml(renderMarkdown(input.markdown).toString()).toString();
    const changed: Comment = {
      ...comment,
      html,
      text: textOf(html),
      raw: input.markdown,
      updatedAt: deps.clock.iso(),
    };
    await saveComment(trx, changed);
    if (changed.status === 'approved') {
      await deps.counters.bump(trx, `post:${changed.postId}`);
      await deps.hooks.actions.add(trx, 'comment.updated', { commentId: changed.id });
    }
    return changed;
  });
}
