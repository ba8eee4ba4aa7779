import { isOurs } from '../addresses.ts';
import { type FederationContext, type FederationTransaction, tablesOf } from '../context.ts';
import { levelFor } from '../moderation/block.ts';
import { findBlocks } from '../moderation/block-store.ts';
import { deliverToFollowers, deliverToInboxes, hostsOf, insertActivity } from './delivery-store.ts';
import { meetHosts, restingHosts } from './host-store.ts';
import { hurryObject } from './waiting-store.ts';

/** An activity of ours as it is sent. */
export type OutgoingActivity = { id: string; type: string; body: Readonly<Record<string, unknown>> };

/** To whom it goes: the followers of an author, some inboxes, or both. Each inbox gets it once. */
export type Audience = { followersOf?: string; inboxes?: readonly string[] };

/**
 * Keeps an activity and orders its delivery, all in the transaction of the change that it speaks of: either both
 * happened or neither. Gives the number of servers that it goes to.
 * @param order.userId who signs it; `site` for the site itself
 * @param order.objectId what it is about
 */
export async function sendActivity(
  context: FederationContext,
  trx: FederationTransaction,
  order: {
    activity: OutgoingActivity;
    userId: string;
    objectId: string;
    postId?: string | null;
    to: Audience;
  },
): Promise<number> {
  const { activity, userId, to } = order;
  const postId = order.postId ?? null;
  const now = context.now().toISOString();
  await insertActivity(trx, {
    id: activity.id,
    type: activity.type,
    object_id: order.objectId,
    user_id: userId,
    post_id: postId,
    body: JSON.stringify(activity.body),
    created_at: now,
  });
  const { type } = activity;
  const common = { activityId: activity.id, type, objectId: order.objectId, userId, postId, now };
  if (type === 'Delete') await hurryObject(trx, order.objectId, now);
  if (to.followersOf !== undefined) {
    const { dialect } = context.database;
    await deliverToFollowers(trx, { ...common, followersOf: to.followersOf, dialect });
  }
  const inboxes = await allowedInboxes(context, trx, to.inboxes ?? []);
  if (inboxes.length > 0) await deliverToInboxes(trx, { ...common, inboxes });
  const hosts = await hostsOf(trx, activity.id);
  await meetHosts(trx, hosts);
  await openLanes(context, trx, hosts);
  return hosts.length;
}

/** A lane ends when its server has everything; it is not given up before. */
const laneTries = 10_000;

/** Sees to it that what is due at these servers is delivered, as soon as they may be sent something. */
export async function openLanes(
  context: FederationContext,
  trx: FederationTransaction | null,
  hosts: readonly string[],
): Promise<void> {
  if (hosts.length === 0) return;
  const now = context.now().toISOString();
  const resting = await restingHosts(trx ?? tablesOf(context), hosts, now);
  const lanes = hosts.flatMap((host) => {
    const until = resting.get(host);
    if (until === null) return [];
    const runAt = until === undefined ? {} : { runAt: new Date(until) };
    return { payload: { host }, uniqueKey: host, maxAttempts: laneTries, ...runAt };
  });
  await context.jobs.addAll(trx, 'deliver', lanes);
}

async function allowedInboxes(
  context: FederationContext,
  trx: FederationTransaction,
  inboxes: readonly string[],
): Promise<{ id: string; inbox: string; host: string }[]> {
  const allowed = [];
  for (const inbox of new Set(inboxes)) {
    const host = URL.parse(inbox)?.host;
    if (host === undefined || isOurs(context.origin, inbox)) continue;
    if (levelFor(await findBlocks(trx, { host, actorId: null })) === 'block') continue;
    allowed.push({ id: context.newId(), inbox, host });
  }
  return allowed;
}
