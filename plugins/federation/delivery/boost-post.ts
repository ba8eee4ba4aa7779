import type { Post } from 'outpost/plugin';
import { activityIdOf, actorIdOf, postIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { findCoAuthors } from '../objects/writers.ts';
import type { BoostRow, FederationTables } from '../tables.ts';
import { announceOf, undoAnnounceOf } from '../vocabulary/activities.ts';
import { sendActivity } from './send-activity.ts';

/**
 * Has a post boosted by those who wrote it too, so that their followers get it: an object is attributed to one actor,
 * since Mastodon, Lemmy, Mbin and Pleroma compare it with the signer. Who is named no more takes the boost back.
 */
export async function boostByCoAuthors(context: FederationContext, post: Post): Promise<void> {
  const objectId = postIdOf(context.origin, post);
  const { coAuthors } = await context.postFields(post.id);
  const boosts = await boostsOf(context, objectId);
  if (coAuthors.length === 0 && boosts.length === 0) return;
  const users = await findCoAuthors(context, post, coAuthors);
  for (const boost of boosts)
    if (!users.some((user) => user.id === boost.user_id)) await takeBack(context, boost, post.id);
  for (const user of users)
    if (!boosts.some((boost) => boost.user_id === user.id)) await boost(context, post, user.id);
}

/** Takes back every boost of a post that is gone. */
export async function takeBackBoosts(
  context: FederationContext,
  objectId: string,
  postId: string,
): Promise<void> {
  for (const boost of await boostsOf(context, objectId)) await takeBack(context, boost, postId);
}

async function boost(context: FederationContext, post: Post, userId: string): Promise<void> {
  const objectId = postIdOf(context.origin, post);
  const id = activityIdOf(context.origin, context.newId());
  const actor = actorIdOf(context.origin, userId);
  const at = context.now().toISOString();
  const author = actorIdOf(context.origin, post.authorId);
  const body = announceOf({ id, actor }, { objectId, author, at });
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const row = await trx
      .insertInto('plugin_federation_boosts')
      .values({ object_id: objectId, user_id: userId, activity_id: id, created_at: at })
      .onConflict((conflict) => conflict.columns(['object_id', 'user_id']).doNothing())
      .returning('activity_id')
      .executeTakeFirst();
    // Another run of the same action was faster.
    if (!row) return;
    const activity = { id, type: 'Announce', body };
    await sendActivity(context, trx, {
      activity,
      userId,
      objectId,
      postId: post.id,
      to: { followersOf: userId },
    });
  });
}

async function takeBack(context: FederationContext, boost: BoostRow, postId: string): Promise<void> {
  const { object_id: objectId, user_id: userId, activity_id: announceId } = boost;
  const id = activityIdOf(context.origin, context.newId());
  const actor = actorIdOf(context.origin, userId);
  const body = undoAnnounceOf({ id, actor }, { announceId, objectId });
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const row = await trx
      .deleteFrom('plugin_federation_boosts')
      .where('object_id', '=', objectId)
      .where('user_id', '=', userId)
      .returning('activity_id')
      .executeTakeFirst();
    if (!row) return;
    const activity = { id, type: 'Undo', body };
    await sendActivity(context, trx, { activity, userId, objectId, postId, to: { followersOf: userId } });
  });
}

async function boostsOf(context: FederationContext, objectId: string): Promise<BoostRow[]> {
  return tablesOf(context)
    .selectFrom('plugin_federation_boosts')
    .selectAll()
    .where('object_id', '=', objectId)
    .orderBy('created_at')
    .execute();
}
