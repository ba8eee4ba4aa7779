import { type FederationContext, tablesOf } from '../context.ts';

/** An account elsewhere that an author says is theirs too. */
export type Alias = { actorId: string; since: string };

/** The other accounts of an author, oldest first. */
export async function listAliases(context: FederationContext, userId: string): Promise<Alias[]> {
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_aliases')
    .select(['actor_id', 'since'])
    .where('user_id', '=', userId)
    .orderBy('since')
    .orderBy('actor_id')
    .execute();
  return rows.map((row) => ({ actorId: row.actor_id, since: row.since }));
}
