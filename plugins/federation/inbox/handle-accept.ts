import { findLocalActor } from '../actors/local-actors.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { followersHereOf, removeFollowing, settleFollowing } from '../following/following-store.ts';
import type { FollowingRow } from '../following/following-tables.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';

/** An account that an author wants to follow lets them. Source: ActivityPub, section 7.6 */
export async function handleAccept(
  activity: ForeignActivity,
  context: FederationContext,
  _how: Circumstances,
): Promise<Result> {
  const row = await answeredFollow(context, activity);
  if (!row) return 'dropped: answers nothing that was asked';
  await settleFollowing(tablesOf(context), keyOf(row), 'accepted');
  return 'a following was accepted';
}

/** It does not, or not any more: what was accepted before is over then. Source: ActivityPub, section 7.7 */
export async function handleReject(
  activity: ForeignActivity,
  context: FederationContext,
  _how: Circumstances,
): Promise<Result> {
  const row = await answeredFollow(context, activity);
  if (!row) return 'dropped: answers nothing that was asked';
  if (row.state === 'accepted') {
    await removeFollowing(tablesOf(context), keyOf(row));
    return 'a following was ended from elsewhere';
  }
  await settleFollowing(tablesOf(context), keyOf(row), 'rejected');
  return 'a following was rejected';
}

/**
 * The request that is answered, among those to the one who answers: by its id (Mitra sends no more), by who asked
 * where the whole Follow comes along with another id than it was sent with, or without one, by whom the answer is
 * addressed to, and as the only one that there is. Flipboard addresses its answers to nobody.
 */
async function answeredFollow(
  context: FederationContext,
  activity: ForeignActivity,
): Promise<FollowingRow | null> {
  const rows = await followersHereOf(tablesOf(context), activity.actor);
  if (rows.length === 0) return null;
  const [ref] = activity.objects;
  const inner = ref?.kind === 'activity' ? ref.activity : null;
  if (inner !== null && inner.type !== 'Follow') return null;
  const id = idOfRef(ref);
  const byId = rows.find((row) => row.follow_id === id);
  if (byId) return byId;
  // An id that was never sent may stand for something else: it settles nothing that is settled.
  const open = inner ? rows : rows.filter((row) => row.state === 'requested');
  for (const iri of inner ? [inner.actor] : activity.to) {
    const local = await findLocalActor(context, iri);
    const byFollower = open.find((row) => row.user_id === local?.userId);
    if (byFollower) return byFollower;
  }
  return inner === null && open.length === 1 ? (open[0] ?? null) : null;
}

function keyOf(row: FollowingRow): { userId: string; actorId: string } {
  return { userId: row.user_id, actorId: row.actor_id };
}
