import { ConflictError, InvalidError, NotFoundError, UnavailableError } from 'outpost/plugin';
import { lookUpHandle } from '../actors/look-up.ts';
import { fetchActor, findActor, type RemoteActor } from '../actors/remote-actors.ts';
import { activityIdOf, isOurs, signerIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { sendActivity } from '../delivery/send-activity.ts';
import { blockLevelOf } from '../moderation/block-level.ts';
import type { FederationTables } from '../tables.ts';
import { followOf, undoFollowOf } from '../vocabulary/activities.ts';
import { isId } from '../vocabulary/ids.ts';
import { findFollowing, listFollowing, putFollowing, removeFollowing } from './following-store.ts';
import type { FollowingRow } from './following-tables.ts';

/** Most accounts that one author may follow: each is somebody whose server sends what it has. */
const mostFollowed = 5_000;

/**
 * Asks to follow an account elsewhere: a person, or a community. The Follow goes to the account's own inbox, since
 * micro.blog takes none at the shared one. Asking again sends it again; who is followed already is not asked.
 * @param typed a handle, or the address of an account or its page
 * @throws NotFoundError, UnavailableError, InvalidError, ConflictError
 */
export async function followAccount(
  context: FederationContext,
  { userId, typed }: { userId: string; typed: string },
): Promise<{ row: FollowingRow; actor: RemoteActor }> {
  const actor = await findAccount(context, typed);
  const db = tablesOf(context);
  const known = await findFollowing(db, { userId, actorId: actor.id });
  if (known?.state === 'accepted') return { row: known, actor };
  await refuseWhere(context, { userId, actor });
  const own = signerIdOf(context.origin, userId);
  const id = activityIdOf(context.origin, context.newId());
  const row: FollowingRow = {
    user_id: userId,
    actor_id: actor.id,
    follow_id: id,
    state: 'requested',
    since: context.now().toISOString(),
  };
  await context.database.transaction<FederationTables, void>(async (trx) => {
    await putFollowing(trx, row);
    await sendActivity(context, trx, {
      activity: { id, type: 'Follow', body: followOf({ id, actor: own }, actor.id) },
      userId,
      objectId: actor.id,
      to: { inboxes: [actor.inbox] },
    });
  });
  return { row, actor };
}

/**
 * Ends a following, and tells the other side with the whole Follow, as older servers do not know it by its id.
 * @param typed a handle or an id; nothing is asked of a server for it where the account is known
 * @throws NotFoundError `federation.not_followed`
 */
export async function unfollowAccount(
  context: FederationContext,
  { userId, typed }: { userId: string; typed: string },
): Promise<{ row: FollowingRow; actor: RemoteActor | null }> {
  const actorId = await followedId(context, { userId, typed });
  const actor = await findActor(context, actorId);
  const own = signerIdOf(context.origin, userId);
  const id = activityIdOf(context.origin, context.newId());
  return context.database.transaction<FederationTables, { row: FollowingRow; actor: RemoteActor | null }>(
    async (trx) => {
      const row = await removeFollowing(trx, { userId, actorId });
      if (!row) throw notFollowed(typed);
      if (actor && !actor.goneAt) {
        await sendActivity(context, trx, {
          activity: {
            id,
            type: 'Undo',
            body: undoFollowOf({ id, actor: own }, { id: row.follow_id, object: actorId }),
          },
          userId,
          objectId: actorId,
          to: { inboxes: [actor.inbox] },
        });
      }
      return { row, actor };
    },
  );
}

async function findAccount(context: FederationContext, typed: string): Promise<RemoteActor> {
  const name = typed.trim();
  if (isOurs(context.origin, name))
    throw new InvalidError('federation.own_account', 'That is an account of this site.');
  const isAddress: boolean = isId(name);
  const answer = isAddress
    ? await fetchActor(context, name, { maxAgeMs: 60_000 })
    : await lookUpHandle(
        context,
        name.replace(/^!/, '@'),
        name.startsWith('!') ? { wantedType: 'Group' } : {},
      );
  switch (answer.kind) {
    case 'actor':
      return answer.actor;
    case 'gone':
      throw new NotFoundError('federation.not_found', `${name} does not exist any more.`);
    case 'refused':
      throw new NotFoundError('federation.not_found', `${name} was not found: ${answer.reason}`);
    case 'unreachable':
      throw new UnavailableError('federation.unreachable', `${name} cannot be reached: ${answer.reason}`);
  }
}

async function refuseWhere(
  context: FederationContext,
  { userId, actor }: { userId: string; actor: RemoteActor },
): Promise<void> {
  const db = tablesOf(context);
  if ((await blockLevelOf(context, { host: actor.host, actorId: actor.id })) === 'block')
    throw new ConflictError('federation.blocked', `${actor.handle ?? actor.id} is blocked here.`);
  const followed = await listFollowing(db, { userId, limit: mostFollowed });
  if (followed.length >= mostFollowed)
    throw new ConflictError('federation.too_many', `Nobody may follow more than ${mostFollowed} accounts.`);
}

async function followedId(
  context: FederationContext,
  { userId, typed }: { userId: string; typed: string },
): Promise<string> {
  const name = typed.trim();
  const isAddress: boolean = isId(name);
  if (isAddress) return name;
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_following as f')
    .innerJoin('plugin_federation_actors as a', 'a.id', 'f.actor_id')
    .select(['f.actor_id', 'a.type'])
    .where('f.user_id', '=', userId)
    .where('a.handle_key', '=', name.replace(/^[@!]?/, '@').toLowerCase())
    .execute();
  const isGroup = (row: { type: string }) => row.type === 'Group';
  const row = (name.startsWith('!') ? rows.find(isGroup) : rows.find((one) => !isGroup(one))) ?? rows[0];
  if (!row) throw notFollowed(name);
  return row.actor_id;
}

function notFollowed(typed: string): NotFoundError {
  return new NotFoundError('federation.not_followed', `${typed} is not followed.`);
}
