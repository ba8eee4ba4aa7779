import { z } from 'outpost/plugin';
import { actorDocument } from '../actors/actor-documents.ts';
import { findAuthor } from '../actors/local-actors.ts';
import { activityIdOf, actorIdOf } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import type { FederationTables } from '../tables.ts';
import { updateOf } from '../vocabulary/activities.ts';
import { sendActivity } from './send-activity.ts';

const greetJob = z.object({ host: z.string() });

/**
 * Tells a server that is back after a long silence who the authors are whom its people follow, once for each: profiles
 * may have changed, and Mastodon begins to deliver again when it receives anything.
 */
export async function greetHost(payload: unknown, context: FederationContext): Promise<void> {
  const { host } = greetJob.parse(payload);
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_followers')
    .select(['user_id', 'inbox'])
    .distinct()
    .where('host', '=', host)
    .where('state', '=', 'accepted')
    .execute();
  for (const [userId, ofAuthor] of Map.groupBy(rows, (row) => row.user_id)) {
    const user = await findAuthor(context, userId);
    if (!user) continue;
    const actor = actorIdOf(context.origin, userId);
    const id = activityIdOf(context.origin, context.newId());
    const body = updateOf({ id, actor }, await actorDocument(context, user));
    await context.database.transaction<FederationTables, void>(async (trx) => {
      await sendActivity(context, trx, {
        activity: { id, type: 'Update', body },
        userId,
        objectId: actor,
        to: { inboxes: ofAuthor.map((row) => row.inbox) },
      });
    });
  }
}
