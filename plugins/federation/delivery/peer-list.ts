import { sql } from 'outpost/plugin';
import type { FederationDatabase } from '../context.ts';
import type { HostRow } from '../tables.ts';
import { type HealthWord, healthWord, healthWords } from './host-health.ts';

/** Another server as lists show it. */
export type PeerEntry = {
  host: string;
  /** Name and version, as it says itself; null before it was asked. */
  software: string | null;
  /**
   * `new` before the first delivery, `ok`, `failing` while attempts fail, `held` when they have for some time and its mail
   * waits, `limited` while it wants to be left alone, `stopped` by somebody here.
   */
  health: HealthWord;
  followers: number;
  /** Of these, those that are sent nothing because their inbox is gone or their server silent. */
  suspended: number;
  /** Deliveries that wait for it. */
  queue: number;
  lastSuccessAt: string | null;
  lastErrorAt: string | null;
  lastError: string | null;
  failingSince: string | null;
  heldSince: string | null;
  /** Nothing is sent before. */
  notBefore: string | null;
};

/** Which servers are asked for. */
export type PeerFilter = {
  /** Part of the name. */
  name?: string | undefined;
  health?: HealthWord | undefined;
};

type Page = { now: string; limit: number; after?: string | undefined };

/**
 * The servers that this site has to do with: those with trouble first, then by name. One page of them is read, however
 * many there are. `after` is a host.
 * @param page.now ISO 8601
 */
export async function listPeers(
  db: FederationDatabase,
  { now, limit, after, ...filter }: Page & PeerFilter,
): Promise<PeerEntry[]> {
  let query = narrowed(db, filter, now).selectAll().orderBy(rank).orderBy('host').limit(limit);
  if (after !== undefined) {
    const last = await db
      .selectFrom('plugin_federation_hosts')
      .select(rank.as('rank'))
      .where('host', '=', after)
      .executeTakeFirst();
    if (!last) return [];
    query = query.where((eb) =>
      eb.or([eb(rank, '>', last.rank), eb.and([eb(rank, '=', last.rank), eb('host', '>', after)])]),
    );
  }
  return withCounts(db, await query.execute(), now);
}

/** One server, or null where this site has nothing to do with it. @param now ISO 8601 */
export async function findPeer(db: FederationDatabase, host: string, now: string): Promise<PeerEntry | null> {
  const rows = await db.selectFrom('plugin_federation_hosts').selectAll().where('host', '=', host).execute();
  return (await withCounts(db, rows, now))[0] ?? null;
}

/** How some servers do, by name. @param now ISO 8601 */
export async function healthOfHosts(
  db: FederationDatabase,
  hosts: readonly string[],
  now: string,
): Promise<Map<string, { health: HealthWord; notBefore: string | null }>> {
  const found = new Map<string, { health: HealthWord; notBefore: string | null }>();
  for (let start = 0; start < hosts.length; start += 500) {
    const rows = await db
      .selectFrom('plugin_federation_hosts')
      .select(['host', 'hold', 'held_since', 'failing_since', 'not_before', 'last_success_at'])
      .where('host', 'in', hosts.slice(start, start + 500))
      .execute();
    for (const row of rows) found.set(row.host, { health: healthWord(row, now), notBefore: row.not_before });
  }
  return found;
}

/** How many servers there are, and how many of them do how. @param now ISO 8601 */
export async function countPeers(
  db: FederationDatabase,
  now: string,
): Promise<Record<HealthWord | 'total', number>> {
  const counts = { total: 0, new: 0, ok: 0, failing: 0, held: 0, limited: 0, stopped: 0 };
  const row = await db
    .selectFrom('plugin_federation_hosts')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .select(
      healthWords.map((word) =>
        sql<number | null>`sum(case when ${isWord(word, now)} then 1 else 0 end)`.as(word),
      ),
    )
    .executeTakeFirst();
  for (const word of ['total', ...healthWords] as const) counts[word] = Number(row?.[word] ?? 0);
  return counts;
}

/** Those whom somebody should look at first. */
const rank = sql<number>`case when held_since is not null then 0 when hold is not null then 1
  when failing_since is not null then 2 else 3 end`;

/** The words of `healthWord`, as the database tells them apart. */
function isWord(word: HealthWord, now: string) {
  const conditions: Record<HealthWord, ReturnType<typeof sql<boolean>>> = {
    stopped: sql`hold is not null`,
    held: sql`hold is null and held_since is not null`,
    failing: sql`hold is null and held_since is null and failing_since is not null`,
    limited: sql`hold is null and held_since is null and failing_since is null and not_before > ${now}`,
    new: sql`hold is null and held_since is null and failing_since is null
      and (not_before is null or not_before <= ${now}) and last_success_at is null`,
    ok: sql`hold is null and held_since is null and failing_since is null
      and (not_before is null or not_before <= ${now}) and last_success_at is not null`,
  };
  return conditions[word];
}

function narrowed(db: FederationDatabase, { name, health }: PeerFilter, now: string) {
  let query = db.selectFrom('plugin_federation_hosts');
  if (health !== undefined) query = query.where(isWord(health, now));
  if (name !== undefined && name !== '') {
    const pattern = `%${name.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where(sql<boolean>`host like ${pattern} escape '\\'`);
  }
  return query;
}

async function withCounts(
  db: FederationDatabase,
  rows: readonly HostRow[],
  now: string,
): Promise<PeerEntry[]> {
  const followers = new Map<string, { all: number; suspended: number }>();
  const queues = new Map<string, number>();
  for (let start = 0; start < rows.length; start += 500) {
    const hosts = rows.slice(start, start + 500).map((row) => row.host);
    await countFollowersAt(db, hosts, followers);
    await countWaitingAt(db, hosts, queues);
  }
  return rows.map((row) => ({
    host: row.host,
    software: row.software,
    health: healthWord(row, now),
    followers: followers.get(row.host)?.all ?? 0,
    suspended: followers.get(row.host)?.suspended ?? 0,
    queue: queues.get(row.host) ?? 0,
    lastSuccessAt: row.last_success_at,
    lastErrorAt: row.last_error_at,
    lastError: row.last_error,
    failingSince: row.failing_since,
    heldSince: row.held_since,
    notBefore: row.not_before,
  }));
}

async function countFollowersAt(
  db: FederationDatabase,
  hosts: readonly string[],
  counts: Map<string, { all: number; suspended: number }>,
): Promise<void> {
  const rows = await db
    .selectFrom('plugin_federation_followers')
    .select((eb) => ['host', 'state', eb.fn.countAll<number>().as('count')])
    .where('host', 'in', hosts)
    .groupBy(['host', 'state'])
    .execute();
  for (const { host, state, count } of rows) {
    const known = counts.get(host) ?? { all: 0, suspended: 0 };
    known.all += Number(count);
    if (state === 'suspended') known.suspended += Number(count);
    counts.set(host, known);
  }
}

async function countWaitingAt(
  db: FederationDatabase,
  hosts: readonly string[],
  counts: Map<string, number>,
): Promise<void> {
  const rows = await db
    .selectFrom('plugin_federation_deliveries')
    .select((eb) => ['host', eb.fn.countAll<number>().as('count')])
    .where('host', 'in', hosts)
    .where('state', 'in', ['queued', 'failed'])
    .groupBy('host')
    .execute();
  for (const { host, count } of rows) counts.set(host, Number(count));
}
