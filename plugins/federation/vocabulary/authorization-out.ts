import type { AuthorizationRow } from '../quotes/quote-tables.ts';
import { type Json, plainContext } from './context-out.ts';

type Kind = AuthorizationRow['kind'];

const fep044f = 'https://w3id.org/fep/044f#';
const gts = 'https://gotosocial.org/ns#';

const grants: Readonly<Record<Kind, { type: string; request: string; namespace: string }>> = {
  quote: { type: 'QuoteAuthorization', request: 'QuoteRequest', namespace: fep044f },
  reply: { type: 'ReplyAuthorization', request: 'ReplyRequest', namespace: gts },
  like: { type: 'LikeAuthorization', request: 'LikeRequest', namespace: gts },
  boost: { type: 'AnnounceAuthorization', request: 'AnnounceRequest', namespace: gts },
};

/** What is asked for with a request of this type, or null. */
export function kindOfRequest(type: string): Kind | null {
  switch (type) {
    case 'QuoteRequest':
      return 'quote';
    case 'ReplyRequest':
      return 'reply';
    case 'LikeRequest':
      return 'like';
    case 'AnnounceRequest':
      return 'boost';
    default:
      return null;
  }
}

/** A request as it was received: the members by which the one who sent it knows it again. */
export type ReceivedRequest = {
  id: string | null;
  type: string;
  actor: string;
  object: string;
  instrument: string;
};

/** An author's word that something elsewhere may stand, with the ids of both sides. */
type Grant = { id: string; kind: Kind; author: string; objectId: string; targetId: string };

const reference = (id: string) => ({ '@id': id, '@type': '@id' });

/**
 * The author's word as a document, for everybody who comes upon the quote, reply, like or boost and wants to know.
 * Source: FEP-044f, "QuoteAuthorization"; GoToSocial, documentation "Interaction policy"
 */
export function authorizationOf(grant: Grant): Json {
  const { type, namespace } = grants[grant.kind];
  return {
    '@context': [
      plainContext,
      {
        gts,
        [type]: `${namespace}${type}`,
        interactingObject: reference('gts:interactingObject'),
        interactionTarget: reference('gts:interactionTarget'),
      },
    ],
    ...membersOf(grant),
  };
}

function membersOf({ id, kind, author, objectId, targetId }: Grant): Json {
  return {
    id,
    type: grants[kind].type,
    attributedTo: author,
    interactingObject: objectId,
    interactionTarget: targetId,
  };
}

/** Answers a request: with the address of the authorization where it is granted. To the one who asked alone. */
export function answerTo(
  { id, actor }: { id: string; actor: string },
  kind: Kind,
  { request, result }: { request: ReceivedRequest; result: string | null },
): Json {
  const { request: type, namespace } = grants[kind];
  return {
    '@context': [plainContext, { [type]: `${namespace}${type}` }],
    id,
    type: result === null ? 'Reject' : 'Accept',
    actor,
    to: [request.actor],
    object: requestJson(request),
    ...(result !== null && { result }),
  };
}

function requestJson({ id, type, actor, object, instrument }: ReceivedRequest): Json {
  return { ...(id !== null && { id }), type, actor, object, instrument };
}

/** Takes an authorization back: the whole of it, because some know it by its sides and not by its id. */
export function revocationOf({ id, actor }: { id: string; actor: string }, grant: Grant, to: string): Json {
  const { '@context': context } = authorizationOf(grant);
  return { '@context': context, id, type: 'Delete', actor, to: [to], object: membersOf(grant) };
}
