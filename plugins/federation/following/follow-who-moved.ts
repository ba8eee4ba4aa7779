import { ConflictError } from 'outpost/plugin';
import { type FederationContext, tablesOf } from '../context.ts';
import { followAccount, unfollowAccount } from './follow-actor.ts';
import { findFollowing, followersHereOf } from './following-store.ts';

/**
 * Lets those here who follow an account that has moved follow the new one instead. Gives how many do so now; where the new
 * account is blocked or there is no room for it, the old one stays.
 * Source: FEP-7628, "Move activity"
 */
export async function followWhoMoved(
  context: FederationContext,
  { from, to }: { from: string; to: string },
): Promise<number> {
  const db = tablesOf(context);
  let moved = 0;
  for (const { user_id: userId } of await followersHereOf(db, from)) {
    try {
      // A request that waits for an answer is not sent anew, should this be done twice.
      if (!(await findFollowing(db, { userId, actorId: to })))
        await followAccount(context, { userId, typed: to });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      context.log.info(
        { userId, from, to, reason: error.publicMessage },
        'did not follow an account that moved',
      );
      continue;
    }
    await unfollowAccount(context, { userId, typed: from });
    moved += 1;
  }
  return moved;
}
