import { markActorGone } from '../actors/actor-store.ts';
import { forgetKeys } from '../actors/resolve-key.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { removeFollowersWith } from '../followers/follower-store.ts';
import { forgetFollowing } from '../following/following-store.ts';
import { deleteQuotes } from '../quotes/quote-store.ts';
import { forwardDelete } from '../threads/forward.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { forgetObject, rememberGone } from './gone.ts';

/** How many objects one Delete may name: Funkwhale sends lists. */
const mostObjects = 100;

/** A text or a whole account is gone. Source: ActivityPub section 7.4 */
export async function handleDelete(
  activity: ForeignActivity,
  context: FederationContext,
  _how: Circumstances,
): Promise<Result> {
  const { actor } = activity;
  const ids = activity.objects.slice(0, mostObjects).flatMap((ref) => idOfRef(ref) ?? []);
  if (ids.includes(actor)) return deleteAccount(context, actor);
  const results = new Set<string>();
  for (const objectId of ids) {
    await rememberGone(context, { id: objectId, actorId: actor });
    await forwardDelete(context, activity, objectId);
    results.add(await forgetObject(context, { objectId, actorId: actor }));
  }
  return [...results].join(', ');
}

/** Everything of an account that is gone goes: what it wrote, liked and boosted here, its following, its name and picture. */
export async function deleteAccount(context: FederationContext, actorId: string): Promise<Result> {
  const comments = await context.comments.removeAllOf(actorId);
  await context.reactions.remove({ actorId });
  await deleteQuotes(context, { actorId });
  await removeFollowersWith(context, { actorId });
  const db = tablesOf(context);
  await forgetFollowing(db, { actorId });
  await db.deleteFrom('plugin_federation_mentions').where('actor_id', '=', actorId).execute();
  await db
    .updateTable('plugin_federation_actors')
    .set({
      name: 'A deleted account',
      url: null,
      avatar_url: null,
      summary_html: null,
      handle: null,
      handle_key: null,
    })
    .where('id', '=', actorId)
    .execute();
  await markActorGone(context, actorId);
  forgetKeys(context, actorId);
  return `removed the account and ${comments} comments`;
}
