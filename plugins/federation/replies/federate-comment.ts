import type { Comment } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import { fetchActor } from '../actors/remote-actors.ts';
import { activityIdOf, actorIdOf, collectionOf, commentIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { addresseesOf, objectsOf, putGoneObject, putLiveObject } from '../delivery/object-store.ts';
import { sendActivity } from '../delivery/send-activity.ts';
import { loadNote } from '../objects/load-note.ts';
import { meetMentioned } from '../objects/mentions-out.ts';
import type { FederationTables, ObjectRow } from '../tables.ts';
import { createOf, deleteOf, updateOf } from '../vocabulary/activities.ts';

/**
 * Sends what an author of this site wrote as a comment, or its change: to whoever it answers or names, at their own inbox, to the
 * communities in which the post stands, and to the author's followers. Comments of others are nobody's to send.
 */
export async function announceComment(
  context: FederationContext,
  commentId: string,
  type: 'Create' | 'Update',
): Promise<void> {
  const comment = await context.comments.find(commentId);
  await meetAnswered(context, comment);
  const named = comment?.authorUserId ? await meetMentioned(context, comment.text) : [];
  const note = comment && (await loadNote(context, comment));
  const userId = comment?.authorUserId ?? null;
  if (!comment || !note || userId === null) return;
  const objectId = commentIdOf(context.origin, commentId);
  const actor = actorIdOf(context.origin, userId);
  const id = activityIdOf(context.origin, context.newId());
  const body =
    type === 'Create' ? createOf({ id, actor }, note.object) : updateOf({ id, actor }, note.object);
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const isNews = await putLiveObject(trx, objectOf(objectId, comment, userId, context.now().toISOString()));
    // Another run of the same action was faster.
    if (type === 'Create' && !isNews) return;
    await sendActivity(context, trx, {
      activity: { id, type, body },
      userId,
      objectId,
      postId: comment.postId,
      to: {
        followersOf: userId,
        inboxes: [...note.answered, ...named, ...note.communities].map(({ inbox }) => inbox),
      },
    });
  });
}

/** Whom the comment answers may have been forgotten since: people who were met once are not kept for ever. */
async function meetAnswered(context: FederationContext, comment: Comment | null): Promise<void> {
  if (!comment?.authorUserId || comment.parentId === null) return;
  const parent = await context.comments.find(comment.parentId);
  if (parent?.externalAuthorId)
    await fetchActor(context, parent.externalAuthorId, { maxAgeMs: 30 * 86_400_000 });
}

/** Takes back what was sent of a comment that is not public any more: its object is gone. */
export async function withdrawComment(context: FederationContext, commentId: string): Promise<void> {
  const comment = await context.comments.find(commentId);
  if (comment?.status === 'approved') return;
  const sent = await objectsOf(tablesOf(context), 'comment', commentId);
  for (const object of sent) if (object.state === 'live') await tellGone(context, object);
}

async function tellGone(context: FederationContext, object: ObjectRow): Promise<void> {
  const { id: objectId, user_id: userId } = object;
  const actor = actorIdOf(context.origin, userId);
  const addressees = await addresseesOf(tablesOf(context), objectId);
  const answered = [...(await findActors(context, addressees)).values()];
  const id = activityIdOf(context.origin, context.newId());
  const deletedAt = context.now().toISOString();
  const cc = [collectionOf(actor, 'followers'), ...answered.map((one) => one.id)];
  const body = deleteOf({ id, actor }, { objectId, formerType: 'Note', deletedAt, cc });
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const { state: _, gone_at: __, ...row } = object;
    if (!(await putGoneObject(trx, row, deletedAt))) return;
    await sendActivity(context, trx, {
      activity: { id, type: 'Delete', body },
      userId,
      objectId,
      to: { followersOf: userId, inboxes: answered.map((one) => one.inbox) },
    });
  });
}

function objectOf(
  id: string,
  comment: Comment,
  userId: string,
  now: string,
): Omit<ObjectRow, 'state' | 'gone_at'> {
  return { id, kind: 'comment', local_id: comment.id, publication: 1, user_id: userId, created_at: now };
}
