import type { Transaction } from 'kysely';
import { z } from 'zod';
import { cleanLine } from '../content/clean-text.ts';
import { cleanDisplayName } from '../content/display-name.ts';
import { renderMarkdown } from '../content/markdown.ts';
import { sanitiseCommentHtml, textOf, textToHtml } from '../content/sanitise.ts';
import type { Database } from '../db/open.ts';
import type { Schema } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { ForbiddenError, InvalidError, NotFoundError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Post } from '../posts/post.ts';
import { findPost } from '../posts/post-store.ts';
import { siteSettings } from '../settings/site-settings.ts';
import type { User } from '../users/user.ts';
import { findUser } from '../users/user-store.ts';
import type { Comment, CommentStatus } from './comment.ts';
import { findComment, insertComment } from './comment-store.ts';
import { decideFormComment } from './decide.ts';
import { tellLater } from './tell-of-comments.ts';

type CommentDeps = Pick<Deps, 'db' | 'clock' | 'hooks' | 'counters'>;

const maxTextBytes = 64 * 1024;

/** What a reader's form holds, and what is known of how it was filled in. */
export type FormComment = {
  postId: string;
  parentId: string | null;
  name: string;
  email: string;
  url: string;
  text: string;
  honeypot: string;
  formAgeMs: number;
};

function checkForm(input: FormComment): void {
  const fields: Record<string, string> = {};
  if (input.name.trim() === '') fields.name = 'Say who you are; any name will do.';
  else if ([...input.name].length > 100) fields.name = 'The name may have up to 100 characters.';
  if (input.email.trim() !== '' && !z.email().max(254).safeParse(input.email.trim()).success) {
    fields.email = 'Give an e-mail address such as name@example.com, or leave it empty.';
  }
  if (input.url.trim() !== '' && webAddress(input.url) === null)
    fields.url = 'Give a web address that begins with https://, or leave it empty.';
  // What consists of signs that nobody sees is nothing.
  if (cleanLine(input.text) === '') fields.text = 'Write something.';
  else if (Buffer.byteLength(input.text) > maxTextBytes) fields.text = 'The comment may have up to 64 KiB.';
  if (Object.keys(fields).length > 0)
    throw new InvalidError('comment.invalid', Object.values(fields).join(' '), fields, 422);
}

function webAddress(text: string): string | null {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed) || trimmed.length > 2048) return null;
  const url = new URL(trimmed);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}

/** The post that may be answered, and the comment answered, which must be public and belong to it. */
async function openPost(db: Database, postId: string, parentId: string | null): Promise<Post> {
  const post = await findPost(db, postId);
  if (post?.status !== 'published') throw new NotFoundError('post.not_found', 'There is no such post.');
  const settings = await siteSettings(db);
  if (!post.commentsOpen || !settings.commentsOpen)
    throw new ForbiddenError('comments.closed', 'Comments are closed here.');
  if (parentId !== null) {
    const parent = await findComment(db, parentId);
    if (parent?.postId !== postId || parent.status !== 'approved') {
      throw new NotFoundError('comment.not_found', 'The comment you answer is not here any more.');
    }
  }
  return post;
}

/**
 * Takes a comment from the form for readers. It waits for the owner; who wrote it is what they say, unproved.
 * @throws InvalidError `comment.invalid` with the fields that are wrong
 * @throws NotFoundError where the post or the comment answered is not public
 * @throws ForbiddenError `comments.closed`
 */
