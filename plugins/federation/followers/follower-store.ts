import type { FederationContext, FederationDatabase, FederationTransaction } from '../context.ts';
import { callOffInbox } from '../delivery/delivery-store.ts';
import { receivedId } from '../inbox/received-id.ts';
import type { FederationTables, FollowerRow } from '../tables.ts';

/** Keeps a follower; tells whether they are new. Following twice changes no more than the id of the Follow. */
export async function saveFollower(db: FederationDatabase, follower: FollowerRow): Promise<boolean> {
  const known = await db
    .selectFrom('plugin_federation_followers')
    .select('actor_id')
    .where('user_id', '=', follower.user_id)
    .where('actor_id', '=', follower.actor_id)
    .executeTakeFirst();
  const { user_id: _, actor_id: __, since: ___, ...changed } = follower;
  await db
    .insertInto('plugin_federation_followers')
    .values(follower)
    .onConflict((conflict) => conflict.columns(['user_id', 'actor_id']).doUpdateSet(changed))
    .execute();
  return known === undefined;
}

/** Followers of an author, or of all, newest first. `after` is an actor's id. */
export async function listFollowers(
  db: FederationDatabase,
  { userId, limit, after }: { userId: string; limit: number; after?: string | undefined },
): Promise<FollowerRow[]> {
  let query = db
    .selectFrom('plugin_federation_followers')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('since', 'desc')
    .orderBy('actor_id', 'desc')
    .limit(limit);
  if (after !== undefined) {
    const last = await db
      .selectFrom('plugin_federation_followers')
      .select('since')
      .where('user_id', '=', userId)
      .where('actor_id', '=', after)
      .executeTakeFirst();
    if (!last) return [];
    query = query.where((eb) =>
      eb.or([
        eb('since', '<', last.since),
        eb.and([eb('since', '=', last.since), eb('actor_id', '<', after)]),
      ]),
    );
  }
  return query.execute();
}

/** How many follow an author. */
export async function countFollowers(db: FederationDatabase, userId: string): Promise<number> {
  const row = await db
    .selectFrom('plugin_federation_followers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Ends one following, named by whom it is of or by its own id; false where there was none. */
export async function removeFollower(
  context: FederationContext,
  which: { actorId: string; userId: string } | { actorId: string; followId: string },
): Promise<boolean> {
  return context.database.transaction<FederationTables, boolean>(async (trx) => {
    let query = trx.deleteFrom('plugin_federation_followers').where('actor_id', '=', which.actorId);
    query =
      'userId' in which
        ? query.where('user_id', '=', which.userId)
        : query.where('follow_id', '=', which.followId);
    return forget(trx, await query.returning(['inbox', 'follow_id']).execute());
  });
}

/** Ends everything that an account follows here. */
export async function removeFollowersWith(
  context: FederationContext,
  { actorId }: { actorId: string },
): Promise<boolean> {
  return context.database.transaction<FederationTables, boolean>(async (trx) => {
    const rows = await trx
      .deleteFrom('plugin_federation_followers')
      .where('actor_id', '=', actorId)
      .returning(['inbox', 'follow_id'])
      .execute();
    return forget(trx, rows);
  });
}

type Removed = Pick<FollowerRow, 'inbox' | 'follow_id'>;

/**
 * Nothing more is sent to an inbox at which nobody else follows; the Follow is forgotten, so that its id may be used for
 * following anew.
 */
async function forget(trx: FederationTransaction, removed: readonly Removed[]): Promise<boolean> {
  const followIds = removed.flatMap((row) =>
    row.follow_id === null ? [] : receivedId(row.follow_id, 'Follow'),
  );
  if (followIds.length > 0)
    await trx.deleteFrom('plugin_federation_inbox').where('id', 'in', followIds).execute();
  for (const inbox of new Set(removed.map((row) => row.inbox))) {
    const other = await trx
      .selectFrom('plugin_federation_followers')
      .select('actor_id')
      .where('inbox', '=', inbox)
      .where('state', '=', 'accepted')
      .limit(1)
      .executeTakeFirst();
    if (!other) await callOffInbox(trx, inbox, 'Nobody follows there any more.');
  }
  return removed.length > 0;
}
