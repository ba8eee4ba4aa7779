import { cleanDisplayName } from '../content/display-name.ts';
import { sanitiseCommentHtml, textOf } from '../content/sanitise.ts';
import { webAddress } from '../content/web-address.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../ids.ts';
import type { Post } from '../posts/post.ts';
import { findPost } from '../posts/post-store.ts';
import { siteSettings } from '../settings/site-settings.ts';
import type { Comment, CommentAuthor, CommentPoll, CustomEmoji, IncomingComment } from './comment.ts';
import {
  findComment,
  findReceivedComment,
  insertComment,
  moveComment,
  removeComments,
  saveComment,
} from './comment-store.ts';
import { decideReceivedComment } from './decide.ts';
import { choicesOf, cleanEmojis, cleanPoll, cleanWarning, writeParts } from './remote-parts.ts';

type ReceiveDeps = Pick<Deps, 'db' | 'clock' | 'hooks' | 'counters'>;

/** What became of a comment from elsewhere. */
export type Receipt =
  | { kind: 'stored'; comment: Comment }
  | { kind: 'known'; comment: Comment }
  | { kind: 'refused'; reason: 'no such post' | 'comments are closed' | 'nothing left to show' };

/** An author as it may be stored and shown. */
function cleanAuthor(author: CommentAuthor, fallback: string): CommentAuthor {
  const emojis = cleanEmojis(author.emojis);
  return {
    name: cleanDisplayName(author.name, author.handle ?? fallback),
    url: webAddress(author.url),
    handle: author.handle?.slice(0, 320) ?? null,
    avatarUrl: webAddress(author.avatarUrl),
    ...(emojis.length > 0 && { emojis }),
  };
}

/** A moment that can be true: not before the post, and not in the future. */
function plausible(createdAt: string | undefined, post: Post, now: Date): string {
  const time = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  const first = Date.parse(post.publishedAt ?? post.createdAt);
  if (Number.isNaN(time) || time > now.getTime() + 3_600_000 || time < first) return now.toISOString();
  return new Date(Math.min(time, now.getTime())).toISOString();
}

/** A comment taken in from elsewhere: sanitised, held unless a rule says otherwise, stored once. */
export async function receiveComment(deps: ReceiveDeps, input: IncomingComment): Promise<Receipt> {
  const known = await findReceivedComment(deps.db, input.source, input.externalId);
  if (known) return { kind: 'known', comment: known };
  const post = await findPost(deps.db, input.postId);
  if (post?.status !== 'published') return { kind: 'refused', reason: 'no such post' };
  const settings = await siteSettings(deps.db);
  if (!post.commentsOpen || !settings.commentsOpen) return { kind: 'refused', reason: 'comments are closed' };

  const html = sanitiseCommentHtml(input.html).toString();
  const text = textOf(html);
  const poll = cleanPoll(input.poll);
  if (text.trim() === '' && poll === null) return { kind: 'refused', reason: 'nothing left to show' };
  const first = decideReceivedComment({ links: html.split('<a ').length - 1 });
  const context = { postId: post.id, source: input.source, authorId: input.externalAuthorId, text };
  const decision = await deps.hooks.filters.apply('comment.decision', first, context);
  const now = deps.clock.now();
  const comment: Comment = {
    id: newId(),
    postId: post.id,
    parentId: input.parentId ?? null,
    status: decision.status,
    source: input.source,
    author: cleanAuthor(input.author, input.externalAuthorId),
    authorUserId: null,
    authorEmail: null,
    html,
    text,
    raw: input.html,
    externalId: input.externalId,
    externalUrl: input.externalUrl ?? null,
    externalAuthorId: input.externalAuthorId,
    language: input.language ?? null,
    warning: cleanWarning(input.warning),
    emojis: cleanEmojis(input.emojis),
    poll,
    ...(input.version && { version: input.version }),
    note: decision.note,
    statusBefore: null,
    createdAt: plausible(input.createdAt, post, now),
    updatedAt: now.toISOString(),
  };
  return inTransaction(deps.db, async (trx) => {
    if (comment.parentId !== null && (await findComment(trx, comment.parentId))?.postId !== post.id)
      comment.parentId = null;
    if (!(await insertComment(trx, comment))) {
      const first = await findReceivedComment(trx, input.source, input.externalId);
      return { kind: 'known', comment: first ?? comment };
    }
    await deps.hooks.actions.add(trx, 'comment.received', { commentId: comment.id });
    if (comment.status === 'approved') {
      await deps.counters.bump(trx, `post:${post.id}`);
      await deps.hooks.actions.add(trx, 'comment.approved', { commentId: comment.id });
    }
    return { kind: 'stored', comment };
  });
}

