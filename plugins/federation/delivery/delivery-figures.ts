import { sql } from 'outpost/plugin';
import type { FederationContext, FederationDatabase } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { HealthWord } from './host-health.ts';
import { countPeers } from './peer-list.ts';

/** What whoever watches over a site wants to know of its deliveries. */
export type DeliveryFigures = {
  /** Not tried yet, and tried in vain. */
  waiting: { queued: number; failed: number };
  /** When the oldest that waits was ordered; null where nothing does. */
  oldestOrderedAt: string | null;
  /** When the first should have been sent of those that wait for nothing but us; null where there is none. */
  lateSince: string | null;
  servers: Record<HealthWord | 'total', number>;
};

const isWaiting = sql<boolean>`d.state in ('queued', 'failed')`;

/** Looks at what waits, and at the servers; what was delivered is not counted, so that it is quick. */
export async function deliveryFigures(context: FederationContext): Promise<DeliveryFigures> {
  const db = tablesOf(context);
  const now = context.now().toISOString();
  const rows = await db
    .selectFrom('plugin_federation_deliveries as d')
    .select((eb) => ['d.state', eb.fn.countAll<number>().as('count'), eb.fn.min('d.created_at').as('oldest')])
    .where(isWaiting)
    .groupBy('d.state')
    .execute();
  const of = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0);
  const oldest = rows.map((row) => row.oldest).sort();
  return {
    waiting: { queued: of('queued'), failed: of('failed') },
    oldestOrderedAt: oldest[0] ?? null,
    lateSince: await firstLate(db, now),
    servers: await countPeers(db, now),
  };
}

async function firstLate(db: FederationDatabase, now: string): Promise<string | null> {
  const row = await db
    .selectFrom('plugin_federation_deliveries as d')
    .innerJoin('plugin_federation_hosts as h', 'h.host', 'd.host')
    .select((eb) => eb.fn.min('d.next_attempt_at').as('at'))
    .where(isWaiting)
    .where('h.hold', 'is', null)
    .where((eb) => eb.or([eb('h.not_before', 'is', null), eb('h.not_before', '<', now)]))
    .executeTakeFirst();
  return row?.at && row.at < now ? row.at : null;
}
