import { actorDocument } from '../actors/actor-documents.ts';
import { hadKey } from '../actors/keys.ts';
import { findAuthor } from '../actors/local-actors.ts';
import { activityIdOf, actorIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { forgetFollowing } from '../following/following-store.ts';
import type { FederationTables } from '../tables.ts';
import { deleteActorOf, updateOf } from '../vocabulary/activities.ts';
import { sendActivity } from './send-activity.ts';

/** How many servers at most are told that an account is gone besides those of its followers. */
const mostInboxes = 10_000;

/** Tells the followers that an author's name, picture or text was changed. */
export async function announceProfile(context: FederationContext, userId: string): Promise<void> {
  const user = await findAuthor(context, userId);
  // Who was never asked for has no key and nobody to tell.
  if (!user || !(await hadKey(context, userId))) return;
  const actor = actorIdOf(context.origin, userId);
  const id = activityIdOf(context.origin, context.newId());
  const body = updateOf({ id, actor }, await actorDocument(context, user));
  await context.database.transaction<FederationTables, void>(async (trx) => {
    await sendActivity(context, trx, {
      activity: { id, type: 'Update', body },
      userId,
      objectId: actor,
      to: { followersOf: userId },
    });
  });
}

/** Tells everybody who ever got something from an author that the account is gone. Its key stays, to sign this. */
export async function announceFarewell(context: FederationContext, userId: string): Promise<void> {
  if (!(await hadKey(context, userId)) || (await context.users.find(userId))) return;
  const actor = actorIdOf(context.origin, userId);
  const id = activityIdOf(context.origin, context.newId());
  const now = context.now().toISOString();
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const told = await trx
      .selectFrom('plugin_federation_activities')
      .select('id')
      .where('object_id', '=', actor)
      .where('type', '=', 'Delete')
      .executeTakeFirst();
    if (told) return;
    const reached = await trx
      .selectFrom('plugin_federation_deliveries')
      .select('inbox')
      .distinct()
      .where('user_id', '=', userId)
      .limit(mostInboxes)
      .execute();
    await sendActivity(context, trx, {
      activity: { id, type: 'Delete', body: deleteActorOf({ id, actor }) },
      userId,
      objectId: actor,
      to: { followersOf: userId, inboxes: reached.map((row) => row.inbox) },
    });
    await trx.deleteFrom('plugin_federation_followers').where('user_id', '=', userId).execute();
    await trx.deleteFrom('plugin_federation_mentions').where('user_id', '=', userId).execute();
    await forgetFollowing(trx, { userId });
    await trx.deleteFrom('plugin_federation_aliases').where('user_id', '=', userId).execute();
    await trx.deleteFrom('plugin_federation_featured').where('user_id', '=', userId).execute();
    await trx
      .updateTable('plugin_federation_objects')
      .set({ state: 'gone', gone_at: now })
      .where('user_id', '=', userId)
      .where('kind', '=', 'comment')
      .where('state', '=', 'live')
      .execute();
  });
}
