import { createHash } from 'node:crypto';
import { GoneError, NotFoundError, type RouteRequest, type RouteResponse } from 'outpost/plugin';
import type { FederationContext } from './context.ts';
import type { Json } from './vocabulary/context-out.ts';

/** The type under which ActivityStreams documents are served. */
const ACTIVITY_JSON = 'application/activity+json; charset=utf-8';

const ACTIVITY_TYPES: ReadonlySet<string> = new Set([
  'application/activity+json',
  'application/ld+json',
  'application/json',
]);
const PAGE_TYPES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml']);

/**
 * Whether a request is a browser's: it prefers a page to JSON. One that says nothing, or takes anything, asks an id for
 * what it stands for.
 * Source: RFC 9110, section 12.5.1
 */
export function prefersPage(request: Pick<RouteRequest, 'headers'>): boolean {
  let page = 0;
  let activity = 0;
  for (const part of (request.headers.accept ?? '').slice(0, 4_096).split(',')) {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const weight = quality === undefined ? 1 : Number(quality) || 0;
    if (PAGE_TYPES.has(type)) page = Math.max(page, weight);
    if (ACTIVITY_TYPES.has(type)) activity = Math.max(activity, weight);
  }
  return page > activity;
}

/** Options of {@link activityJson}. */
type ActivityOptions = { status?: number; maxAgeSeconds?: number };

/**
 * Answers with a document of ours, which caches may keep for a short while. Whoever has it already, by its ETag, is told
 * so. From then on somebody elsewhere knows an id, so that the site keeps its address.
 */
export async function activityJson(
  request: Pick<RouteRequest, 'headers'>,
  context: Pick<FederationContext, 'keepOrigin'>,
  document: Json,
  options: ActivityOptions = {},
): Promise<RouteResponse> {
  return answerReady(request, context, makeReady(document), options);
}

/** A document as it is sent, made once for many who ask. */
export type ReadyDocument = { body: string; etag: string };

/** A document's bytes and what they are known by. */
export function makeReady(document: Json): ReadyDocument {
  const body = JSON.stringify(document);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

/** The same as {@link activityJson}, for a document that is ready. */
export async function answerReady(
  request: Pick<RouteRequest, 'headers'>,
  context: Pick<FederationContext, 'keepOrigin'>,
  { body, etag }: ReadyDocument,
  { status = 200, maxAgeSeconds = 60 }: ActivityOptions = {},
): Promise<RouteResponse> {
  await context.keepOrigin();
  const headers = {
    'Cache-Control': status === 200 ? `public, max-age=${maxAgeSeconds}` : 'no-cache',
    Vary: 'Accept',
    ETag: etag,
  };
  if (status === 200 && knows(request.headers['if-none-match'], etag)) return { status: 304, headers };
  return { status, headers: { ...headers, 'Content-Type': ACTIVITY_JSON }, body };
}

/** The same at a page's address, where no cache may keep it: one that ignores `Vary` would show it to people. */
export async function activityJsonOnPage(
  context: Pick<FederationContext, 'keepOrigin'>,
  document: Json,
): Promise<RouteResponse> {
  await context.keepOrigin();
  return {
    headers: { 'Content-Type': ACTIVITY_JSON, 'Cache-Control': 'no-store', Vary: 'Accept' },
    body: JSON.stringify(document),
  };
}

/** Sends a person on to the page. */
export function toPage(url: string): RouteResponse {
  return { status: 303, headers: { Location: url, Vary: 'Accept', 'Cache-Control': 'no-cache' } };
}

/** @throws NotFoundError always: for what is not there, and in the same words for what is not public */
export function notHere(): never {
  throw new NotFoundError('federation.not_found');
}

/**
 * Says that something was here and is gone: to servers with its Tombstone, to people with a page.
 * @throws GoneError where a page is preferred
 */
export async function goneFromHere(
  request: RouteRequest,
  context: Pick<FederationContext, 'keepOrigin'>,
  tombstone: Json,
): Promise<RouteResponse> {
  if (prefersPage(request)) throw new GoneError('federation.gone');
  return activityJson(request, context, tombstone, { status: 410 });
}

function knows(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*');
}
