import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { handleHost } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { importPublicKey, UnusableKeyError } from '../signatures/keys.ts';
import { readActor } from '../vocabulary/actor.ts';
import { isId } from '../vocabulary/ids.ts';
import { readKeyDocument } from '../vocabulary/keys.ts';
import { actorAddress } from '../vocabulary/webfinger.ts';
import {
  claimKeyRefetch,
  findActor,
  findActorByHandle,
  findActors,
  type RemoteActor,
  removeActor,
} from './actor-store.ts';
import { deadline, type FetchOptions, fetchUnidentified } from './fetch-document.ts';
import { type ActorAnswer, keepActor, loadActor } from './load-actor.ts';
import { askWebFinger } from './webfinger-client.ts';

/** Whose key it is and the key itself, or why there is none. */
export type KeyAnswer =
  | { kind: 'key'; actorId: string; key: KeyObject }
  | { kind: 'gone' }
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable'; reason: string };

/** Everything that resolving one key may take, within an answer to a waiting sender. */
const TIMEOUT_MS = 4_000;
const REFETCH_COOLDOWN_MS = 5 * 60_000;
/** A key is asked for again after that time even if it still fits; an unreachable server does not make it unusable. */
const MAX_AGE_MS = 7 * 86_400_000;
/** How long an actor that is gone is not asked for again: it may come back. */
const GONE_MS = 86_400_000;

type Memory = {
  keys: LRUCache<string, { actorId: string; key: KeyObject }>;
  failures: LRUCache<string, Exclude<KeyAnswer, { kind: 'key' }>>;
  underWay: Map<string, Promise<KeyAnswer>>;
  /** Actors who were met by a signature alone that nobody has found good yet. */
  unproven: LRUCache<string, true>;
};

const memories = new WeakMap<object, Memory>();

function memoryOf(context: FederationContext): Memory {
  let memory = memories.get(context);
  if (!memory) {
    memory = {
      keys: new LRUCache({ max: 20_000, ttl: 10 * 60_000 }),
      failures: new LRUCache({ max: 20_000, ttl: 60_000 }),
      underWay: new Map(),
      unproven: new LRUCache({ max: 20_000, ttl: REFETCH_COOLDOWN_MS }),
    };
    memories.set(context, memory);
  }
  return memory;
}

/**
 * The key that a signature names, and the actor who owns it: from memory, from what is stored, or fetched. The key is
 * believed only where the owner's own document lists it.
 *
 * With `refetch`, because a signature did not fit, the owner's document is fetched anew, at most once in five minutes for
 * each actor; until then the answer is the key as it is known.
 *
 * Source: ActivityPub and HTTP Signatures (SWICG report), section 2; FEP-fe34.
 */
export async function resolveKey(
  context: FederationContext,
  keyId: string,
  {
    refetch,
    budget,
    timeoutMs = TIMEOUT_MS,
  }: { refetch: boolean; budget?: { left: number }; timeoutMs?: number },
): Promise<KeyAnswer> {
  const memory = memoryOf(context);
  const known = memory.keys.get(keyId);
  // Who is met for the first time was asked a moment ago.
  if (known && (!refetch || memory.unproven.has(known.actorId))) return { kind: 'key', ...known };
  const failure = memory.failures.get(keyId);
  if (failure) return failure;
  const flight = `${keyId} ${refetch}`;
  let answer = memory.underWay.get(flight);
  if (!answer) {
    const options: FetchOptions = budget ? { timeoutMs, budget } : { timeoutMs };
    answer = findKey(context, keyId, refetch, options)
      .then((found) => remember(memory, keyId, found, refetch))
      .finally(() => memory.underWay.delete(flight));
    memory.underWay.set(flight, answer);
  }
  return answer;
}

/** A signature with this actor's key was good: what was fetched in order to check it is kept. */
export function confirmOwner(context: FederationContext, actorId: string): void {
  memoryOf(context).unproven.delete(actorId);
}

/** A signature was not good: what was fetched of somebody unknown in order to check it is not kept. */
export async function forgetOwner(context: FederationContext, actorId: string): Promise<void> {
  if (memoryOf(context).unproven.has(actorId)) await removeActor(context, actorId);
}

/** Forgets a key that was kept in memory, after its owner's document changed. */
export function forgetKeys(context: FederationContext, actorId: string): void {
  const { keys } = memoryOf(context);
  for (const [keyId, known] of keys.entries()) if (known.actorId === actorId) keys.delete(keyId);
}

function remember(memory: Memory, keyId: string, answer: KeyAnswer, refetch: boolean): KeyAnswer {
  if (answer.kind === 'key') {
    memory.keys.set(keyId, { actorId: answer.actorId, key: answer.key });
  } else if (!refetch) {
    memory.failures.set(keyId, answer);
  } else if (answer.kind !== 'unreachable') {
    // A forged signature causes a refetch as well: it must not make the true owner's key unusable for a while.
    memory.keys.delete(keyId);
  }
  return answer;
}

async function findKey(
  context: FederationContext,
  keyId: string,
  refetch: boolean,
  options: FetchOptions,
): Promise<KeyAnswer> {
  const handle = HANDLE.exec(keyId)?.[1];
  if (handle === undefined && !isId(keyId)) return { kind: 'refused', reason: 'The keyId is no address.' };
  const owner = handle ? await findActorByHandle(context, `@${handle}`) : await findOwner(context, keyId);
  if (!owner) return handle ? fetchKeyOf(context, handle, options) : fetchKey(context, keyId, options);
  if (owner.goneAt && ageMs(context, owner.goneAt) < GONE_MS) return { kind: 'gone' };
  const isListed = listedKey(owner, keyId) !== undefined;
  const isOld = owner.goneAt !== null || ageMs(context, owner.fetchedAt) > MAX_AGE_MS;
  if (!refetch && isListed && !isOld) return keyOf(owner, keyId);
  if (!(await claimKeyRefetch(context, owner.id, REFETCH_COOLDOWN_MS))) return keyOf(owner, keyId);
  const fresh = await loadActor(context, owner.id, options);
  if (fresh.kind === 'unreachable' && !refetch) return keyOf(owner, keyId);
  return keyOfAnswer(fresh, keyId);
}

