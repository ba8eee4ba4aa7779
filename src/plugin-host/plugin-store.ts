import type { Database } from '../db/open.ts';

/** What the owner has decided about a plugin. */
export type PluginState = { id: string; enabled: boolean; error: string | null };

export async function pluginStates(db: Database): Promise<Map<string, PluginState>> {
  const rows = await db.selectFrom('plugins').selectAll().execute();
  return new Map(rows.map((row) => [row.id, { id: row.id, enabled: row.enabled === 1, error: row.error }]));
}

/** Switches a plugin on or off; `error` says why where it was not the owner who did. */
export async function putPluginState(db: Database, state: PluginState, now: string): Promise<void> {
  const row = { enabled: state.enabled ? 1 : 0, error: state.error, changed_at: now };
  await db
    .insertInto('plugins')
    .values({ id: state.id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}
