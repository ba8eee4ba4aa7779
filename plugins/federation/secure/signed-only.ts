import type { Representation, Route, RouteRequest, RouteResponse } from 'outpost/plugin';
import { prefersPage } from '../answer.ts';
import type { FederationContext } from '../context.ts';
import { authenticate } from '../inbox/authenticate.ts';
import { countRequest } from '../inbox/limits.ts';
import { blockLevelOf } from '../moderation/block-level.ts';

/** Who asks, by the signature of the request, or what they are answered instead. */
type Asker = { kind: 'known' } | { kind: 'unknown' } | { kind: 'refused'; answer: RouteResponse };

type Respond = (request: RouteRequest) => Promise<RouteResponse | null> | RouteResponse | null;

/** Members of an actor without which nobody could check what it signs, nor send it anything. */
const stubMembers = [
  '@context',
  'id',
  'type',
  'preferredUsername',
  'inbox',
  'publicKey',
  'assertionMethod',
] as const;

/** What is given to everybody in any case: two servers that both ask for signatures would wait for each other. */
const alwaysPublic = /^\/ap\/site(?:\/|$)/;
const actorPath = '/ap/users/:userId';

/**
 * The same routes, in secure mode open to servers that sign what they ask for and are not blocked. Of an author everybody
 * gets what is needed to check signatures; people are sent on to pages as ever.
 * Source: ActivityPub and HTTP Signatures (SWICG report), section 3 (authorized fetch)
 */
export function signedOnly(routes: readonly Route<FederationContext>[]): Route<FederationContext>[] {
  return routes.map((route) => {
    if (route.method !== 'GET' || alwaysPublic.test(route.path)) return route;
    const isActor = route.path === actorPath;
    return {
      ...route,
      async handler(request, context) {
        const respond: Respond = (asked) => route.handler(asked, context);
        return (await guard(request, context, { respond, isActor })) ?? unsigned;
      },
    };
  });
}

/** The same for the other forms of pages. */
export function signedOnlyForms(
  representations: readonly Representation<FederationContext>[],
): Representation<FederationContext>[] {
  return representations.map((representation) => ({
    ...representation,
    respond(id, request, context) {
      const respond: Respond = (asked) => representation.respond(id, asked, context);
      return guard(request, context, { respond, isActor: representation.of === 'author' });
    },
  }));
}

async function guard(
  request: RouteRequest,
  context: FederationContext,
  { respond, isActor }: { respond: Respond; isActor: boolean },
): Promise<RouteResponse | null> {
  const { secureMode } = await context.settings.get();
  if (!secureMode) return respond(request);
  if (prefersPage(request)) {
    const answer = await respond(request);
    if (!isDocument(answer)) return answer;
  }
  const asker = await askerOf(request, context);
  if (asker.kind === 'refused') return asker.answer;
  if (asker.kind === 'known') {
    const answer = await respond(request);
    return answer && { ...answer, headers: { ...answer.headers, ...forOneAsker } };
  }
  if (!isActor) return unsigned;
  // An ETag of the whole would be answered with "unchanged".
  const answer = await respond({ ...request, headers: { ...request.headers, 'if-none-match': undefined } });
  return answer && stubOf(answer);
}

/** Not all that stands under an id has a page, whatever is asked for; and others may weigh an Accept in another way. */
function isDocument(answer: RouteResponse | null): boolean {
  const headers = new Headers({ ...answer?.headers });
  return answer?.status === 304 || /json/i.test(headers.get('content-type') ?? '');
}

/** No cache hands out what was given to somebody who said who they are. */
const forOneAsker = { 'Cache-Control': 'private, no-cache', Vary: 'Accept, Signature' };

/** Source: RFC 9110, section 11.6.1; RFC 9421, section 5.1 (Accept-Signature) */
const unsigned: RouteResponse = problem(401, 'This site shows this to servers that sign what they ask for.', {
  'WWW-Authenticate': 'Signature headers="(request-target) host date"',
  'Accept-Signature': 'sig1=("@method" "@target-uri");created;keyid',
});

async function askerOf(request: RouteRequest, context: FederationContext): Promise<Asker> {
  if (request.headers.signature === undefined) return { kind: 'unknown' };
  const flood = await countRequest(context, request.ip);
  if (flood) {
    const headers = { 'Retry-After': String(flood.retryAfterSeconds) };
    return { kind: 'refused', answer: problem(429, 'Too many requests.', headers) };
  }
  const identity = await authenticate(request, context);
  if (identity.kind === 'signer') {
    const { actorId } = identity;
    const level = await blockLevelOf(context, { host: new URL(actorId).host, actorId });
    if (level !== 'block') return { kind: 'known' };
  } else if (identity.kind === 'gone' || !(await isFromBlocked(context, identity.keyId))) {
    return { kind: 'unknown' };
  }
  return { kind: 'refused', answer: problem(403, 'This site shows nothing to servers that it has blocked.') };
}

/** Whether a key could not be had because its server is blocked, and so was not asked for it. */
async function isFromBlocked(context: FederationContext, keyId: string | undefined): Promise<boolean> {
  const host = keyId === undefined ? '' : URL.parse(keyId)?.host || /^acct:.*@([^@\s/]+)$/i.exec(keyId)?.[1];
  return host ? (await blockLevelOf(context, { host, actorId: null })) === 'block' : false;
}

/** Who is gone, and who never was, is no secret: what is said of them stays as it is. */
function stubOf(answer: RouteResponse): RouteResponse {
  const headers = { ...answer.headers, 'Cache-Control': 'no-store', Vary: 'Accept, Signature' };
  if ((answer.status ?? 200) !== 200 || typeof answer.body !== 'string') return { ...answer, headers };
  const whole: Record<string, unknown> = JSON.parse(answer.body);
  const stub = Object.fromEntries(stubMembers.map((name) => [name, whole[name]]));
  const { ETag: _, ...others } = { ETag: '', ...headers };
  return { headers: others, body: JSON.stringify(stub) };
}

/** Source: RFC 9457 */
function problem(status: number, detail: string, more: Record<string, string> = {}): RouteResponse {
  const headers = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    Vary: 'Accept, Signature',
    ...more,
  };
  return { status, headers, body: JSON.stringify({ type: 'about:blank', status, detail }) };
}
