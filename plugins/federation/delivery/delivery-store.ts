import { sql } from 'outpost/plugin';
import type { FederationDatabase } from '../context.ts';
import type { ActivityRow } from '../tables.ts';
import type { Settled } from './settle.ts';

/** What all deliveries of an activity have in common. */
export type Order = {
  activityId: string;
  type: string;
  objectId: string;
  userId: string;
  postId: string | null;
  now: string;
};

/** Keeps an activity of ours; its body is what is sent and what its id serves. */
export async function insertActivity(db: FederationDatabase, activity: ActivityRow): Promise<void> {
  await db.insertInto('plugin_federation_activities').values(activity).execute();
}

/**
 * Orders an activity to be delivered to every inbox at which somebody follows the author, each inbox once: one
 * statement, however many there are.
 */
export async function deliverToFollowers(
  db: FederationDatabase,
  order: Order & { followersOf: string; dialect: 'sqlite' | 'postgres' },
): Promise<void> {
  const id = order.dialect === 'postgres' ? sql`gen_random_uuid()::text` : sql`lower(hex(randomblob(16)))`;
  await sql`
    insert into plugin_federation_deliveries
      (id, activity_id, inbox, host, user_id, post_id, object_id, type, state, attempts, next_attempt_at,
      created_at, maybe_there)
    select ${id}, ${order.activityId}, audience.inbox, audience.host, ${order.userId}, ${order.postId},
      ${order.objectId}, ${order.type}, 'queued', 0, ${order.now}, ${order.now}, 0
    from (select distinct inbox, host from plugin_federation_followers
      where user_id = ${order.followersOf} and state = 'accepted') as audience
    where true
    on conflict (activity_id, inbox) do nothing`.execute(db);
}

/** Orders an activity to be delivered to some inboxes more. */
export async function deliverToInboxes(
  db: FederationDatabase,
  order: Order & { inboxes: readonly { id: string; inbox: string; host: string }[] },
): Promise<void> {
  for (let start = 0; start < order.inboxes.length; start += 200) {
    const rows = order.inboxes.slice(start, start + 200).map(({ id, inbox, host }) => ({
      id,
      activity_id: order.activityId,
      inbox,
      host,
      user_id: order.userId,
      post_id: order.postId,
      object_id: order.objectId,
      type: order.type,
      state: 'queued' as const,
      attempts: 0,
      maybe_there: 0,
      next_attempt_at: order.now,
      created_at: order.now,
    }));
    await db
      .insertInto('plugin_federation_deliveries')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['activity_id', 'inbox']).doNothing())
      .execute();
  }
}

/** The servers to which an activity goes. */
export async function hostsOf(db: FederationDatabase, activityId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('plugin_federation_deliveries')
    .select('host')
    .distinct()
    .where('activity_id', '=', activityId)
    .execute();
  return rows.map((row) => row.host);
}

/** An activity of ours as it was first said. */
export async function findActivity(db: FederationDatabase, id: string): Promise<ActivityRow | null> {
  const row = await db
    .selectFrom('plugin_federation_activities')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** Marks deliveries that arrived, many in one statement. */
export async function markDelivered(
  db: FederationDatabase,
  { ids, status, now }: { ids: readonly string[]; status: number; now: string },
): Promise<void> {
  for (let start = 0; start < ids.length; start += 500) {
    await db
      .updateTable('plugin_federation_deliveries')
      .set((eb) => ({
        state: 'delivered' as const,
        attempts: eb('attempts', '+', 1),
        last_status: status,
        last_error: null,
        reason: null,
        delivered_at: now,
      }))
      .where('id', 'in', ids.slice(start, start + 500))
      .execute();
  }
}

/**
 * Marks a delivery that did not arrive. One that was called off meanwhile stays so. For one that was given up,
 * `next_attempt_at` is when that was.
 * @param now ISO 8601
 */
export async function markFailed(
  db: FederationDatabase,
  id: string,
  settled: Settled,
  now: string,
): Promise<void> {
  await db
    .updateTable('plugin_federation_deliveries')
    .set((eb) => ({
      state: settled.state,
      attempts: eb('attempts', '+', 1),
      last_status: settled.status,
      last_error: settled.error,
      reason: settled.reason,
      ...(settled.maybeThere && { maybe_there: 1 }),
      next_attempt_at: settled.nextAttemptAt ?? now,
    }))
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'failed'])
    .execute();
}

/** Notes that a delivery may have arrived although nobody said so. */
export async function markMaybeThere(db: FederationDatabase, id: string): Promise<void> {
  await db.updateTable('plugin_federation_deliveries').set({ maybe_there: 1 }).where('id', '=', id).execute();
}

const calledOff = ['outdated', 'blocked', 'unfollowed'] as const;

/** Which deliveries are meant. */
export type DeliveryFilter = { host?: string; postId?: string; id?: string };

/**
 * Makes deliveries that failed or were given up due at once. Gives the servers concerned and how many deliveries.
 */
export async function reviveDeliveries(
  db: FederationDatabase,
  filter: DeliveryFilter,
  now: string,
): Promise<{ count: number; hosts: string[] }> {
  let query = db
    .updateTable('plugin_federation_deliveries')
    .set({ state: 'queued', next_attempt_at: now, attempts: 0, created_at: now })
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['failed', 'abandoned']),
        eb.and([eb('state', '=', 'queued'), eb('host', 'in', restingNames(db, now))]),
      ]),
    )
    // What was called off or says nothing true any more stays where it is.
    .where((eb) => eb.or([eb('reason', 'is', null), eb('reason', 'not in', calledOff)]));
  if (filter.host !== undefined) query = query.where('host', '=', filter.host);
  if (filter.postId !== undefined) query = query.where('post_id', '=', filter.postId);
  if (filter.id !== undefined) query = query.where('id', '=', filter.id);
  const rows = await query.returning('host').execute();
  return { count: rows.length, hosts: [...new Set(rows.map((row) => row.host))] };
}

function restingNames(db: FederationDatabase, now: string) {
  return db
    .selectFrom('plugin_federation_hosts')
    .select('host')
    .where((eb) => eb.or([eb('not_before', '>', now), eb('hold', 'is not', null)]));
}

/** Calls off what waits for a server or its subdomains. */
export async function callOffDeliveries(
  db: FederationDatabase,
  { host, reason }: { host: string; reason: string },
): Promise<void> {
  await db
    .updateTable('plugin_federation_deliveries')
    .set({ state: 'abandoned', last_error: reason, reason: 'blocked' })
    .where('state', 'in', ['queued', 'failed'])
    .where((eb) =>
      eb.or([eb('host', '=', host), eb('host', 'like', `%.${host}`), eb('host', 'like', `${host}:%`)]),
    )
    .execute();
}

/** Calls off what waits for inboxes at which nobody follows any more, of what went to followers. */
export async function callOffInbox(db: FederationDatabase, inbox: string, reason: string): Promise<void> {
  await db
    .updateTable('plugin_federation_deliveries')
    .set({ state: 'abandoned', last_error: reason, reason: 'unfollowed' })
    .where('inbox', '=', inbox)
    .where('state', 'in', ['queued', 'failed'])
    .execute();
}
