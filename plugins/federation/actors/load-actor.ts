import type { FederationContext } from '../context.ts';
import { type ForeignActor, readActor } from '../vocabulary/actor.ts';
import { sameOrigin } from '../vocabulary/ids.ts';
import { readKeyDocument } from '../vocabulary/keys.ts';
import { markActorGone, type RemoteActor, storeActor } from './actor-store.ts';
import { type FetchOptions, fetchDocument, fetchUnidentified } from './fetch-document.ts';

/** What came of asking for an actor. */
export type ActorAnswer =
  | { kind: 'actor'; actor: RemoteActor }
  | { kind: 'gone' }
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable'; reason: string };

/** Fetches under way, so that many who ask at once make one request. */
const underWay = new WeakMap<object, Map<string, Promise<ActorAnswer>>>();

/** Fetches an actor's document from its id and stores it, without looking at what is stored or checking the handle. */
export function loadActor(
  context: FederationContext,
  id: string,
  options: FetchOptions = {},
): Promise<ActorAnswer> {
  const flights = underWay.get(context) ?? new Map<string, Promise<ActorAnswer>>();
  underWay.set(context, flights);
  let flight = flights.get(id);
  if (!flight) {
    flight = load(context, id, options).finally(() => flights.delete(id));
    flights.set(id, flight);
  }
  return flight;
}

async function load(context: FederationContext, id: string, options: FetchOptions): Promise<ActorAnswer> {
  const document = await fetchDocument(context, id, options);
  if (document.kind === 'gone') {
    if (document.status === 404) return refused('There is no such actor.');
    await markActorGone(context, id);
    return { kind: 'gone' };
  }
  if (document.kind !== 'document') return document;
  const read = readActor(document.json);
  if (read.kind === 'refused') return refused(read.reason);
  return keepActor(context, read.actor, options);
}

/** Stores an actor that was just fetched from its own id. Keys that are documents of their own are fetched as well. */
export async function keepActor(
  context: FederationContext,
  actor: ForeignActor,
  options: FetchOptions,
): Promise<ActorAnswer> {
  const publicKeys = await Promise.all(
    actor.publicKeys.map((key) => withPem(context, actor.id, key, options)),
  );
  const stored = await storeActor(context, { ...actor, publicKeys });
  return stored ? { kind: 'actor', actor: stored } : refused('The actor has no inbox or no usable name.');
}

/** `publicKey` is an id in some documents. What it leads to must be on the actor's server and name the actor. */
async function withPem(
  context: FederationContext,
  actorId: string,
  key: ForeignActor['publicKeys'][number],
  options: FetchOptions,
): Promise<ForeignActor['publicKeys'][number]> {
  if (key.pem !== null || key.owner !== actorId || !sameOrigin(key.id, actorId)) return key;
  const document = await fetchUnidentified(context, key.id, options);
  if (document.kind !== 'document') return key;
  const read = readKeyDocument(document.json);
  return read.kind === 'key' && read.key.id === key.id && read.key.owner === actorId ? read.key : key;
}

function refused(reason: string): ActorAnswer {
  return { kind: 'refused', reason };
}
