import {
  FetchFailedError,
  FetchRefusedError,
  FetchTimeoutError,
  FetchTooLargeError,
  type SafeFetchResponse,
} from 'outpost/plugin';
import { SITE } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { levelFor } from '../moderation/block.ts';
import { findBlocks } from '../moderation/block-store.ts';
import { signCavage, signRfc9421 } from '../signatures/sign.ts';
import { isId, sameOrigin } from '../vocabulary/ids.ts';
import { MalformedJsonError, parseJson } from '../vocabulary/json.ts';
import { documentNode } from '../vocabulary/terms.ts';
import { createHostGate, type HostGate } from './host-gate.ts';
import { signingKeyOf } from './keys.ts';

/** What came of asking another server. `reason` is one plain sentence; what is `unreachable` may be there later. */
export type NotFetched =
  | { kind: 'gone'; status: 404 | 410 }
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable'; reason: string };

/** A document that was fetched; `url` is where it really is. */
export type Fetched = { kind: 'document'; json: unknown; url: string };

/** How far a fetch may go. */
export type FetchOptions = {
  /** Milliseconds for everything that follows from it. Default: 20,000. */
  timeoutMs?: number;
  /** Requests that may still be made for what caused this one; counted down. Unlimited where absent. */
  budget?: { left: number };
};

/** ActivityStreams in the order in which every server understands it, and never HTML. */
const ACCEPT =
  'application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/activity+json';
const DEFAULT_TIMEOUT_MS = 20_000;

/** Answers that may mean that the signature's kind is not understood. */
const TRY_OTHER_SCHEME: ReadonlySet<number> = new Set([400, 401, 403]);

const gates = new WeakMap<object, HostGate>();

function gateOf(context: FederationContext): HostGate {
  let gate = gates.get(context);
  if (!gate) {
    gate = createHostGate(() => performance.now());
    gates.set(context, gate);
  }
  return gate;
}

/**
 * Fetches an ActivityStreams document by its id, signed by the site. It is believed only where it was served from the
 * id's own origin and calls itself by the address at which it was found; one that names another id of the same origin
 * is fetched from there once more.
 *
 * Source: FEP-fe34 (origin-based security model); ActivityPub, section 3.2.
 */
export async function fetchDocument(
  context: FederationContext,
  id: string,
  options: FetchOptions = {},
): Promise<Fetched | NotFetched> {
  const until = deadline(options);
  const first = await fetchUnidentified(context, id, { ...options, timeoutMs: until() });
  if (first.kind !== 'document') return first;
  const named = documentNode(first.json)?.id;
  if (named === first.url) return first;
  if (!isId(named)) return refused('The document has no id.');
  if (!sameOrigin(named, id)) return refused('The document claims an id of another server.');
  const second = await fetchUnidentified(context, named, { ...options, timeoutMs: until() });
  if (second.kind !== 'document') return second;
  if (documentNode(second.json)?.id !== second.url) {
    return refused('The document calls itself by another id than the address it was found at.');
  }
  return second;
}

/** Milliseconds that are left for all of several fetches. */
export function deadline({ timeoutMs = DEFAULT_TIMEOUT_MS }: FetchOptions): () => number {
  const end = performance.now() + timeoutMs;
  return () => Math.max(1, Math.round(end - performance.now()));
}

/**
 * Fetches an ActivityStreams document, whatever it calls itself: for keys, which name their owner, and for nothing that
 * is believed as it stands. It does not leave the origin.
 */
export async function fetchUnidentified(
  context: FederationContext,
  address: string,
  options: FetchOptions = {},
): Promise<Fetched | NotFetched> {
  if (!isId(address)) return refused('The address is not one that can be fetched.');
  if (sameOrigin(address, context.origin)) return refused('The address is one of this site.');
  const until = deadline(options);
  for (const sign of [signCavage, signRfc9421]) {
    const answer = await request(context, address, { ...options, timeoutMs: until() }, sign);
    if (!('status' in answer) || 'kind' in answer) return answer;
    if (sign === signCavage && TRY_OTHER_SCHEME.has(answer.status)) continue;
    return documentIn(answer);
  }
  return refused('The server does not accept our signature.');
}

