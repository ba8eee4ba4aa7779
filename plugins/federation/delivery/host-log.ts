import type { FederationDatabase } from '../context.ts';
import type { HostLogRow } from '../tables.ts';

/** So much is kept of each server. */
const mostEntries = 100;

/** Notes what happened with a server; only the latest is kept. */
export async function logHost(
  db: FederationDatabase,
  entry: Omit<HostLogRow, 'detail'> & { detail?: string | null },
): Promise<void> {
  await db
    .insertInto('plugin_federation_host_log')
    .values({ detail: null, ...entry })
    .execute();
  await db
    .deleteFrom('plugin_federation_host_log')
    .where('host', '=', entry.host)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('plugin_federation_host_log')
        .select('id')
        .where('host', '=', entry.host)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(100)
        .offset(mostEntries),
    )
    .execute();
}

/** What happened with a server, the latest first. */
export async function hostLog(db: FederationDatabase, host: string, limit: number): Promise<HostLogRow[]> {
  return db
    .selectFrom('plugin_federation_host_log')
    .selectAll()
    .where('host', '=', host)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
