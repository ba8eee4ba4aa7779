import type { FederationDatabase } from '../context.ts';
import type { HostRow } from '../tables.ts';

/** A server that speaks while it does not answer is sent something at once, so often at most. */
const heardEveryMs = 5 * 60_000;

const empty: Omit<HostRow, 'host'> = {
  software: null,
  scheme: null,
  last_success_at: null,
  last_error_at: null,
  last_error: null,
  failing_since: null,
  not_before: null,
  failures: 0,
  held_since: null,
  heard_at: null,
  back_from: null,
  hold: null,
  pace: null,
  software_at: null,
};

/** What is known of another server; null before the first delivery. */
export async function findHost(db: FederationDatabase, host: string): Promise<HostRow | null> {
  const row = await db
    .selectFrom('plugin_federation_hosts')
    .selectAll()
    .where('host', '=', host)
    .executeTakeFirst();
  return row ?? null;
}

/** Writes down what was learnt about a server; absent members stay as they are. */
export async function noteHost(
  db: FederationDatabase,
  host: string,
  change: Partial<Omit<HostRow, 'host'>>,
): Promise<void> {
  await db
    .insertInto('plugin_federation_hosts')
    .values({ host, ...empty, ...change })
    .onConflict((conflict) =>
      Object.keys(change).length === 0
        ? conflict.column('host').doNothing()
        : conflict.column('host').doUpdateSet(change),
    )
    .execute();
}

/** Sees to it that these servers are in the list of servers. */
export async function meetHosts(db: FederationDatabase, hosts: readonly string[]): Promise<void> {
  for (let start = 0; start < hosts.length; start += 500) {
    await db
      .insertInto('plugin_federation_hosts')
      .values(hosts.slice(start, start + 500).map((host) => ({ host, failures: 0 })) as HostRow[])
      .onConflict((conflict) => conflict.column('host').doNothing())
      .execute();
  }
}

/** Of some servers those that are sent nothing now, and until when; null for until somebody says so. */
export async function restingHosts(
  db: FederationDatabase,
  hosts: readonly string[],
  now: string,
): Promise<Map<string, string | null>> {
  const resting = new Map<string, string | null>();
  for (let start = 0; start < hosts.length; start += 500) {
    const rows = await db
      .selectFrom('plugin_federation_hosts')
      .select(['host', 'not_before', 'hold'])
      .where('host', 'in', hosts.slice(start, start + 500))
      .where((eb) => eb.or([eb('not_before', '>', now), eb('hold', 'is not', null)]))
      .execute();
    for (const { host, not_before, hold } of rows) resting.set(host, hold === null ? not_before : null);
  }
  return resting;
}

/**
 * Notes that servers which did not answer were heard from. One delivery shows whether they take anything. Gives those
 * that were failing, and since when.
 */
export async function noteHeard(
  db: FederationDatabase,
  hosts: readonly string[],
  now: Date,
): Promise<{ host: string; failingSince: string }[]> {
  if (hosts.length === 0) return [];
  const iso = now.toISOString();
  const before = new Date(now.getTime() - heardEveryMs).toISOString();
  const rows = await db
    .updateTable('plugin_federation_hosts')
    .set((eb) => ({
      back_from: eb.ref('failing_since'),
      failing_since: null,
      held_since: null,
      not_before: iso,
      failures: 1,
      heard_at: iso,
    }))
    .where('host', 'in', hosts)
    .where('failing_since', 'is not', null)
    .where((eb) => eb.or([eb('heard_at', 'is', null), eb('heard_at', '<', before)]))
    .returning(['host', 'back_from'])
    .execute();
  return rows.map(({ host, back_from }) => ({ host, failingSince: back_from ?? iso }));
}
