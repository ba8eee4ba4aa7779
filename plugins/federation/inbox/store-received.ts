import { findActor, type RemoteActor } from '../actors/remote-actors.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { forgetMentions, saveMention } from '../mentions/mention-store.ts';
import { announceSoon } from '../notices/announce-soon.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { changeAnswer, putAnswer, raiseVersion } from '../threads/answer-store.ts';
import type { AnswerRow } from '../threads/answer-table.ts';
import { findDiscussion } from '../threads/find-place.ts';
import { forwardAnswer, toForward } from '../threads/forward.ts';
import { followUp, planOf } from '../threads/look-plan.ts';
import type { FoundPlace } from '../threads/place-answer.ts';
import { settleBelow, standAgain } from '../threads/settle.ts';
import type { ForeignObject } from '../vocabulary/object.ts';
import type { Result } from './circumstances.ts';
import { commentHtml, commentParts } from './comment-html.ts';
import { endOf, forgetObject } from './gone.ts';
import { asCommentAuthor } from './known-actor.ts';
import type { Received } from './received.ts';

/** Stores an answer as a comment, with what holds its thread together. Doing it again changes nothing. */
export async function storeComment(
  context: FederationContext,
  from: { received: Received; objectId: string; actor: RemoteActor; place: FoundPlace },
): Promise<Result> {
  const { received, objectId, actor, place } = from;
  const { object } = received;
  const { target } = place;
  const parentId = target.kind === 'comment' ? target.comment.id : null;
  const plan = planOf(context, received);
  const parts = commentParts(object, context.now());
  const version = versionOf(context, object);
  const receipt = await context.comments.receive({
    postId: target.post.id,
    parentId,
    author: asCommentAuthor(actor),
    ...parts,
    version,
    externalId: objectId,
    externalUrl: object.url ?? objectId,
    externalAuthorId: actor.id,
    ...(object.published && { createdAt: object.published.toISOString() }),
  });
  if (receipt.kind === 'refused') return `dropped: ${receipt.reason}`;
  await putAnswer(tablesOf(context), {
    id: objectId,
    actor_id: actor.id,
    in_reply_to: place.inReplyTo,
    state: 'here',
    comment_id: receipt.comment.id,
    post_id: receipt.comment.postId,
    version,
    created_at: context.now().toISOString(),
    signed: toForward(context, received, target.post),
    ...plan.row,
  });
  // Its Delete may have come while the author was being fetched.
  if ((await endOf(context, { id: objectId, actorId: actor.id })) === 'gone')
    return forgetObject(context, { objectId, actorId: actor.id });
  // Until its place was known it was a message.
  if (received.climbed) await forgetMentions(context, { objectId, actorId: actor.id });
  if (!place.isDirect || receipt.comment.parentId !== parentId) await standAgain(context, objectId);
  await settleBelow(context, objectId);
  if (receipt.kind === 'known') {
    // Another version of it was stored in this moment.
    const isSame = version === null || receipt.comment.raw === parts.html;
    return isSame ? 'a comment that is known' : changeComment(context, { received, objectId });
  }
  await followUp(context, { objectId, parent: target.kind === 'comment' ? target.comment : null, plan });
  await announceSoon(context);
  return `a comment: ${receipt.comment.status}`;
}

/** Gives a comment the text that its original has now; one that is private by now becomes a message. */
export async function changeComment(
  context: FederationContext,
  { received, objectId }: { received: Received; objectId: string },
): Promise<Result> {
  const { object, authorId } = received;
  if (isPrivate(object)) return makePrivate(context, { object, objectId, authorId });
  const parts = commentParts(object, context.now());
  if (parts.html === '' && parts.poll === null) return 'unchanged: an empty text';
  const db = tablesOf(context);
  const version = versionOf(context, object);
  const comment = await context.comments.change({
    externalId: objectId,
    externalAuthorId: authorId,
    version,
    ...parts,
  });
  if (!comment) return 'not the author’s own';
  if (version !== null && comment.version !== version) return 'dropped: an older version than is known';
  const known = await raiseVersion(db, objectId, version);
  const post = await context.posts.find(comment.postId);
  const signed = post && toForward(context, received, post);
  if (signed || known?.signed) await changeAnswer(db, objectId, { signed });
  if (comment.status === 'approved') await forwardAnswer(context, comment.id);
  return 'changed the comment';
}

