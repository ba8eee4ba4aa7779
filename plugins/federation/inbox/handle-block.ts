import { findLocalActor } from '../actors/local-actors.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { removeFollower } from '../followers/follower-store.ts';
import { removeFollowing } from '../following/following-store.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';

/**
 * Somebody blocks an author: they follow no longer, and are not followed. Nothing else changes, and nobody is shown who
 * it was. A ban from a community, which has a target (Lemmy), is something else.
 */
export async function handleBlock(
  activity: ForeignActivity,
  context: FederationContext,
  _how: Circumstances,
): Promise<Result> {
  if (activity.target !== null) return 'dropped: a ban from a community';
  const objectId = idOfRef(activity.objects[0]);
  const local = objectId === null ? null : await findLocalActor(context, objectId);
  if (!local) return 'dropped: not an author';
  await removeFollowing(tablesOf(context), { userId: local.userId, actorId: activity.actor });
  const wasFollower = await removeFollower(context, { actorId: activity.actor, userId: local.userId });
  return wasFollower ? 'a follower less' : 'no follower';
}
