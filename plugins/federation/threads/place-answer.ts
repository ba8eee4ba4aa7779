import { type FederationContext, tablesOf } from '../context.ts';
import type { Circumstances, Result } from '../inbox/circumstances.ts';
import { findTarget } from '../inbox/local-target.ts';
import type { Received } from '../inbox/received.ts';
import type { LocalObject } from '../objects/find-object.ts';
import type { ForeignObject } from '../vocabulary/object.ts';
import { findAnswer, putAnswer, putWaiting } from './answer-store.ts';
import { fetchObject } from './fetch-object.ts';
import { findAbove, findDiscussion, findPlace, type Link, reserve } from './find-place.ts';

/** Below what an answer stands. */
export type FoundPlace = {
  kind: 'here';
  target: LocalObject;
  /** What it answers, as that calls itself. */
  inReplyTo: string | null;
  /** Whether that is the target, and not something above it. */
  isDirect: boolean;
};

/** An answer whose place is looked for. */
type Answer = {
  received: Received;
  objectId: string;
  /** Whether it mentions or is addressed to somebody here. */
  isAddressed: boolean;
  /** Takes in what stands above it. */
  receive(context: FederationContext, received: Received, how: Circumstances): Promise<Result>;
};

type Placed = FoundPlace | { kind: 'elsewhere' } | { kind: 'later' };

/** How often answers of one server that say nothing of this site are climbed from, in five minutes. */
const strangeClimbs = { max: 120, windowSeconds: 300 };

/**
 * Finds what an answer stands below. Where that was never seen here, what stands above is asked for at its servers and,
 * once it leads to something of this site, stored as if it had arrived. What cannot be decided now is decided later by a
 * job, or when what is missing comes.
 */
export async function placeAnswer(
  context: FederationContext,
  answer: Answer,
  how: Circumstances,
): Promise<Placed> {
  const { received, objectId } = answer;
  const { object, below } = received;
  const { inReplyTo } = object;
  if (inReplyTo === null) return { kind: 'elsewhere' };
  const direct = await findTarget(context, inReplyTo);
  if (direct) return { kind: 'here', target: direct, inReplyTo, isDirect: true };
  if (below) return { kind: 'here', target: below, inReplyTo, isDirect: false };
  if (!isWorthClimbing(object) || !(await mayClimb(context, answer))) return { kind: 'elsewhere' };

  const place = await findPlace(context, { id: objectId, object }, how, received.climbed);
  switch (place.kind) {
    case 'here':
      if (place.beyond?.awaits) await remember(context, place.beyond.links, place.beyond.awaits);
      return storeAbove(context, answer, place, how);
    case 'later':
      if (place.isUnreachable && received.climbed) throw new Error(`${place.next} could not be fetched.`);
      await climbOn(context, [objectId, ...place.above.map(({ id }) => id)]);
      return { kind: 'later' };
    case 'unknown':
      return wait(context, answer, place.awaits, place.above);
    case 'elsewhere':
      return place;
  }
}

/**
 * Orders an answer to be asked for, and what stands above it.
 * @param ids from the answer to the highest above it that is known
 */
export async function climbOn(context: FederationContext, ids: readonly string[]): Promise<void> {
  await context.jobs.add(null, 'climb', { ids }, { uniqueKey: `${ids.length} ${ids[0]}`, maxAttempts: 8 });
}

