import type { FederationDatabase } from '../context.ts';
import type { CommunityRow } from '../following/following-tables.ts';

/** The communities to which a post is addressed, in the order of their names. */
export async function communitiesOfPost(db: FederationDatabase, postId: string): Promise<CommunityRow[]> {
  return db
    .selectFrom('plugin_federation_communities')
    .selectAll()
    .where('post_id', '=', postId)
    .orderBy('name')
    .execute();
}

/** Keeps what is known of one; what was known before is replaced. */
export async function putCommunity(db: FederationDatabase, row: CommunityRow): Promise<void> {
  const { post_id: _, name: __, ...changed } = row;
  await db
    .insertInto('plugin_federation_communities')
    .values(row)
    .onConflict((conflict) => conflict.columns(['post_id', 'name']).doUpdateSet(changed))
    .execute();
}

/** Forgets the communities of a post that are not among these names. */
export async function keepCommunities(
  db: FederationDatabase,
  postId: string,
  names: readonly string[],
): Promise<void> {
  let query = db.deleteFrom('plugin_federation_communities').where('post_id', '=', postId);
  if (names.length > 0) query = query.where('name', 'not in', names);
  await query.execute();
}

/** Writes down what has become of a post in a community. */
export async function markCommunity(
  db: FederationDatabase,
  which: { postId: string; actorId: string },
  change: Pick<CommunityRow, 'state' | 'reason' | 'changed_at'> & { object_id?: string },
): Promise<void> {
  await db
    .updateTable('plugin_federation_communities')
    .set(change)
    .where('post_id', '=', which.postId)
    .where('actor_id', '=', which.actorId)
    .execute();
}

/** Says that communities that were found are told of a post now; gives those for which nobody else has said so. */
export async function claimFound(
  db: FederationDatabase,
  postId: string,
  change: Pick<CommunityRow, 'object_id' | 'changed_at'>,
): Promise<Set<string>> {
  const rows = await db
    .updateTable('plugin_federation_communities')
    .set({ ...change, state: 'told', reason: '' })
    .where('post_id', '=', postId)
    .where('state', '=', 'found')
    .returning('actor_id')
    .execute();
  return new Set(rows.flatMap((row) => row.actor_id ?? []));
}

/** Whether a post of this site was addressed to this community lately. @param since ISO 8601 */
export async function isOurCommunity(
  db: FederationDatabase,
  actorId: string,
  since: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('plugin_federation_communities')
    .select('post_id')
    .where('actor_id', '=', actorId)
    .where('object_id', 'is not', null)
    .where('changed_at', '>=', since)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
