import { ConflictError, InvalidError, NotFoundError, UnavailableError } from 'outpost/plugin';
import { lookUpHandle } from '../actors/look-up.ts';
import { fetchActor } from '../actors/remote-actors.ts';
import { isOurs } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { announceProfile } from '../delivery/federate-profile.ts';
import { isId } from '../vocabulary/ids.ts';
import { type Alias, listAliases } from './alias-store.ts';

/** Most accounts that one author may name as their own. */
const mostAliases = 10;

/**
 * Names an account elsewhere as the author's own. It is what lets its followers be moved here: the old server asks whether
 * the new account knows the old one. Followers are told of the changed profile.
 * @param typed a handle, or the account's id
 * @throws InvalidError, NotFoundError, UnavailableError, ConflictError
 * Source: FEP-7628, "Account migration"
 */
export async function addAlias(
  context: FederationContext,
  { userId, typed }: { userId: string; typed: string },
): Promise<Alias> {
  const name = typed.trim();
  if (isOurs(context.origin, name))
    throw new InvalidError('federation.own_account', 'Name an account on another server.');
  const address: boolean = isId(name);
  const answer = address ? await fetchActor(context, name) : await lookUpHandle(context, name);
  if (answer.kind === 'unreachable')
    throw new UnavailableError('federation.unreachable', `${name} cannot be reached: ${answer.reason}`);
  if (answer.kind !== 'actor') {
    const reason = answer.kind === 'gone' ? 'it does not exist any more.' : answer.reason;
    throw new NotFoundError('federation.not_found', `${name} was not found: ${reason}`);
  }
  const known = await listAliases(context, userId);
  const alias = { actorId: answer.actor.id, since: context.now().toISOString() };
  const found = known.find(({ actorId }) => actorId === alias.actorId);
  if (found) return found;
  if (known.length >= mostAliases)
    throw new ConflictError('federation.too_many', `Name at most ${mostAliases} other accounts.`);
  await tablesOf(context)
    .insertInto('plugin_federation_aliases')
    .values({ user_id: userId, actor_id: alias.actorId, since: alias.since })
    .onConflict((conflict) => conflict.columns(['user_id', 'actor_id']).doNothing())
    .execute();
  await announceProfile(context, userId);
  return alias;
}

/**
 * Takes such an account back. What was moved stays moved.
 * @throws NotFoundError `federation.no_alias`
 */
export async function removeAlias(
  context: FederationContext,
  { userId, actorId }: { userId: string; actorId: string },
): Promise<void> {
  const removed = await tablesOf(context)
    .deleteFrom('plugin_federation_aliases')
    .where('user_id', '=', userId)
    .where('actor_id', '=', actorId)
    .returning('actor_id')
    .executeTakeFirst();
  if (!removed) throw new NotFoundError('federation.no_alias', `${actorId} is not among the other accounts.`);
  await announceProfile(context, userId);
}