async function makePrivate(
  context: FederationContext,
  { object, objectId, authorId }: { object: ForeignObject; objectId: string; authorId: string },
): Promise<Result> {
  const comment = await context.comments.findReceived(objectId);
  const post = comment && (await context.posts.find(comment.postId));
  const done = await forgetObject(context, { objectId, actorId: authorId });
  const known = { state: 'private', version: versionOf(context, object) } as const;
  await changeAnswer(tablesOf(context), objectId, known);
  const actor = await findActor(context, authorId);
  if (post && actor)
    await storeMention(context, {
      object,
      objectId,
      actor,
      target: { kind: 'post', post },
      userIds: [post.authorId],
    });
  return `${done}: not public any more`;
}

/** Keeps what is for the eyes of some authors. */
export async function storeMention(
  context: FederationContext,
  from: {
    object: ForeignObject;
    objectId: string;
    actor: RemoteActor;
    target: LocalObject | null;
    userIds: readonly string[];
  },
): Promise<Result> {
  const { object, objectId, actor, target, userIds } = from;
  for (const userId of userIds) {
    await saveMention(context, {
      userId,
      objectId,
      actorId: actor.id,
      visibility: object.visibility,
      html: commentHtml(object),
      url: object.url ?? objectId,
      inReplyTo: object.inReplyTo,
      postId: target?.post.id ?? null,
    });
  }
  await announceSoon(context);
  return `a message for ${userIds.length === 1 ? 'an author' : `${userIds.length} authors`}`;
}

/** What comes after its Delete is not stored; what it answered is noted, for the answers to it. */
export async function noteEnd(
  context: FederationContext,
  { received, objectId }: { received: Received; objectId: string },
): Promise<Result> {
  const { object, authorId, activity } = received;
  // What is made private was public once, and may be answered; a private message never was.
  const wasPublic = !isPrivate(object) || activity?.type === 'Update';
  if (object.inReplyTo !== null && wasPublic) {
    await noteState(context, 'gone', { object, objectId }, authorId);
    await settleBelow(context, objectId);
  }
  return 'deleted before it came';
}

/** What its author has made private is not shown should an earlier version come late. */
export async function notePrivate(
  context: FederationContext,
  from: { object: ForeignObject; objectId: string; authorId: string },
): Promise<void> {
  if (from.object.inReplyTo === null || !isPrivate(from.object)) return;
  await noteState(context, 'private', from, from.authorId);
  await settleBelow(context, from.objectId);
}

async function noteState(
  context: FederationContext,
  state: AnswerRow['state'],
  { object, objectId }: { object: ForeignObject; objectId: string },
  actorId: string,
): Promise<void> {
  const discussion = await findDiscussion(context, object);
  await putAnswer(tablesOf(context), {
    id: objectId,
    actor_id: actorId,
    in_reply_to: object.inReplyTo,
    state,
    comment_id: null,
    ...(discussion && { post_id: discussion.post.id }),
    version: versionOf(context, object),
    created_at: context.now().toISOString(),
  });
}

/** What says nothing of who may see it changes nothing about that. */
function isPrivate({ visibility, to, cc, audience }: ForeignObject): boolean {
  if (to.length + cc.length + audience.length === 0) return false;
  return visibility === 'followers' || visibility === 'direct';
}

/** When a text was changed, by its author's server, and not later than now: clocks elsewhere may be ahead. */
function versionOf(context: FederationContext, { updated }: ForeignObject): string | null {
  if (updated === null) return null;
  return new Date(Math.min(updated.getTime(), context.now().getTime())).toISOString();
}

/** Whether a later version of the same is known. What is announced as new is older than any change. */
export function isOlder(
  context: FederationContext,
  { object, activity }: Received,
  known: AnswerRow,
): boolean {
  if (known.version === null) return false;
  const version = versionOf(context, object);
  return version === null ? activity?.type === 'Create' : version < known.version;
}

/** Whether it is the version that is known, as far as its time tells. */
export function isUnchanged(context: FederationContext, object: ForeignObject, known: AnswerRow): boolean {
  return versionOf(context, object) === known.version;
}