/** A comment whose original was changed by its author. An approved one whose text or links are others waits for the owner again; a version older than the one that is shown changes nothing. */
export async function changeReceivedComment(
  deps: ReceiveDeps,
  input: {
    source: string;
    externalId: string;
    externalAuthorId: string;
    html: string;
    author?: CommentAuthor | undefined;
    language?: string | null;
    warning?: string | null;
    emojis?: CustomEmoji[];
    poll?: CommentPoll | null;
    version?: string | null;
  },
): Promise<Comment | null> {
  const html = sanitiseCommentHtml(input.html).toString();
  const text = textOf(html);
  return inTransaction(deps.db, async (trx) => {
    const comment = await findReceivedComment(trx, input.source, input.externalId);
    if (!comment || comment.externalAuthorId !== input.externalAuthorId) return null;
    const version = input.version ?? null;
    if (version !== null && comment.version && version < comment.version) return comment;
    const warning = input.warning === undefined ? comment.warning : cleanWarning(input.warning);
    const poll = input.poll === undefined ? comment.poll : cleanPoll(input.poll);
    // Counts of votes change all the time; what is voted on is text like any other.
    const sameText =
      comment.text === text &&
      linksIn(comment.html) === linksIn(html) &&
      comment.warning === warning &&
      choicesOf(comment.poll) === choicesOf(poll);
    const wasPublic = comment.status === 'approved';
    const changed: Comment = {
      ...comment,
      html,
      text,
      raw: input.html,
      author: input.author ? cleanAuthor(input.author, input.externalAuthorId) : comment.author,
      status: wasPublic && !sameText ? 'pending' : comment.status,
      statusBefore: wasPublic && !sameText ? 'approved' : comment.statusBefore,
      note: wasPublic && !sameText ? 'Its author has changed it since it was approved.' : comment.note,
      language: input.language === undefined ? comment.language : input.language,
      warning,
      emojis: input.emojis === undefined ? comment.emojis : cleanEmojis(input.emojis),
      poll,
      ...(version !== null && { version }),
      updatedAt: deps.clock.iso(),
    };
    await saveComment(trx, changed);
    if (wasPublic) await deps.counters.bump(trx, `post:${comment.postId}`);
    if (wasPublic && changed.status !== 'approved')
      await deps.hooks.actions.add(trx, 'comment.hidden', { commentId: comment.id });
    return changed;
  });
}

/** Where the links of a sanitised text lead, in order. */
function linksIn(html: string): string {
  return [...html.matchAll(/ href="([^"]*)"/g)].map(([, href]) => href).join(' ');
}

/** A comment whose original was deleted by its author is gone here too. */
export async function removeReceivedComment(
  deps: ReceiveDeps,
  input: { source: string; externalId: string; externalAuthorId: string },
): Promise<boolean> {
  return inTransaction(deps.db, async (trx) => {
    const comment = await findReceivedComment(trx, input.source, input.externalId);
    if (!comment || comment.externalAuthorId !== input.externalAuthorId) return false;
    await removeComments(trx, [comment.id]);
    await deps.counters.bump(trx, `post:${comment.postId}`);
    await deps.hooks.actions.add(trx, 'comment.deleted', { commentId: comment.id });
    return true;
  });
}

/**
 * Puts a received comment below another one of its post, or below the post itself, because only now it is known what it
 * answers. It stays where it is rather than stand below itself. Gives false where what it shall stand below is not there.
 */
export async function placeReceivedComment(
  deps: ReceiveDeps,
  input: { source: string; externalId: string; postId: string; parentId: string | null },
): Promise<boolean> {
  const { source, externalId, postId, parentId } = input;
  return inTransaction(deps.db, async (trx) => {
    if (parentId !== null && (await findComment(trx, parentId))?.postId !== postId) return false;
    const comment = await findReceivedComment(trx, source, externalId);
    if (comment?.postId !== postId || comment.parentId === parentId) return true;
    const isMoved = await moveComment(trx, { id: comment.id, parentId });
    if (isMoved && comment.status === 'approved') await deps.counters.bump(trx, `post:${postId}`);
    return true;
  });
}

/** Everything that one person elsewhere has written here goes, because their account is gone. Gives how many. */
export async function removeReceivedCommentsOf(
  deps: ReceiveDeps,
  input: { source: string; externalAuthorId: string },
): Promise<number> {
  return inTransaction(deps.db, async (trx) => {
    const rows = await trx
      .selectFrom('comments')
      .select(['id', 'post_id'])
      .where('source', '=', input.source)
      .where('external_author_id', '=', input.externalAuthorId)
      .execute();
    await removeComments(
      trx,
      rows.map((row) => row.id),
    );
    await deps.counters.bump(trx, ...new Set(rows.map((row) => `post:${row.post_id}`)));
    for (const row of rows) await deps.hooks.actions.add(trx, 'comment.deleted', { commentId: row.id });
    return rows.length;
  });
}

/** Shows somebody's present name and picture on what they wrote here. */
export async function renameReceivedAuthor(
  deps: ReceiveDeps,
  input: { source: string; externalAuthorId: string; author: CommentAuthor },
): Promise<void> {
  const author = cleanAuthor(input.author, input.externalAuthorId);
  await inTransaction(deps.db, async (trx) => {
    const rows = await trx
      .updateTable('comments')
      .set({
        author_name: author.name,
        author_url: author.url,
        author_handle: author.handle,
        author_avatar_url: author.avatarUrl,
        author_emojis: writeParts(author.emojis),
      })
      .where('source', '=', input.source)
      .where('external_author_id', '=', input.externalAuthorId)
      .returning('post_id')
      .execute();
    await deps.counters.bump(trx, ...new Set(rows.map((row) => `post:${row.post_id}`)));
  });
}