/** How PeerTube and Discourse may name the only key of an account. */
const HANDLE = /^acct:@?([^@\s/?#]{1,255}@[^@\s/?#]{1,255})$/i;

/** The key of an account that is named by its handle: what its host's WebFinger leads to, and no more than a name. */
async function fetchKeyOf(
  context: FederationContext,
  handle: string,
  options: FetchOptions,
): Promise<KeyAnswer> {
  const [username = '', host = ''] = handle.split('@');
  if (host.toLowerCase() === handleHost(context.origin))
    return { kind: 'refused', reason: 'No account of this site signs requests to it.' };
  const until = deadline(options);
  const answer = await askWebFinger(context, { username, host }, options);
  if (answer.kind === 'gone') return { kind: 'refused', reason: 'There is no such account.' };
  if (answer.kind !== 'account') return answer;
  const ownerId = actorAddress(answer.account);
  if (ownerId === null) return { kind: 'refused', reason: 'The account has no actor.' };
  const load = () => loadActor(context, ownerId, { ...options, timeoutMs: until() });
  return keyOfStranger(context, `acct:${handle}`, { ownerId, meet: load });
}

/** The stored actor that lists this key. A key's address nearly always begins with its owner's. */
async function findOwner(context: FederationContext, keyId: string): Promise<RemoteActor | null> {
  const withoutHash = keyId.split('#', 1)[0] ?? keyId;
  const above = withoutHash.replace(/\/[^/]*$/, '');
  // (streams) has its key at `?operation=rsakey`.
  const withoutQuery = withoutHash.split('?', 1)[0] ?? withoutHash;
  const actors = await findActors(context, [...new Set([withoutHash, above, withoutQuery])]);
  const candidates = [...actors.values()];
  return (
    candidates.find(({ keys }) => keys.some(({ id }) => id === keyId)) ??
    candidates.find(({ id, goneAt }) => id === withoutHash || (id === above && goneAt !== null)) ??
    null
  );
}

/**
 * Fetches what a key's address gives: its owner's document, a stub of it that is there for the key alone (GoToSocial),
 * or the key by itself; in the last two cases the owner is fetched and must list the key.
 */
async function fetchKey(
  context: FederationContext,
  keyId: string,
  options: FetchOptions,
): Promise<KeyAnswer> {
  const until = deadline(options);
  const withoutHash = keyId.split('#', 1)[0] ?? keyId;
  const document = await fetchUnidentified(context, withoutHash, options);
  if (document.kind === 'gone') {
    return document.status === 410 ? { kind: 'gone' } : { kind: 'refused', reason: 'There is no such key.' };
  }
  if (document.kind !== 'document') return document;
  const read = readActor(document.json);
  if (read.kind === 'actor' && read.actor.id === document.url && !read.actor.keyOnly) {
    const { actor } = read;
    const keep = () => keepActor(context, actor, { ...options, timeoutMs: until() });
    return keyOfStranger(context, keyId, { ownerId: actor.id, meet: keep });
  }
  const alone = readKeyDocument(document.json);
  const ownerId = read.kind === 'actor' ? read.actor.id : alone.kind === 'key' ? alone.key.owner : null;
  if (ownerId === null) return { kind: 'refused', reason: 'The keyId leads to neither a key nor an actor.' };
  const load = () => loadActor(context, ownerId, { ...options, timeoutMs: until() });
  return keyOfStranger(context, keyId, { ownerId, meet: load });
}

/** The key of somebody who may be met for the first time; who does not list it is not remembered. */
async function keyOfStranger(
  context: FederationContext,
  keyId: string,
  { ownerId, meet }: { ownerId: string; meet: () => Promise<ActorAnswer> },
): Promise<KeyAnswer> {
  const isNew = (await findActor(context, ownerId)) === null;
  const answer = keyOfAnswer(await meet(), keyId);
  if (!isNew) return answer;
  if (answer.kind === 'key') memoryOf(context).unproven.set(answer.actorId, true);
  else await removeActor(context, ownerId);
  return answer;
}

function keyOfAnswer(answer: ActorAnswer, keyId: string): KeyAnswer {
  return answer.kind === 'actor' ? keyOf(answer.actor, keyId) : answer;
}

/** Who is named instead of a key, by id or handle, means the first. */
function listedKey(
  { id: ownerId, keys }: RemoteActor,
  keyId: string,
): RemoteActor['keys'][number] | undefined {
  const listed = keys.find(({ id }) => id === keyId);
  return listed ?? (keyId === ownerId || HANDLE.test(keyId) ? keys[0] : undefined);
}

function keyOf(owner: RemoteActor, keyId: string): KeyAnswer {
  const listed = listedKey(owner, keyId);
  if (!listed) return { kind: 'refused', reason: 'The owner of the key does not list it.' };
  try {
    return { kind: 'key', actorId: owner.id, key: importPublicKey(listed.pem) };
  } catch (error) {
    if (error instanceof UnusableKeyError) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

function ageMs(context: FederationContext, since: string): number {
  return context.now().getTime() - Date.parse(since);
}
