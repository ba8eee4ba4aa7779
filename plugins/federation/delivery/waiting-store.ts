import { sql } from 'outpost/plugin';
import type { FederationDatabase } from '../context.ts';
import type { DeliveryRow } from '../tables.ts';
import type { Waiting } from './lane-order.ts';

/** One activity on its way to one inbox. */
export type Delivery = Pick<
  DeliveryRow,
  'id' | 'activity_id' | 'inbox' | 'host' | 'user_id' | 'attempts' | 'created_at' | 'type' | 'object_id'
> & {
  /** Whether another one about the same object waits for the same inbox. */
  has_later: number | boolean;
};

// As the index says it, so that the database uses it.
const isWaiting = (table: 'e' | 'l' | 'd') =>
  sql<boolean>`${sql.ref(`${table}.state`)} in ('queued', 'failed')`;

/** That nothing about the same object waits for the same inbox and was ordered before. */
const isFirst = sql<boolean>`not exists (select 1 from plugin_federation_deliveries e
  where e.object_id = d.object_id and e.inbox = d.inbox and e.seq < d.seq and ${isWaiting('e')})`;

/** What is due at one server, the oldest first; of what is about one object and goes to one inbox only the first. */
export async function dueDeliveries(
  db: FederationDatabase,
  { host, now, limit }: { host: string; now: string; limit: number },
): Promise<Delivery[]> {
  const hasLater = sql<number | boolean>`exists (select 1 from plugin_federation_deliveries l
    where l.object_id = d.object_id and l.inbox = d.inbox and l.seq > d.seq and ${isWaiting('l')})`;
  return db
    .selectFrom('plugin_federation_deliveries as d')
    .select(['d.id', 'd.activity_id', 'd.inbox', 'd.host', 'd.user_id', 'd.attempts', 'd.created_at'])
    .select(['d.type', 'd.object_id', hasLater.as('has_later')])
    .where('d.host', '=', host)
    .where('d.state', 'in', ['queued', 'failed'])
    .where('d.next_attempt_at', '<=', now)
    .where(isFirst)
    .orderBy('d.seq')
    .limit(limit)
    .execute();
}

/** When the next delivery to a server is due, or null. */
export async function nextDueAt(db: FederationDatabase, host: string): Promise<string | null> {
  const row = await db
    .selectFrom('plugin_federation_deliveries as d')
    .select((eb) => eb.fn.min('d.next_attempt_at').as('at'))
    .where('d.host', '=', host)
    .where('d.state', 'in', ['queued', 'failed'])
    .where(isFirst)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** Everything that waits for an inbox about an object, oldest first. */
export async function chainOf(
  db: FederationDatabase,
  { object_id, inbox }: Pick<Delivery, 'object_id' | 'inbox'>,
): Promise<(Waiting & Pick<Delivery, 'attempts' | 'created_at'>)[]> {
  const rows = await db
    .selectFrom('plugin_federation_deliveries as d')
    .select(['d.id', 'd.type', 'd.activity_id', 'd.maybe_there', 'd.attempts', 'd.created_at'])
    .where('d.object_id', '=', object_id)
    .where('d.inbox', '=', inbox)
    .where(isWaiting('d'))
    .orderBy('d.seq')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    type: row.type ?? '',
    activityId: row.activity_id,
    maybeThere: row.maybe_there === 1,
    attempts: row.attempts,
    created_at: row.created_at,
  }));
}

/** What waits is as it was left when its sending was cut short: any of it may have arrived. @param now ISO 8601 */
export async function noteCutShort(db: FederationDatabase, host: string, now: string): Promise<void> {
  await db
    .updateTable('plugin_federation_deliveries')
    .set({ maybe_there: 1 })
    .where('host', '=', host)
    .where('state', 'in', ['queued', 'failed'])
    .where('next_attempt_at', '<=', now)
    .execute();
}

/** Ends what is not sent any more, without an attempt. */
export async function endWithoutSending(
  db: FederationDatabase,
  ids: readonly string[],
  { reason, text, now }: { reason: 'outdated' | 'expired'; text: string; now: string },
): Promise<void> {
  for (let start = 0; start < ids.length; start += 500) {
    await db
      .updateTable('plugin_federation_deliveries')
      .set({ state: 'abandoned', reason, last_error: text, next_attempt_at: now })
      .where('id', 'in', ids.slice(start, start + 500))
      .where('state', 'in', ['queued', 'failed'])
      .execute();
  }
}

/** Looks at a delivery again later; it was not tried. */
export async function postponeDelivery(db: FederationDatabase, id: string, until: string): Promise<void> {
  await db
    .updateTable('plugin_federation_deliveries')
    .set({ next_attempt_at: until })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'failed'])
    .execute();
}

/** Gives up what has waited for too long at a server that was away. Gives how many those are. */
export async function expireDeliveries(
  db: FederationDatabase,
  { host, before, text, now }: { host: string; before: string; text: string; now: string },
): Promise<number> {
  const result = await db
    .updateTable('plugin_federation_deliveries')
    .set({ state: 'abandoned', reason: 'expired', last_error: text, next_attempt_at: now })
    .where('host', '=', host)
    .where('state', 'in', ['queued', 'failed'])
    .where('created_at', '<', before)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Has what waits for its next try at some servers tried as soon as they are sent something. */
export async function hurryDeliveries(
  db: FederationDatabase,
  hosts: readonly string[],
  now: string,
): Promise<string[]> {
  const rows = await db
    .updateTable('plugin_federation_deliveries')
    .set({ next_attempt_at: now })
    .where('host', 'in', hosts)
    .where('state', 'in', ['queued', 'failed'])
    .returning('host')
    .execute();
  return [...new Set(rows.map((row) => row.host))];
}

/** A removal waits for nothing: what stands before it at an inbox is looked at now, and mostly not needed any more. */
export async function hurryObject(db: FederationDatabase, objectId: string, now: string): Promise<void> {
  await db
    .updateTable('plugin_federation_deliveries as d')
    .set({ next_attempt_at: now })
    .where('d.object_id', '=', objectId)
    .where(isWaiting('d'))
    .where('d.next_attempt_at', '>', now)
    .execute();
}
