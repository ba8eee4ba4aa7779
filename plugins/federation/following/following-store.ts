import type { FederationDatabase } from '../context.ts';
import type { BlockTarget } from '../moderation/block.ts';
import type { FollowingRow } from './following-tables.ts';

/** Whom somebody follows, as far as one row says. */
export type Following = { userId: string; actorId: string };

/** What is known of one following, or null. */
export async function findFollowing(
  db: FederationDatabase,
  { userId, actorId }: Following,
): Promise<FollowingRow | null> {
  const row = await followingIn(db)
    .where('user_id', '=', userId)
    .where('actor_id', '=', actorId)
    .executeTakeFirst();
  return row ?? null;
}

/** Everybody here who follows an account elsewhere, or has asked to. */
export async function followersHereOf(db: FederationDatabase, actorId: string): Promise<FollowingRow[]> {
  return followingIn(db).where('actor_id', '=', actorId).execute();
}

/** Keeps a following; a later request replaces an earlier one. */
export async function putFollowing(db: FederationDatabase, row: FollowingRow): Promise<void> {
  const { user_id: _, actor_id: __, ...changed } = row;
  await db
    .insertInto('plugin_federation_following')
    .values(row)
    .onConflict((conflict) => conflict.columns(['user_id', 'actor_id']).doUpdateSet(changed))
    .execute();
}

/** Writes down what the other side answered. */
export async function settleFollowing(
  db: FederationDatabase,
  { userId, actorId }: Following,
  state: FollowingRow['state'],
): Promise<void> {
  await db
    .updateTable('plugin_federation_following')
    .set({ state })
    .where('user_id', '=', userId)
    .where('actor_id', '=', actorId)
    .execute();
}

/** Ends one following; gives what it was, or null where there was none. */
export async function removeFollowing(
  db: FederationDatabase,
  { userId, actorId }: Following,
): Promise<FollowingRow | null> {
  const row = await db
    .deleteFrom('plugin_federation_following')
    .where('user_id', '=', userId)
    .where('actor_id', '=', actorId)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Forgets every following of a user here, or of an account elsewhere. */
export async function forgetFollowing(
  db: FederationDatabase,
  whose: { userId: string } | { actorId: string },
): Promise<void> {
  const rows = db.deleteFrom('plugin_federation_following');
  await ('userId' in whose
    ? rows.where('user_id', '=', whose.userId)
    : rows.where('actor_id', '=', whose.actorId)
  ).execute();
}

/** Forgets that somebody of a blocked server, or a blocked account, is followed. */
export async function forgetBlockedFollowing(db: FederationDatabase, target: BlockTarget): Promise<void> {
  const { value } = target;
  const rows = db.deleteFrom('plugin_federation_following');
  await (target.kind === 'actor'
    ? rows.where('actor_id', '=', value)
    : rows.where('actor_id', 'in', (eb) =>
        eb
          .selectFrom('plugin_federation_actors')
          .select('id')
          .where((on) =>
            on.or([
              on('host', '=', value),
              on('host', 'like', `%.${value}`),
              on('host', 'like', `${value}:%`),
            ]),
          ),
      )
  ).execute();
}

/** Whom a user follows, newest first. `after` is an actor's id. */
export async function listFollowing(
  db: FederationDatabase,
  { userId, limit, after }: { userId: string; limit: number; after?: string | undefined },
): Promise<FollowingRow[]> {
  let query = followingIn(db)
    .where('user_id', '=', userId)
    .orderBy('since', 'desc')
    .orderBy('actor_id', 'desc')
    .limit(limit);
  if (after !== undefined) {
    const last = await findFollowing(db, { userId, actorId: after });
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

function followingIn(db: FederationDatabase) {
  return db.selectFrom('plugin_federation_following').selectAll();
}
