import type { Kysely } from 'kysely';
import type { FederationTables } from '../../plugins/federation/tables.ts';
import type { Database } from '../../src/db/open.ts';

/** Enters followers of an author, each with an inbox of their own, as if each had sent a Follow. */
export async function enterFollowers(
  db: Database,
  userId: string,
  inboxes: readonly string[],
): Promise<void> {
  const tables = db as unknown as Kysely<FederationTables>;
  const since = new Date().toISOString();
  const rows = inboxes.map((inbox) => ({
    user_id: userId,
    actor_id: inbox.replace(/\/inbox$/, ''),
    follow_id: null,
    state: 'accepted' as const,
    inbox,
    host: new URL(inbox).host,
    since,
  }));
  for (let start = 0; start < rows.length; start += 500) {
    await tables
      .insertInto('plugin_federation_followers')
      .values(rows.slice(start, start + 500))
      .execute();
  }
}
