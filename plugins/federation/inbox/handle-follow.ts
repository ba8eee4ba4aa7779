import { findLocalActor } from '../actors/local-actors.ts';
import { activityIdOf, actorIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { sendActivity } from '../delivery/send-activity.ts';
import { saveFollower } from '../followers/follower-store.ts';
import { announceSoon } from '../notices/announce-soon.ts';
import type { FederationTables } from '../tables.ts';
import { acceptOf } from '../vocabulary/activities.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { takeGone } from './gone.ts';
import { knownActor } from './known-actor.ts';

/**
 * Somebody wants to follow an author. It is accepted at once, with the whole Follow in the answer (Threads takes no
 * other), sent to the follower's own inbox (micro.blog takes none at the shared one). What is no author, such as a post
 * whose thread Friendica subscribes to, is not accepted.
 */
export async function handleFollow(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const [ref] = activity.objects;
  const objectId = ref?.kind === 'object' ? null : idOfRef(ref);
  const local = objectId === null ? null : await findLocalActor(context, objectId);
  if (!local || objectId === null) return 'dropped: not an author';
  const { id, actor: actorId } = activity;
  if (id !== null && (await takeGone(context, { id, actorId }))) return 'dropped: undone before it came';
  const actor = await knownActor(context, actorId, how.budget);
  if (!actor) return 'dropped: the account is gone';

  const { userId } = local;
  const own = actorIdOf(context.origin, userId);
  const acceptId = activityIdOf(context.origin, context.newId());
  const body = acceptOf({ id: acceptId, actor: own }, { id, actor: actorId, object: objectId });
  const isNew = await context.database.transaction<FederationTables, boolean>(async (trx) => {
    const saved = await saveFollower(trx, {
      user_id: userId,
      actor_id: actorId,
      follow_id: id,
      state: 'accepted',
      inbox: actor.sharedInbox ?? actor.inbox,
      host: new URL(actor.sharedInbox ?? actor.inbox).host,
      since: context.now().toISOString(),
    });
    await sendActivity(context, trx, {
      activity: { id: acceptId, type: 'Accept', body },
      userId,
      objectId: id ?? objectId,
      to: { inboxes: [actor.inbox] },
    });
    return saved;
  });
  if (isNew) {
    // What the server runs decides in which form it gets the next post.
    const runAt = new Date(context.now().getTime() + 60_000);
    await context.jobs.add(null, 'learn-software', {}, { uniqueKey: 'followers', runAt });
    await announceSoon(context);
  }
  return isNew ? 'a new follower' : 'a follower who was one before';
}
