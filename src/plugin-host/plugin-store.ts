import { sql } from 'kysely';
import type { Database } from '../db/open.ts';

/** What the owner has decided about a plugin. */
export type PluginState = { id: string; enabled: boolean; error: string | null };

export async function pluginStates(db: Database): Promise<Map<string, PluginState>> {
  const rows = await db.selectFrom('plugins').selectAll().execute();
  return new Map(rows.map((row) => [row.id, { id: row.id, enabled: row.enabled === 1, error: row.error }]));
}

/** Switches a plugin on or off; `error` says why where it was not the owner who did. */
export async function putPluginState(db: Database, state: PluginState, now: string): Promise<void> {
  const row = { enabled: state.enabled ? 1 : 0, error: state.error, failures: 0, changed_at: now };
  await db
    .insertInto('plugins')
    .values({ id: state.id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Counts a failure; gives the count. */
export async function countFailure(db: Database, id: string): Promise<number> {
  const row = await db
    .updateTable('plugins')
    .set({ failures: sql<number>`failures + 1` })
    .where('id', '=', id)
    .returning('failures')
    .executeTakeFirst();
  return row?.failures ?? 0;
}

export async function removePluginState(db: Database, id: string): Promise<void> {
  await db.deleteFrom('plugins').where('id', '=', id).execute();
}
