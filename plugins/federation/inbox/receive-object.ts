import { findLocalActor } from '../actors/local-actors.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { refusalOfReply } from '../policies/permit.ts';
import { takeQuote } from '../quotes/take-quote.ts';
import { findAnswer } from '../threads/answer-store.ts';
import { fetchObject } from '../threads/fetch-object.ts';
import { climbOn, placeAnswer } from '../threads/place-answer.ts';
import { endAnswer } from '../threads/settle.ts';
import type { ForeignObject } from '../vocabulary/object.ts';
import { decideReception } from './audience.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { endOf, forgetObject, rememberGoneThere } from './gone.ts';
import { knownActor } from './known-actor.ts';
import type { Received } from './received.ts';
import {
  changeComment,
  isOlder,
  isUnchanged,
  noteEnd,
  notePrivate,
  storeComment,
  storeMention,
} from './store-received.ts';

/**
 * Takes in what somebody wrote elsewhere: a comment where it publicly answers something here, a private message or a
 * mention where it is meant for an author, nothing otherwise. What is known already is not stored again; of several
 * versions the latest counts, in whatever order they come.
 */
export async function receiveObject(
  context: FederationContext,
  received: Received,
  how: Circumstances,
): Promise<Result> {
  const { object, authorId, activity } = received;
  const { id: objectId } = object;
  if (objectId === null) return 'without an id';
  if (object.type === 'Tombstone') return 'already deleted';
  const addressed = await addressedAuthors(context, object);
  const answer = { received, objectId, isAddressed: addressed.length > 0, receive: receiveObject };
  if (await isOver(context, { objectId, authorId, isSent: activity !== undefined }, how)) {
    // The answers to it may be here, or come; they stand below what it answered.
    await placeAnswer(context, answer, how);
    return noteEnd(context, { received, objectId });
  }
  const mayQuote = object.quoteOf !== null || activity?.type === 'Update';
  const quote = mayQuote ? await takeQuote(context, received, how) : null;
  const known = await findAnswer(tablesOf(context), objectId);
  if (known?.state === 'removed') return 'dropped: removed here before';
  if (known && isOlder(context, received, known)) return 'dropped: an older version than is known';
  if (known?.state === 'here') {
    if (activity?.type === 'Create' && isUnchanged(context, object, known)) return 'a comment that is known';
    return changeComment(context, { received, objectId });
  }
  if (activity?.type === 'Update') await notePrivate(context, { object, objectId, authorId });

  const place = await placeAnswer(context, answer, how);
  // Whoever is spoken to hears of it at once, wherever it will stand.
  if (place.kind === 'later' && addressed.length === 0) return 'what it answers is asked for';
  const target = place.kind === 'here' ? place.target : null;
  const owner = target?.post.authorId ?? null;
  const reception = decideReception(object, { answers: target !== null, owner, addressed });
  if (reception.kind === 'drop') return quote ?? `dropped: ${reception.reason}`;
  if (how.level === 'silence') return 'dropped: silenced';
  const actor = await knownActor(context, authorId, how.budget);
  if (!actor) return 'dropped: the account is gone';
  if (reception.kind === 'mention')
    return storeMention(context, { object, objectId, actor, target, userIds: reception.userIds });
  if (place.kind !== 'here') return 'dropped';
  const refusal = await refusalOfReply(context, { target: place.target, actorId: authorId });
  if (refusal) return `dropped: ${refusal}`;
  const result = await storeComment(context, { received, objectId, actor, place });
  // What was heard of it before may be a later version than this one.
  if (activity && known?.state === 'waiting') await climbOn(context, [objectId]);
  return result;
}

/** Whether it was deleted before it came, by the word of its author or, where others have said so, of its server. */
async function isOver(
  context: FederationContext,
  { objectId, authorId, isSent }: { objectId: string; authorId: string; isSent: boolean },
  how: Circumstances,
): Promise<boolean> {
  const end = await endOf(context, { id: objectId, actorId: authorId });
  if (end !== 'doubted' || !isSent) return end === 'gone';
  const answer = await fetchObject(context, objectId, how);
  if (answer.kind === 'unreachable') throw new Error(`${objectId} could not be fetched: ${answer.reason}`);
  if (answer.kind === 'gone') await rememberGoneThere(context, objectId);
  return answer.kind === 'gone';
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
  const answer = await fetchObject(context, objectId, how);
  switch (answer.kind) {
    case 'object':
      return receiveObject(context, answer, { ...how, level: answer.level });
    case 'gone':
      return forgetGone(context, objectId);
    case 'unreachable':
      throw new Error(`${objectId} could not be fetched: ${answer.reason}`);
    case 'refused':
      return `dropped: ${answer.reason}`;
    case 'blocked':
      return 'dropped: blocked';
  }
}

/** What its own server calls gone is removed, and is not taken in should it come late. */
export async function forgetGone(context: FederationContext, objectId: string): Promise<Result> {
  await rememberGoneThere(context, objectId);
  const comment = await context.comments.findReceived(objectId);
  const actorId = comment?.externalAuthorId ?? null;
  if (actorId !== null) return forgetObject(context, { objectId, actorId });
  await endAnswer(context, objectId);
  return 'nothing to delete';
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
