import type { FederationDatabase } from '../context.ts';
import { summariseDeliveries } from './delivery-list.ts';

/** Another server as lists show it. */
export type PeerEntry = {
  host: string;
  /** Name and version, as it says itself; null before it was asked. */
  software: string | null;
  /** `new` before the first delivery, `ok`, `failing`, or `waiting` until `notBefore`. */
  health: 'new' | 'ok' | 'failing' | 'waiting';
  followers: number;
  /** Deliveries that wait for it. */
  queue: number;
  lastSuccessAt: string | null;
  lastErrorAt: string | null;
  lastError: string | null;
  failingSince: string | null;
  notBefore: string | null;
};

/** The servers that have followers here or were sent something, those with trouble first. @param now ISO 8601 */
export async function listPeers(
  db: FederationDatabase,
  { now, limit, after }: { now: string; limit: number; after?: string | undefined },
): Promise<PeerEntry[]> {
  const followers = await db
    .selectFrom('plugin_federation_followers')
    .select((eb) => ['host', eb.fn.countAll<number>().as('count')])
    .groupBy('host')
    .execute();
  const rows = await db.selectFrom('plugin_federation_hosts').selectAll().execute();
  const { hosts: deliveries } = await summariseDeliveries(db);
  const followersAt = new Map(followers.map(({ host, count }) => [host, Number(count)]));
  const waitingAt = new Map(deliveries.map(({ host, queued, failed }) => [host, queued + failed]));
  const known = new Map(rows.map((row) => [row.host, row]));
  const names = new Set([...followersAt.keys(), ...waitingAt.keys(), ...known.keys()]);
  const entries = [...names].map((host): PeerEntry => {
    const row = known.get(host);
    return {
      host,
      software: row?.software ?? null,
      health: healthOf(row, now),
      followers: followersAt.get(host) ?? 0,
      queue: waitingAt.get(host) ?? 0,
      lastSuccessAt: row?.last_success_at ?? null,
      lastErrorAt: row?.last_error_at ?? null,
      lastError: row?.last_error ?? null,
      failingSince: row?.failing_since ?? null,
      notBefore: row?.not_before ?? null,
    };
  });
  const rank = { failing: 0, waiting: 0, new: 1, ok: 1 };
  entries.sort(
    (a, b) => rank[a.health] - rank[b.health] || b.followers - a.followers || a.host.localeCompare(b.host),
  );
  const start = after === undefined ? 0 : entries.findIndex(({ host }) => host === after) + 1;
  return entries.slice(start, start + limit);
}

function healthOf(
  row:
    | { failing_since: string | null; not_before: string | null; last_success_at: string | null }
    | undefined,
  now: string,
): PeerEntry['health'] {
  if (row?.not_before && row.not_before > now) return 'waiting';
  if (row?.failing_since) return 'failing';
  return row?.last_success_at ? 'ok' : 'new';
}
