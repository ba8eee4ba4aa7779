import {
  FetchFailedError,
  FetchRefusedError,
  FetchTimeoutError,
  FetchTooLargeError,
  type SafeFetchResponse,
} from 'outpost/plugin';
import { SITE } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { findHost, noteHost } from '../delivery/host-store.ts';
import { maySignOtherwise } from '../delivery/outcome.ts';
import { blockLevelOf } from '../moderation/block-level.ts';
import { signCavage, signRfc9421 } from '../signatures/sign.ts';
import { isId, sameOrigin } from '../vocabulary/ids.ts';
import { MalformedJsonError, parseJson } from '../vocabulary/json.ts';
import { inUsualTerms } from '../vocabulary/jsonld.ts';
import { documentNode, typesOf } from '../vocabulary/terms.ts';
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

/** A way to sign: by which of the two standards, and whether the query is part of what is signed. */
type Way = { scheme: 'cavage' | 'rfc9421'; includeQuery: boolean };

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
 * is believed as it stands. It does not leave the origin. Where the signature is not understood, the other kind is
 * tried, and remembered where that one is.
 */
export async function fetchUnidentified(
  context: FederationContext,
  address: string,
  options: FetchOptions = {},
): Promise<Fetched | NotFetched> {
  if (!isId(address)) return refused('The address is not one that can be fetched.');
  if (sameOrigin(address, context.origin)) return refused('The address is one of this site.');
  const until = deadline(options);
  const ask = (way: Way) => request(context, address, { ...options, timeoutMs: until() }, way);
  const { host, search } = new URL(address);
  const known = (await findHost(tablesOf(context), host))?.scheme ?? 'cavage';

  const first = await ask({ scheme: known, includeQuery: true });
  if ('kind' in first) return first;
  if (!maySignOtherwise(first.status, host)) return documentIn(first);
  const scheme = known === 'cavage' ? 'rfc9421' : 'cavage';
  const second = await ask({ scheme, includeQuery: true });
  if ('kind' in second) return second;
  if (!maySignOtherwise(second.status, host)) {
    if (second.status === 200) await noteHost(tablesOf(context), host, { scheme });
    return documentIn(second);
  }
  if (first.status !== 401 || search === '') return documentIn(first);
  const bare = await ask({ scheme: 'cavage', includeQuery: false });
  return 'kind' in bare ? bare : documentIn(bare);
}

async function request(
  context: FederationContext,
  address: string,
  { timeoutMs = DEFAULT_TIMEOUT_MS, budget }: FetchOptions,
  { scheme, includeQuery }: Way,
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
      sign: ({ method, url }) => {
        const asked = { method, url, now: context.now() };
        return scheme === 'cavage' ? signCavage(key, { ...asked, includeQuery }) : signRfc9421(key, asked);
      },
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
  if ((await blockLevelOf(context, { host, actorId: null })) === 'block')
    return refused(`${host} is blocked here.`);
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

async function documentIn(answer: SafeFetchResponse): Promise<Fetched | NotFetched> {
  const { status } = answer;
  if (status === 410 || (status === 404 && isTombstone(answer))) return { kind: 'gone', status: 410 };
  if (status === 404) return { kind: 'gone', status };
  if (status !== 200) return refused(`The server answered ${status}.`);
  if (!isActivityStreams(answer.headers['content-type'] ?? '')) {
    return refused('The answer is not ActivityStreams.');
  }
  const document = jsonIn(answer);
  return document.kind === 'document' ? { ...document, json: await inUsualTerms(document.json) } : document;
}

/** 404 alone may only mean that we are not answered; who shows what is left of something says that it is gone. */
function isTombstone(answer: SafeFetchResponse): boolean {
  if (!isActivityStreams(answer.headers['content-type'] ?? '')) return false;
  const document = jsonIn(answer);
  const node = document.kind === 'document' ? documentNode(document.json) : null;
  return node !== null && node.id === answer.url && typesOf(node).includes('Tombstone');
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