export async function submitComment(
  deps: CommentDeps & Pick<Deps, 'jobs'>,
  input: FormComment,
): Promise<Comment> {
  await openPost(deps.db, input.postId, input.parentId);
  checkForm(input);
  const html = textToHtml(input.text).toString();
  const text = textOf(html);
  const links = html.split('<a ').length - 1;
  const first = decideFormComment({ honeypot: input.honeypot, formAgeMs: input.formAgeMs, links });
  const decision = await deps.hooks.filters.apply('comment.decision', first, {
    postId: input.postId,
    source: 'web',
    authorId: null,
    text,
  });
  // A typed name proves nothing, so no plugin can make the form's comments public by mistake.
  const status = decision.status === 'spam' ? 'spam' : 'pending';
  const now = deps.clock.iso();
  const comment: Comment = {
    id: newId(),
    postId: input.postId,
    parentId: input.parentId,
    status,
    source: 'web',
    author: {
      name: cleanDisplayName(input.name, 'Anonymous'),
      url: webAddress(input.url),
      handle: null,
      avatarUrl: null,
    },
    authorUserId: null,
    authorEmail: input.email.trim() || null,
    html,
    text,
    raw: input.text,
    externalId: null,
    externalUrl: null,
    externalAuthorId: null,
    language: null,
    warning: null,
    emojis: [],
    poll: null,
    note: decision.note,
    statusBefore: null,
    createdAt: now,
    updatedAt: now,
  };
  await inTransaction(deps.db, async (trx) => {
    // The post may have been taken back while plugins were asked.
    await openPost(trx, input.postId, input.parentId);
    await insertComment(trx, comment);
    await deps.hooks.actions.add(trx, 'comment.received', { commentId: comment.id });
    if (status === 'pending') await deps.jobs.add(trx, tellLater(deps.clock.now()));
  });
  return comment;
}

function userComment(
  user: User,
  input: { postId: string; parentId: string | null; markdown: string; now: string; status: CommentStatus },
): Comment {
  const html = sanitiseCommentHtml(renderMarkdown(input.markdown).toString()).toString();
  return {
    id: newId(),
    postId: input.postId,
    parentId: input.parentId,
    status: input.status,
    source: 'web',
    author: { name: user.name, url: null, handle: null, avatarUrl: null },
    authorUserId: user.id,
    authorEmail: null,
    html,
    text: textOf(html),
    raw: input.markdown,
    externalId: null,
    externalUrl: null,
    externalAuthorId: null,
    language: null,
    warning: null,
    emojis: [],
    poll: null,
    note: null,
    statusBefore: null,
    createdAt: input.now,
    updatedAt: input.now,
  };
}

function checkText(markdown: string): void {
  if (markdown.trim() === '')
    throw new InvalidError('comment.invalid', 'Write something.', { text: 'Write something.' }, 422);
  if (Buffer.byteLength(markdown) > maxTextBytes) {
    throw new InvalidError(
      'comment.invalid',
      'The comment may have up to 64 KiB.',
      { text: 'The comment may have up to 64 KiB.' },
      422,
    );
  }
}

/** What a user of this site says below a post. `markdown` is their text. */
export type UserComment = { postId: string; parentId?: string | null; userId: string; markdown: string };

/**
 * Adds a comment by somebody who is signed in, in the caller's transaction.
 * @throws InvalidError `comment.invalid`, NotFoundError, ForbiddenError `comments.closed`
 */
export async function addUserComment(
  deps: CommentDeps,
  trx: Transaction<Schema>,
  input: UserComment,
): Promise<Comment> {
  checkText(input.markdown);
  const post = await openPost(trx, input.postId, input.parentId ?? null);
  const user = await findUser(trx, input.userId);
  if (!user || user.disabled) throw new NotFoundError('user.not_found', `There is no user ${input.userId}.`);
  const trusted = user.role === 'admin' || user.role === 'editor' || post.authorId === user.id;
  const comment = userComment(user, {
    postId: post.id,
    parentId: input.parentId ?? null,
    markdown: input.markdown,
    now: deps.clock.iso(),
    status: trusted ? 'approved' : 'pending',
  });
  await insertComment(trx, comment);
  await deps.hooks.actions.add(trx, 'comment.received', { commentId: comment.id });
  if (comment.status !== 'approved') return comment;
  await deps.counters.bump(trx, `post:${post.id}`);
  await deps.hooks.actions.add(trx, 'comment.approved', { commentId: comment.id });
  return comment;
}

/**
 * A comment by somebody who is signed in: public at once for those who may moderate or whose post it is, held for others.
 * @throws InvalidError `comment.invalid`, NotFoundError, ForbiddenError `comments.closed`
 */
export function commentAsUser(deps: CommentDeps, input: UserComment): Promise<Comment> {
  return inTransaction(deps.db, (trx) => addUserComment(deps, trx, input));
}
