import { type FederationContext, tablesOf } from '../context.ts';

/** Remembers that nobody was found under a handle, for the writer to see; or that somebody was after all. */
export async function noteHandle(
  context: FederationContext,
  { handle, reason }: { handle: string; reason: string | null },
): Promise<void> {
  const db = tablesOf(context);
  const key = handle.toLowerCase();
  if (reason === null) {
    await db.deleteFrom('plugin_federation_unknown_handles').where('handle', '=', key).execute();
    return;
  }
  const found = { reason: reason.slice(0, 500), at: context.now().toISOString() };
  await db
    .insertInto('plugin_federation_unknown_handles')
    .values({ handle: key, ...found })
    .onConflict((conflict) => conflict.column('handle').doUpdateSet(found))
    .execute();
}

/** Those of some handles under which nobody was found, with the reason. */
export async function unknownAmong(
  context: FederationContext,
  handles: readonly string[],
): Promise<{ handle: string; reason: string }[]> {
  if (handles.length === 0) return [];
  return tablesOf(context)
    .selectFrom('plugin_federation_unknown_handles')
    .select(['handle', 'reason'])
    .where(
      'handle',
      'in',
      handles.map((handle) => handle.toLowerCase()),
    )
    .orderBy('handle')
    .execute();
}
