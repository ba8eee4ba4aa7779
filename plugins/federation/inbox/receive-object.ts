import { fetchDocument } from '../actors/fetch-document.ts';
import { findLocalActor } from '../actors/local-actors.ts';
import type { RemoteActor } from '../actors/remote-actors.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { saveMention } from '../mentions/mention-store.ts';
import { levelFor } from '../moderation/block.ts';
import { findBlocks } from '../moderation/block-store.ts';
import { announceSoon } from '../notices/announce-soon.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { sameOrigin } from '../vocabulary/ids.ts';
import { authorOf, type ForeignObject, readObject } from '../vocabulary/object.ts';
import { decideReception } from './audience.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { commentHtml } from './comment-html.ts';
import { forgetObject, isGone } from './gone.ts';
import { asCommentAuthor, knownActor } from './known-actor.ts';
import { findTarget } from './local-target.ts';

/**
 * Takes in what somebody wrote elsewhere: a comment where it publicly answers something here, a private message or a
 * mention where it is meant for an author, nothing otherwise. What is known already is not stored again.
 * @param authorId whose it is, by their own signature or their own server
 */
export async function receiveObject(
  context: FederationContext,
  { object, authorId }: { object: ForeignObject; authorId: string },
  how: Circumstances,
): Promise<Result> {
  const objectId = object.id;
  if (objectId === null) return 'without an id';
  if (object.type === 'Tombstone') return 'already deleted';
  if (await isGone(context, { id: objectId, actorId: authorId })) return 'deleted before it came';
  const target = object.inReplyTo === null ? null : await findTarget(context, object.inReplyTo);
  const reception = decideReception(object, {
    answers: target !== null,
    owner: target?.post.authorId ?? null,
    addressed: await addressedAuthors(context, object),
  });
  if (reception.kind === 'drop') return `dropped: ${reception.reason}`;
  if (how.level === 'silence') return 'dropped: silenced';
  const actor = await knownActor(context, authorId, how.budget);
  if (!actor) return 'dropped: the account is gone';
  if (reception.kind === 'comment' && target)
    return storeComment(context, { object, objectId, actor, target });
  if (reception.kind !== 'mention') return 'dropped';
  return storeMention(context, { object, objectId, actor, target, userIds: reception.userIds });
}

/**
 * Asks an object's own server for it, because a third party spoke of it. What is found there is taken as if its author
 * had sent it; what is gone there is gone here.
 */
export async function receiveFetched(
  context: FederationContext,
  objectId: string,
  how: Circumstances,
): Promise<Result> {
  const comment = await context.comments.findReceived(objectId);
  const answer = await fetchDocument(context, objectId, { budget: how.budget, timeoutMs: 10_000 });
  if (answer.kind === 'unreachable') throw new Error(`${objectId} could not be fetched: ${answer.reason}`);
  if (answer.kind === 'refused') return `dropped: ${answer.reason}`;
  const reading = answer.kind === 'document' ? readObject(answer.json) : null;
  // Some servers answer 404 to whom they do not want to answer; only 410 and a Tombstone say that it is gone.
  const isDeleted =
    (answer.kind === 'gone' && answer.status === 410) ||
    (reading?.kind === 'object' && reading.object.type === 'Tombstone');
  if (isDeleted) {
    const owner = comment?.externalAuthorId ?? null;
    return owner === null ? 'nothing to delete' : forgetObject(context, { objectId, actorId: owner });
  }
  if (reading?.kind !== 'object') return 'dropped: no object';
  const authorId = authorOf(reading.object, objectId);
  if (authorId === null || !sameOrigin(authorId, objectId)) return 'dropped: without an author there';
  const blocks = await findBlocks(tablesOf(context), { host: new URL(authorId).host, actorId: authorId });
  const level = levelFor(blocks);
  if (level === 'block') return 'dropped: blocked';
  if (comment) return changeComment(context, { object: reading.object, objectId, authorId });
  return receiveObject(context, { object: reading.object, authorId }, { ...how, level });
}

/** Gives a comment or a private message the text that its original has now. */
export async function changeComment(
  context: FederationContext,
  { object, objectId, authorId }: { object: ForeignObject; objectId: string; authorId: string },
): Promise<Result> {
  const isPrivate = object.visibility === 'followers' || object.visibility === 'direct';
  if (isPrivate)
    return `${await forgetObject(context, { objectId, actorId: authorId })}: not public any more`;
  const html = commentHtml(object);
  if (html === '') return 'unchanged: an empty text';
  const change = { externalId: objectId, externalAuthorId: authorId, html, language: object.language };
  return (await context.comments.change(change)) ? 'changed the comment' : 'not the author’s own';
}

async function storeComment(
  context: FederationContext,
  from: { object: ForeignObject; objectId: string; actor: RemoteActor; target: LocalObject },
): Promise<Result> {
  const { object, objectId, actor, target } = from;
  const receipt = await context.comments.receive({
    postId: target.post.id,
    parentId: target.kind === 'comment' ? target.comment.id : null,
    author: asCommentAuthor(actor),
    html: commentHtml(object),
    externalId: objectId,
    externalUrl: object.url ?? objectId,
    externalAuthorId: actor.id,
    language: object.language,
    ...(object.published && { createdAt: object.published.toISOString() }),
  });
  if (receipt.kind === 'refused') return `dropped: ${receipt.reason}`;
  // Its Delete may have come while the author was being fetched.
  if (await isGone(context, { id: objectId, actorId: actor.id })) {
    return forgetObject(context, { objectId, actorId: actor.id });
  }
  if (receipt.kind === 'known') return 'a comment that is known';
  await announceSoon(context);
  return `a comment: ${receipt.comment.status}`;
}

async function storeMention(
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

/** The authors of this site whom an object mentions or is addressed to. */
async function addressedAuthors(context: FederationContext, object: ForeignObject): Promise<string[]> {
  const { hostname } = new URL(context.origin);
  const named = new Set([...object.mentions.map(({ href }) => href), ...object.to, ...object.cc]);
  const userIds = new Set<string>();
  for (const iri of named) {
    if (URL.parse(iri)?.hostname !== hostname) continue;
    const actor = await findLocalActor(context, iri);
    if (actor) userIds.add(actor.userId);
  }
  return [...userIds];
}
