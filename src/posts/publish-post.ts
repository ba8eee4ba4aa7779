import type { Transaction } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { ConflictError, InvalidError, NotFoundError } from '../errors.ts';
import { carryAutosaves } from './autosave-store.ts';
import type { Post } from './post.ts';
import { findPost, removePost, savePost } from './post-store.ts';

type PublishDeps = Pick<Deps, 'db' | 'clock' | 'hooks' | 'counters' | 'jobs'>;
type Change = (trx: Transaction<Schema>, post: Post, now: string) => Promise<Post>;

/** Loads, changes and saves one post in a transaction. A change that gives back the same post writes nothing. */
async function change(deps: PublishDeps, id: string, work: Change): Promise<Post> {
  return inTransaction(deps.db, async (trx) => {
    const post = await findPost(trx, id);
    if (!post) throw new NotFoundError('post.not_found', `There is no post ${id}.`);
    const now = deps.clock.iso();
    const changed = await work(trx, post, now);
    if (changed === post) return post;
    const saved = { ...changed, version: post.version + 1, updatedAt: now };
    await savePost(trx, saved);
    if (post.status === 'published' || saved.status === 'published')
      await deps.counters.bump(trx, 'site', `post:${id}`);
    if (saved.status === 'published' && post.status !== 'published') {
      await deps.hooks.actions.add(trx, 'post.published', { postId: id });
    }
    if (post.status === 'published' && saved.status !== 'published') {
      await deps.hooks.actions.add(trx, 'post.unpublished', { postId: id });
    }
    return saved;
  });
}

function asPublished(post: Post, publishedAt: string): Post {
  return {
    ...post,
    status: 'published',
    publishedAt,
    scheduledAt: null,
    statusBeforeTrash: null,
    publication: post.publication + 1,
  };
}

/**
 * Refuses to make public what has neither a title nor a text.
 * @throws InvalidError `post.empty`
 */
export function requireWords(post: Pick<Post, 'title' | 'bodyMarkdown'>): void {
  if (post.title.trim() !== '' || post.bodyMarkdown.trim() !== '') return;
  throw new InvalidError(
    'post.empty',
    'Write a title or some text before publishing.',
    { bodyMarkdown: 'Write a title or some text.' },
    422,
  );
}

/**
 * Publishes a post. Publishing a published post changes nothing. What follows (feeds, other servers,
 * mail) follows from the action, run from the queue after the commit.
 * @throws NotFoundError `post.not_found`
 * @throws ConflictError `post.in_trash`
 * @throws InvalidError `post.empty`
 */
export function publishPost(deps: PublishDeps, id: string): Promise<Post> {
  return change(deps, id, async (_, post, now) => {
    if (post.status === 'published') return post;
    if (post.status === 'trash')
      throw new ConflictError('post.in_trash', 'The post is in the trash. Restore it first.');
    requireWords(post);
    return asPublished(post, now);
  });
}

/**
 * Has a post published at a moment, also when the server was down then: at the next start, with the planned date.
 * @throws InvalidError `post.schedule_past` when the moment is over, `post.schedule_far` after the year 9999
 */
export function schedulePost(deps: PublishDeps, id: string, at: Date): Promise<Post> {
  return change(deps, id, async (trx, post) => {
    if (at <= deps.clock.now()) {
      throw new InvalidError(
        'post.schedule_past',
        `${at.toISOString()} is over. Give a time in the future, or publish now.`,
        { scheduledAt: 'Give a time in the future.' },
        422,
      );
    }
    // Later years are written with a sign, and sort before all others.
    if (at.getUTCFullYear() > 9999) {
      throw new InvalidError(
        'post.schedule_far',
        'Give a time before the year 10000.',
        { scheduledAt: 'Give a time before the year 10000.' },
        422,
      );
    }
    if (post.status === 'published')
      throw new ConflictError('post.published', 'The post is already public. Unpublish it first.');
    if (post.status === 'trash')
      throw new ConflictError('post.in_trash', 'The post is in the trash. Restore it first.');
    await deps.jobs.add(trx, {
      kind: 'publish',
      payload: { postId: id },
      uniqueKey: `${id} ${at.toISOString()}`,
      runAt: at,
    });
    return { ...post, status: 'scheduled', scheduledAt: at.toISOString() };
  });
}

/** Publishes a scheduled post whose time has come; the plan may have changed since the job was made. */
export function publishScheduled(deps: PublishDeps, id: string): Promise<Post> {
  return change(deps, id, async (_, post, now) => {
    if (post.status !== 'scheduled' || post.scheduledAt === null || post.scheduledAt > now) return post;
    return asPublished(post, post.scheduledAt);
  });
}

/**
 * Shows a post to those alone who may change it. What was public is taken back.
 * @throws ConflictError `post.in_trash`
 * @throws InvalidError `post.empty`
 */
export function publishPrivately(deps: PublishDeps, id: string): Promise<Post> {
  return change(deps, id, async (_, post) => {
    if (post.status === 'private') return post;
    if (post.status === 'trash')
      throw new ConflictError('post.in_trash', 'The post is in the trash. Restore it first.');
    requireWords(post);
    return { ...post, status: 'private', scheduledAt: null };
  });
}

/**
 * Asks an editor to publish a draft.
 * @throws ConflictError `post.not_a_draft`
 * @throws InvalidError `post.empty`
 */
export function submitPost(deps: PublishDeps, id: string): Promise<Post> {
  return change(deps, id, async (_, post) => {
    if (post.status === 'review') return post;
    if (post.status !== 'draft')
      throw new ConflictError('post.not_a_draft', 'Only a draft can be submitted for review.');
    requireWords(post);
    return { ...post, status: 'review' };
  });
}

/** Takes a public, private or scheduled post, or one submitted for review, back to a draft. */
export function unpublishPost(deps: PublishDeps, id: string): Promise<Post> {
  return change(deps, id, async (_, post) => {
    if (post.status === 'draft') return post;
    if (post.status === 'trash')
      throw new ConflictError('post.in_trash', 'The post is in the trash. Restore it first.');
    return { ...post, status: 'draft', scheduledAt: null };
  });
}

/** Puts a post into the trash, from where it can be restored. */
export function trashPost(deps: PublishDeps, id: string): Promise<Post> {
  return change(deps, id, async (_, post) => {
    if (post.status === 'trash') return post;
    return { ...post, status: 'trash', statusBeforeTrash: post.status, scheduledAt: null };
  });
}

/** Takes a post out of the trash, as a draft: what was public is public again only when somebody publishes it. */
export function restorePost(deps: PublishDeps, id: string): Promise<Post> {
  return change(deps, id, async (trx, post) => {
    if (post.status !== 'trash') return post;
    await carryAutosaves(trx, post);
    return {
      ...post,
      status: post.statusBeforeTrash === 'review' ? 'review' : 'draft',
      statusBeforeTrash: null,
    };
  });
}

/**
 * Removes a post for good, with its comments. Only from the trash.
 * @throws ConflictError `post.not_in_trash`
 */
export async function deletePost(deps: PublishDeps, id: string): Promise<Post> {
  return inTransaction(deps.db, async (trx) => {
    const post = await findPost(trx, id);
    if (!post) throw new NotFoundError('post.not_found', `There is no post ${id}.`);
    if (post.status !== 'trash')
      throw new ConflictError('post.not_in_trash', 'Move the post to the trash before deleting it for good.');
    await removePost(trx, id);
    await deps.hooks.actions.add(trx, 'post.deleted', { postId: id });
    return post;
  });
}
