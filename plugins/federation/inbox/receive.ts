import { type RouteRequest, type RouteResponse, UnavailableError } from 'outpost/plugin';
import { findActor } from '../actors/remote-actors.ts';
import type { FederationContext } from '../context.ts';
import { blockLevelOf } from '../moderation/block-level.ts';
import { type ForeignActivity, readActivity } from '../vocabulary/activity.ts';
import { MalformedJsonError, parseJson } from '../vocabulary/json.ts';
import { inUsualTerms } from '../vocabulary/jsonld.ts';
import { agree, idOfRef } from './agree.ts';
import { authenticate } from './authenticate.ts';
import { isHandled } from './handle-activity.ts';
import { takeIn } from './intake.ts';
import { countArrival, countRequest } from './limits.ts';
import { problemWithOwner } from './owner.ts';
import { believePassedOn } from './passed-on.ts';

/** What is answered to something that was sent to an inbox. */
type Verdict =
  | { kind: 'accepted' }
  /** Understood and of no use here: answered like what is. */
  | { kind: 'dropped'; reason: string; activity: ForeignActivity }
  | {
      kind: 'refused';
      status: number;
      reason: string;
      activity?: ForeignActivity;
      retryAfterSeconds?: number;
    };

/**
 * Takes what was sent to an inbox: verified, stored, then answered 202. The checks stand in the order of their cost,
 * and nothing is fetched for a request that an earlier one refuses.
 */
export async function receive(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const verdict = await judge(request, context);
  switch (verdict.kind) {
    case 'accepted':
      return { status: 202 };
    case 'dropped':
      context.log.info({ ...describe(verdict.activity), reason: verdict.reason }, 'dropped an activity');
      return { status: 202 };
    case 'refused': {
      const { status, reason, retryAfterSeconds, activity } = verdict;
      const about = activity ? describe(activity) : {};
      context.log.info({ ...about, ip: request.ip, status, reason }, 'refused what was sent to an inbox');
      return problem(status, reason, retryAfterSeconds);
    }
  }
}

/** Everything that is fetched while a sender waits. */
const fetchingMs = 4_000;

async function judge(request: RouteRequest, context: FederationContext): Promise<Verdict> {
  const startedAt = performance.now();
  const flood = await countRequest(context, request.ip);
  if (flood) return { kind: 'refused', status: 429, reason: 'Too many requests.', ...flood };

  const reading = await read(request.body);
  if (reading.kind === 'refused') return reading;
  let { activity } = reading;
  if (await isBlocked(context, activity.actor)) return refuse(403, fromBlocked, activity);
  if (await isFarewellOfStranger(context, activity)) return { kind: 'accepted' };

  const identity = await authenticate(request, context);
  if (identity.kind === 'refused') return refuse(identity.status, identity.reason, activity);
  if (identity.kind === 'gone') {
    if (!isFarewell(activity) || !(await isKeyOf(context, activity.actor, identity.keyId)))
      return refuse(401, 'The account that signed does not exist any more.', activity);
    return store(request, context, activity, { signerId: activity.actor, isHint: false, isUnverified: true });
  }
  const { actorId: signerId } = identity;
  const limit = await countArrival(context, signerId);
  if (limit) return { ...refuse(429, 'Too many activities; try again later.', activity), ...limit };

  let agreement = agree(signerId, activity);
  if (agreement.kind !== 'own' && signerId !== activity.actor) {
    if (await isBlocked(context, signerId)) return refuse(403, fromBlocked, activity);
    const timeoutMs = Math.round(startedAt + fetchingMs - performance.now());
    const { document } = reading;
    const believed = await believePassedOn(context, { activity, document, timeoutMs });
    if (believed === 'known') return { kind: 'accepted' };
    if (believed) [activity, agreement] = [believed, agree(believed.actor, believed)];
  }
  if (agreement.kind === 'refused') return refuse(403, agreement.reason, activity);
  const problem = agreement.kind === 'own' ? await problemWithOwner(context, activity) : null;
  if (problem !== null) return refuse(403, problem, activity);
  if (!isHandled(activity.type)) return { kind: 'dropped', reason: 'a type that is not handled', activity };
  return store(request, context, activity, {
    signerId,
    isHint: agreement.kind === 'hint',
    isUnverified: false,
  });
}

const fromBlocked = 'This site does not take messages from there.';

async function isBlocked(context: FederationContext, actorId: string): Promise<boolean> {
  const { host } = new URL(actorId);
  return (await blockLevelOf(context, { host, actorId })) === 'block';
}

function refuse(status: number, reason: string, activity: ForeignActivity) {
  return { kind: 'refused', status, reason, activity } as const;
}

/** The canonical form of more, for a proof, would hold everybody else up; the largest real ones have 80 KiB. */
const mostProven = 262_144;

async function read(body: Uint8Array) {
  try {
    const document = parseJson(body);
    const reading = readActivity(await inUsualTerms(document));
    if (reading.kind !== 'activity') return reading;
    return { ...reading, document: body.length <= mostProven ? document : null };
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error;
    return { kind: 'refused', status: 400, reason: error.publicMessage } as const;
  }
}

/** Whether somebody says that their own account is gone. */
function isFarewell(activity: ForeignActivity): boolean {
  return activity.type === 'Delete' && idOfRef(activity.objects[0]) === activity.actor;
}

/** Whether a key that is gone was this account's: anybody can name one that was another's. */
async function isKeyOf(context: FederationContext, actorId: string, keyId: string): Promise<boolean> {
  if (keyId.split('#', 1)[0] === actorId || keyId.startsWith(`${actorId}/`)) return true;
  const actor = await findActor(context, actorId);
  return actor?.keys.some(({ id }) => id === keyId) ?? false;
}

/** Mastodon tells every server that it knows; the key is gone by then, and there is nothing here to delete. */
async function isFarewellOfStranger(context: FederationContext, activity: ForeignActivity): Promise<boolean> {
  if (!isFarewell(activity)) return false;
  const actor = await findActor(context, activity.actor);
  return actor === null || actor.goneAt !== null;
}

async function store(
  request: RouteRequest,
  context: FederationContext,
  activity: ForeignActivity,
  how: { signerId: string; isHint: boolean; isUnverified: boolean },
): Promise<Verdict> {
  try {
    await takeIn(context, { activity, ...how, body: request.body });
  } catch (error) {
    // Our own fault: the sender comes again.
    context.log.error({ ...describe(activity), err: error }, 'an activity could not be stored');
    throw new UnavailableError('federation.inbox', 'An activity could not be stored.');
  }
  return { kind: 'accepted' };
}

/** What is logged of an activity: never what it says. */
function describe({ id, type, actor }: ForeignActivity): Record<string, unknown> {
  return { activity: id, type, actor };
}

/** Source: RFC 9457 */
function problem(status: number, detail: string, retryAfterSeconds?: number): RouteResponse {
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds);
  return { status, headers, body: JSON.stringify({ type: 'about:blank', status, detail }) };
}