/** Stores what stands between an answer and what is known here, the highest first, by the rules for what arrives. */
async function storeAbove(
  context: FederationContext,
  answer: Answer,
  { target: top, above, beyond }: { target: LocalObject; above: readonly Link[]; beyond?: { links: Link[] } },
  how: Circumstances,
): Promise<Placed> {
  const { received, objectId } = answer;
  let target = top;
  let lowest: string | null = null;
  for (const [index, link] of [...above.entries()].reverse()) {
    const rest = [objectId, ...above.slice(0, index + 1).map(({ id }) => id)];
    if (how.budget.left < reserve) {
      await climbOn(context, rest);
      return { kind: 'later' };
    }
    const stored = await storeLink(context, answer, { link, target }, how);
    if (stored === 'later') {
      await climbOn(context, rest);
      return { kind: 'later' };
    }
    if (stored) target = stored;
    lowest = stored ? link.id : null;
  }
  const [directly] = [...above, ...(beyond?.links ?? [])];
  return {
    kind: 'here',
    target,
    inReplyTo: directly?.id ?? received.object.inReplyTo,
    isDirect: directly !== undefined && directly.id === lowest,
  };
}

/** Gives the comment that something above an answer has become; null where it is nothing to be shown. */
async function storeLink(
  context: FederationContext,
  { received, receive }: Answer,
  { link, target }: { link: Link; target: LocalObject },
  how: Circumstances,
): Promise<LocalObject | null | 'later'> {
  try {
    const found = link.found ?? (await fetchObject(context, link.id, how));
    if (found.kind !== 'object') return null;
    if (isWorthClimbing(found.object))
      await receive(context, { ...found, below: target }, { ...how, level: found.level });
    const comment = await findTarget(context, link.id);
    if (!comment) await noteLink(context, link.id, { ...found, postId: target.post.id });
    return comment;
  } catch (error) {
    if (!received.climbed) {
      context.log.info({ object: link.id, err: error }, 'what stands above an answer is asked for later');
      return 'later';
    }
    if (!received.climbed.isLastTry) throw error;
    context.log.info({ object: link.id, err: error }, 'what stands above an answer is left out');
    return null;
  }
}

/** What is not shown still says what it answers. */
async function noteLink(
  context: FederationContext,
  id: string,
  { object, authorId, postId }: { object: ForeignObject; authorId: string; postId: string },
): Promise<void> {
  if (await findAnswer(tablesOf(context), id)) return;
  await putAnswer(tablesOf(context), {
    id,
    actor_id: authorId,
    in_reply_to: object.inReplyTo,
    state: 'private',
    post_id: postId,
    created_at: context.now().toISOString(),
  });
}

/** Remembers by their ids that an answer, and what was found above it, wait for something that they stand below. */
async function wait(
  context: FederationContext,
  { received, objectId }: Answer,
  awaits: string,
  above: readonly Link[],
): Promise<Placed> {
  const db = tablesOf(context);
  const created_at = context.now().toISOString();
  const { object, authorId } = received;
  const self = { id: objectId, actor_id: authorId, in_reply_to: object.inReplyTo };
  await putWaiting(db, { ...self, awaits, created_at });
  await remember(context, above, awaits);
  // It may have come in this moment.
  if (await findAbove(context, awaits)) await climbOn(context, [objectId]);
  return { kind: 'elsewhere' };
}

/** Remembers what was found on the way up and is not known to belong here. */
async function remember(context: FederationContext, links: readonly Link[], awaits: string): Promise<void> {
  const db = tablesOf(context);
  const created_at = context.now().toISOString();
  for (const { id, found } of links) {
    if (found === null || (await findAnswer(db, id))) continue;
    const { inReplyTo } = found.object;
    await putWaiting(db, { id, actor_id: found.authorId, in_reply_to: inReplyTo, awaits, created_at });
  }
}

/** Only what everybody may read makes others be asked. */
function isWorthClimbing({ visibility, isVote, isChatMessage }: ForeignObject): boolean {
  return (visibility === 'public' || visibility === 'unlisted') && !isVote && !isChatMessage;
}

/** What speaks of this site, or was asked for, is climbed from; of all else only so much. */
async function mayClimb(context: FederationContext, { received, isAddressed }: Answer): Promise<boolean> {
  if (isAddressed || !received.activity || (await findDiscussion(context, received.object))) return true;
  const { host } = new URL(received.authorId);
  return (await context.rateLimit(`climb ${host}`, strangeClimbs)) === null;
}
