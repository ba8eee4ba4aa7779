import { fetchActor, type RemoteActor, storeActor } from '../actors/remote-actors.ts';
import { forgetKeys } from '../actors/resolve-key.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { hasMention, saveMention } from '../mentions/mention-store.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import type { ForeignObject } from '../vocabulary/object.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { commentHtml } from './comment-html.ts';
import { asCommentAuthor } from './known-actor.ts';
import { receiveFetched, receiveObject } from './receive-object.ts';

const hourMs = 3_600_000;

/** A profile or a text was changed. What never arrived is taken as new. Source: ActivityPub section 7.3 */
export async function handleUpdate(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const { actor } = activity;
  const [ref] = activity.objects;
  if (ref?.kind === 'object')
    return updateObject(context, { object: ref.object, actorId: actor, activity }, how);
  if (ref?.kind === 'actor') {
    const stored = await storeActor(context, ref.actor);
    return stored ? showAs(context, stored) : 'dropped: no usable account';
  }
  if (ref?.kind !== 'id') return 'dropped: nothing that can be read';
  if (ref.id !== actor) return receiveFetched(context, ref.id, how);
  const answer = await fetchActor(context, actor, { maxAgeMs: hourMs, budget: how.budget });
  return answer.kind === 'actor' ? showAs(context, answer.actor) : `dropped: ${answer.kind}`;
}

/** The present name and picture appear on what somebody wrote here; where they are reached is kept for followers. */
async function showAs(context: FederationContext, actor: RemoteActor): Promise<Result> {
  forgetKeys(context, actor.id);
  await tablesOf(context)
    .updateTable('plugin_federation_followers')
    .set({ inbox: actor.sharedInbox ?? actor.inbox, host: new URL(actor.sharedInbox ?? actor.inbox).host })
    .where('actor_id', '=', actor.id)
    .execute();
  await context.comments.renameAuthor(actor.id, asCommentAuthor(actor));
  return 'changed the account';
}

async function updateObject(
  context: FederationContext,
  { object, actorId, activity }: { object: ForeignObject; actorId: string; activity: ForeignActivity },
  how: Circumstances,
): Promise<Result> {
  const objectId = object.id;
  if (objectId === null) return 'without an id';
  const users = await hasMention(context, { objectId, actorId });
  if (users.length === 0) return receiveObject(context, { object, authorId: actorId, activity }, how);
  for (const { userId, postId } of users) {
    await saveMention(context, {
      userId,
      objectId,
      actorId,
      visibility: object.visibility,
      html: commentHtml(object),
      url: object.url ?? objectId,
      inReplyTo: object.inReplyTo,
      postId,
    });
  }
  return 'changed the message';
}
