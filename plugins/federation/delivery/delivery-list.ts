import type { FederationDatabase } from '../context.ts';
import type { DeliveryReason, DeliveryRow } from '../tables.ts';

export type DeliveryState = DeliveryRow['state'];

/** A delivery as lists show it. */
export type DeliveryEntry = {
  id: string;
  /** The activity's id. */
  activity: string;
  type: string;
  inbox: string;
  host: string;
  state: DeliveryState;
  attempts: number;
  /** Null where nothing follows. */
  nextAttemptAt: string | null;
  lastStatus: number | null;
  lastError: string | null;
  reason: DeliveryReason | null;
  postId: string | null;
  createdAt: string;
  deliveredAt: string | null;
};

/** How many deliveries are in which state. */
export type DeliveryCounts = Record<DeliveryState, number>;

export const deliveryStates: readonly DeliveryState[] = ['queued', 'delivered', 'failed', 'abandoned'];

type Filter = {
  state?: DeliveryState | undefined;
  postId?: string | undefined;
  userId?: string | undefined;
  host?: string | undefined;
};

/** Deliveries, newest first. `after` is a delivery's id. */
export async function listDeliveries(
  db: FederationDatabase,
  { limit, after, ...filter }: Filter & { limit: number; after?: string | undefined },
): Promise<DeliveryEntry[]> {
  let query = narrowed(db, filter)
    .innerJoin('plugin_federation_activities as a', 'a.id', 'd.activity_id')
    .select(['d.id', 'd.activity_id', 'a.type', 'd.inbox', 'd.host', 'd.state', 'd.attempts'])
    .select(['d.next_attempt_at', 'd.last_status', 'd.last_error', 'd.reason'])
    .select(['d.post_id', 'd.created_at', 'd.delivered_at'])
    .orderBy('d.seq', 'desc')
    .limit(limit);
  if (after !== undefined) {
    query = query.where('d.seq', '<', (eb) =>
      eb.selectFrom('plugin_federation_deliveries').select('seq').where('id', '=', after),
    );
  }
  return (await query.execute()).map((row) => ({
    id: row.id,
    activity: row.activity_id,
    type: row.type,
    inbox: row.inbox,
    host: row.host,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.state === 'queued' || row.state === 'failed' ? row.next_attempt_at : null,
    lastStatus: row.last_status,
    lastError: row.last_error,
    reason: row.reason,
    postId: row.post_id,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
  }));
}

/** Counts by state, and by state for each server, the ones with most trouble first. */
export async function summariseDeliveries(
  db: FederationDatabase,
  filter: Filter = {},
): Promise<{ states: DeliveryCounts; hosts: ({ host: string } & DeliveryCounts)[] }> {
  const rows = await narrowed(db, filter)
    .select((eb) => ['d.host', 'd.state', eb.fn.countAll<number>().as('count')])
    .groupBy(['d.host', 'd.state'])
    .execute();
  const states = noDeliveries();
  const hosts = new Map<string, DeliveryCounts>();
  for (const { host, state, count } of rows) {
    const ofHost = hosts.get(host) ?? noDeliveries();
    ofHost[state] += Number(count);
    states[state] += Number(count);
    hosts.set(host, ofHost);
  }
  const trouble = (counts: DeliveryCounts) => counts.abandoned * 4 + counts.failed * 2 + counts.queued;
  const list = [...hosts].map(([host, counts]) => ({ host, ...counts }));
  return { states, hosts: list.sort((a, b) => trouble(b) - trouble(a) || a.host.localeCompare(b.host)) };
}

/** Counts by state alone. */
export async function countDeliveries(db: FederationDatabase, filter: Filter): Promise<DeliveryCounts> {
  const rows = await narrowed(db, filter)
    .select((eb) => ['d.state', eb.fn.countAll<number>().as('count')])
    .groupBy('d.state')
    .execute();
  const counts = noDeliveries();
  for (const { state, count } of rows) counts[state] = Number(count);
  return counts;
}

/** Called off before they were sent: what they said was not true any more, or nobody there wants it. */
export const notNeeded: readonly DeliveryReason[] = ['outdated', 'blocked', 'unfollowed'];

/** Of those that were given up, how many were not needed any more. */
export async function countNotNeeded(db: FederationDatabase, filter: Filter): Promise<number> {
  const row = await narrowed(db, { ...filter, state: 'abandoned' })
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('d.reason', 'in', notNeeded)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** The servers for which most waits, and how much. */
export async function waitingByHost(
  db: FederationDatabase,
  { limit, ...filter }: Filter & { limit: number },
): Promise<{ host: string; count: number }[]> {
  const rows = await narrowed(db, filter)
    .select((eb) => ['d.host', eb.fn.countAll<number>().as('count')])
    .where('d.state', 'in', ['queued', 'failed'])
    .groupBy('d.host')
    .orderBy('count', 'desc')
    .orderBy('d.host')
    .limit(limit)
    .execute();
  return rows.map(({ host, count }) => ({ host, count: Number(count) }));
}

/** The posts that were sent to somebody, the latest first, with what became of it. */
export async function listSentPosts(
  db: FederationDatabase,
  { userId, limit }: { userId?: string | undefined; limit: number },
): Promise<({ postId: string; latest: number } & DeliveryCounts)[]> {
  let newest = db
    .selectFrom('plugin_federation_deliveries as d')
    .select((eb) => ['d.post_id', eb.fn.max('d.seq').as('latest')])
    .where('d.post_id', 'is not', null)
    .groupBy('d.post_id')
    .orderBy('latest', 'desc')
    .limit(limit);
  if (userId !== undefined) newest = newest.where('d.user_id', '=', userId);
  const posts = await newest.execute();
  return Promise.all(
    posts.map(async ({ post_id, latest }) => {
      const postId = post_id ?? '';
      return { postId, latest: Number(latest), ...(await countDeliveries(db, { postId })) };
    }),
  );
}

function narrowed(db: FederationDatabase, { state, postId, userId, host }: Filter) {
  let query = db.selectFrom('plugin_federation_deliveries as d');
  if (state !== undefined) query = query.where('d.state', '=', state);
  if (postId !== undefined) query = query.where('d.post_id', '=', postId);
  if (userId !== undefined) query = query.where('d.user_id', '=', userId);
  if (host !== undefined) query = query.where('d.host', '=', host);
  return query;
}

function noDeliveries(): DeliveryCounts {
  return { queued: 0, delivered: 0, failed: 0, abandoned: 0 };
}