async function request(
  context: FederationContext,
  address: string,
  { timeoutMs = DEFAULT_TIMEOUT_MS, budget }: FetchOptions,
  sign: typeof signCavage,
): Promise<SafeFetchResponse | NotFetched> {
  if (budget && budget.left <= 0)
    return { kind: 'unreachable', reason: 'Too much would have to be fetched.' };
  if (budget) budget.left -= 1;
  const key = await signingKeyOf(context, SITE);
  return guarded(context, address, timeoutMs, (signal) =>
    context.network(address, {
      headers: { accept: ACCEPT },
      timeoutMs,
      redirects: 'same-origin',
      sign: ({ method, url }) => sign(key, { method, url, now: context.now() }),
      signal,
    }),
  );
}

/**
 * Makes one request to a host within its limits, none to one that is blocked, and turns what can go wrong into words.
 * @throws nothing but what is our own fault
 */
export async function guarded(
  context: FederationContext,
  address: string,
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<SafeFetchResponse>,
): Promise<SafeFetchResponse | NotFetched> {
  const host = URL.parse(address)?.host ?? '';
  const blocks = await findBlocks(tablesOf(context), { host, actorId: null });
  if (levelFor(blocks) === 'block') return refused(`${host} is blocked here.`);
  const gate = gateOf(context);
  const signal = AbortSignal.timeout(Math.max(1, Math.round(timeoutMs)));
  try {
    const answer = await gate.enter(host, () => ask(signal), signal);
    if (answer === null)
      return { kind: 'unreachable', reason: `${host} failed too often; it is left alone for a minute.` };
    if (answer.status >= 500 || answer.status === 429) {
      if (answer.status !== 429) gate.failed(host);
      return { kind: 'unreachable', reason: `${host} answered ${answer.status}.` };
    }
    return answer;
  } catch (error) {
    if (error instanceof FetchRefusedError || error instanceof FetchTooLargeError)
      return refused(error.message);
    if (error instanceof FetchFailedError || error instanceof FetchTimeoutError) {
      gate.failed(host);
      return { kind: 'unreachable', reason: error.message };
    }
    throw error;
  }
}

function documentIn(answer: SafeFetchResponse): Fetched | NotFetched {
  const { status } = answer;
  if (status === 404 || status === 410) return { kind: 'gone', status };
  if (status !== 200) return refused(`The server answered ${status}.`);
  if (!isActivityStreams(answer.headers['content-type'] ?? '')) {
    return refused('The answer is not ActivityStreams.');
  }
  return jsonIn(answer);
}

/** The JSON in an answer's body. */
export function jsonIn(answer: SafeFetchResponse): Fetched | NotFetched {
  try {
    return { kind: 'document', json: parseJson(answer.body), url: answer.url };
  } catch (error) {
    if (error instanceof MalformedJsonError) return refused(error.publicMessage);
    throw error;
  }
}

/**
 * Whether a `Content-Type` says ActivityStreams. Nothing else is taken for it: whoever may upload a file to a server
 * could speak for everybody on it.
 * Source: ActivityPub, section 3.2
 */
export function isActivityStreams(contentType: string): boolean {
  const [essence = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (essence.toLowerCase() === 'application/activity+json') return true;
  if (essence.toLowerCase() !== 'application/ld+json') return false;
  return parameters.some((parameter) => {
    const [, profiles] = /^profile\s*=\s*"?([^"]*)"?$/i.exec(parameter) ?? [];
    return profiles?.split(/\s+/).includes('https://www.w3.org/ns/activitystreams') ?? false;
  });
}

function refused(reason: string): NotFetched {
  return { kind: 'refused', reason };
}
