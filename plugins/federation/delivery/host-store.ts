import type { FederationDatabase } from '../context.ts';
import type { HostRow } from '../tables.ts';

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
  const empty: Omit<HostRow, 'host'> = {
    software: null,
    scheme: null,
    last_success_at: null,
    last_error_at: null,
    last_error: null,
    failing_since: null,
    not_before: null,
  };
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

/**
 * Servers that were failing and have just been heard from: what waits for them is due at once. Gives those for which
 * something waits.
 */
export async function reviveHosts(
  db: FederationDatabase,
  hosts: readonly string[],
  now: string,
): Promise<string[]> {
  if (hosts.length === 0) return [];
  const failing = await db
    .updateTable('plugin_federation_hosts')
    .set({ failing_since: null, not_before: null })
    .where('host', 'in', hosts)
    .where('failing_since', 'is not', null)
    .returning('host')
    .execute();
  if (failing.length === 0) return [];
  const waiting = await db
    .updateTable('plugin_federation_deliveries')
    .set({ next_attempt_at: now })
    .where(
      'host',
      'in',
      failing.map((row) => row.host),
    )
    .where('state', '=', 'failed')
    .returning('host')
    .execute();
  return [...new Set(waiting.map((row) => row.host))];
}
