import { type JobOutcome, type Post, z } from 'outpost/plugin';
import { activityIdOf, actorIdOf, postIdOf } from '../addresses.ts';
import type { FederationContext, FederationTransaction } from '../context.ts';
import { tablesOf } from '../context.ts';
import { objectsOf } from '../delivery/object-store.ts';
import { sendActivity } from '../delivery/send-activity.ts';
import { buildArticle } from '../objects/load-article.ts';
import { findSharedPost } from '../objects/shared-post.ts';
import type { FederationTables } from '../tables.ts';
import { createOf } from '../vocabulary/activities.ts';
import type { Json } from '../vocabulary/context-out.ts';
import type { AddressedCommunity } from './addressed-communities.ts';
import { claimFound, communitiesOfPost } from './community-store.ts';
import { meetCommunities } from './meet-communities.ts';

/** A post as it goes to communities. */
type Sent = { post: Post; object: Json; communities: readonly AddressedCommunity[] };

/**
 * Tells communities of a post that have not heard of it: each takes a Create, an Update of what it never heard of means
 * nothing to most. Where the post itself goes out just now they get that one; else one of their own, which followers do
 * not get again.
 * @returns where it goes, for the Create that is under way
 */
export async function tellFresh(
  context: FederationContext,
  trx: FederationTransaction,
  { post, object, communities, isUnderWay }: Sent & { isUnderWay: boolean },
): Promise<string[]> {
  const fresh = communities.filter(({ state }) => state === 'found');
  if (fresh.length === 0) return [];
  const objectId = postIdOf(context.origin, post);
  const claimed = await claimFound(trx, post.id, {
    object_id: objectId,
    changed_at: context.now().toISOString(),
  });
  const inboxes = fresh.filter(({ id }) => claimed.has(id)).map(({ inbox }) => inbox);
  if (isUnderWay || inboxes.length === 0) return inboxes;
  const actor = actorIdOf(context.origin, post.authorId);
  const id = activityIdOf(context.origin, context.newId());
  await sendActivity(context, trx, {
    activity: { id, type: 'Create', body: createOf({ id, actor }, object) },
    userId: post.authorId,
    objectId,
    postId: post.id,
    to: { inboxes },
  });
  return [];
}

/** Orders that the communities that were not found in time are looked for again. */
export async function lookLater(context: FederationContext, postId: string): Promise<void> {
  const at = await nextLook(context, postId);
  if (at) await context.jobs.add(null, 'communities', { postId }, { uniqueKey: postId, runAt: at });
}

const payloadOf = z.object({ postId: z.string() });

/** Looks for communities that were not found, and tells those that are found of the post: a job that comes again for days. */
export async function tellLater(payload: unknown, context: FederationContext): Promise<JobOutcome> {
  const { postId } = payloadOf.parse(payload);
  await lookAgain(context, postId);
  const at = await nextLook(context, postId);
  return at ? { kind: 'again', at } : undefined;
}

/**
 * Looks at once for the communities of a post that were not found.
 * @param options `again`: also for those that were given up
 */
export async function lookAgain(
  context: FederationContext,
  postId: string,
  options: { again?: boolean } = {},
): Promise<void> {
  const post = await findSharedPost(context, postId);
  if (!post) return;
  const objectId = postIdOf(context.origin, post);
  const announced = await objectsOf(tablesOf(context), 'post', postId);
  if (!announced.some(({ id, state }) => id === objectId && state === 'live')) return;
  await meetCommunities(context, post, options);
  const { object, communities } = await buildArticle(context, post);
  await context.database.transaction<FederationTables, void>(async (trx) => {
    await tellFresh(context, trx, { post, object, communities, isUnderWay: false });
  });
}

const minuteMs = 60_000;
/** Minutes from one look to the next: about two days in all. */
const pauses = [1, 5, 20, 60, 240, 720, 1440];

/** When a post's communities are looked for again; null where nothing is to be done any more. */
async function nextLook(context: FederationContext, postId: string): Promise<Date | null> {
  const post = await findSharedPost(context, postId);
  if (!post) return null;
  const { communities: names } = await context.postFields(postId);
  const rows = await communitiesOfPost(tablesOf(context), postId);
  // Who took too long has no row yet, and one that was found late was not told.
  const open = names.flatMap((name) => {
    const row = rows.find((one) => one.name === name.trim());
    if (!row) return [0];
    return row.state === 'missing' || row.state === 'found' ? [row.attempts] : [];
  });
  if (open.length === 0) return null;
  const pause = pauses[Math.max(0, Math.min(...open) - 1)] ?? 1440;
  return new Date(context.now().getTime() + pause * minuteMs);
}
