import { LRUCache } from 'lru-cache';
import { isOurs, postCollectionOf, postIdOf, readLocalId } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import type { Circumstances } from '../inbox/circumstances.ts';
import { asOwnAddress, findTarget } from '../inbox/local-target.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { findSharedPost } from '../objects/shared-post.ts';
import type { ForeignObject } from '../vocabulary/object.ts';
import { findAnswer } from './answer-store.ts';
import { type FoundObject, fetchObject } from './fetch-object.ts';

/** An object on the way from an answer up to what is ours; what it says where it was fetched just now. */
export type Link = { id: string; found: FoundObject | null };

/** How far somebody has climbed before, and whether what cannot be reached now will be tried again. */
export type Climbed = { above: readonly Link[]; isLastTry: boolean };

/** Where an answer belongs. Lists of links go from the lowest to the highest. */
export type Place =
  /** Below `target`, with `above` in between, which are still to be stored. */
  | { kind: 'here'; target: LocalObject; above: Link[] }
  | { kind: 'elsewhere' }
  /** What stands above cannot be had, and may still come. */
  | { kind: 'unknown'; awaits: string; above: Link[] }
  /** More has to be fetched than this time allows, or `next` cannot be reached at this moment. */
  | { kind: 'later'; above: Link[]; next: string; isUnreachable: boolean };

/** How many objects above an answer are looked at. */
const mostAncestors = 32;
/** Requests that are left for what stands above to be stored: its author with its handle, and its text once more. */
export const reserve = 4;

const strangers = new WeakMap<FederationContext, LRUCache<string, true>>();

/** Objects that were just found to belong to a thread elsewhere: a lively one is not climbed again for each answer. */
function strangersOf(context: FederationContext): LRUCache<string, true> {
  let cache = strangers.get(context);
  if (!cache) {
    cache = new LRUCache({ max: 10_000, ttl: 600_000 });
    strangers.set(context, cache);
  }
  return cache;
}

/**
 * Climbs from an answer to what it answers, and so on, until something is known here: by what is stored, else by asking
 * the servers where it is. Ends at a circle, at the top of a thread elsewhere, or after 32 steps. Nothing is stored.
 * @param below what was climbed before, without the answer itself
 */
export async function findPlace(
  context: FederationContext,
  start: { id: string; object: ForeignObject },
  how: Pick<Circumstances, 'budget'>,
  below: readonly Link[] = [],
): Promise<Place> {
  for (const [index, { id }] of below.entries()) {
    const target = await findTarget(context, id);
    if (target) return { kind: 'here', target, above: below.slice(0, index) };
  }
  const above: Link[] = [...below];
  const seen = new Set([start.id, ...below.map(({ id }) => id)]);
  const elsewhere = strangersOf(context);
  // Whatever names the post's discussion belongs to it, and so does what answers that.
  let discussion = await findDiscussion(context, start.object);
  const orInDiscussion = (place: Place): Place =>
    discussion ? { kind: 'here', target: discussion, above } : place;
  const isElsewhere = (): Place => {
    if (!discussion) for (const id of seen) elsewhere.set(id, true);
    return orInDiscussion({ kind: 'elsewhere' });
  };

  const highest = above.at(-1) ?? { id: start.id, found: start };
  if (highest.found === null) return orInDiscussion({ kind: 'unknown', awaits: highest.id, above });
  let next = highest.found.object.inReplyTo;
  for (let step = below.length; ; step += 1) {
    if (next === null || seen.has(next) || (!discussion && elsewhere.has(next))) return isElsewhere();
    const target = await findTarget(context, next);
    if (target) return { kind: 'here', target, above };
    if (asOwnAddress(context.origin, next) !== null) return isElsewhere();
    if (step >= mostAncestors) return orInDiscussion({ kind: 'unknown', awaits: next, above });
    seen.add(next);
    const known = await findAnswer(tablesOf(context), next);
    if (known?.in_reply_to && known.state !== 'waiting') {
      next = known.in_reply_to;
      continue;
    }
    if (how.budget.left < reserve) return { kind: 'later', above, next, isUnreachable: false };
    const answer = await fetchObject(context, next, how);
    switch (answer.kind) {
      case 'object': {
        const { id } = answer;
        const named = id === next ? null : await findTarget(context, id);
        if (named) return { kind: 'here', target: named, above };
        if (id !== next && seen.has(id)) return isElsewhere();
        seen.add(id);
        above.push({ id, found: answer });
        discussion ??= await findDiscussion(context, answer.object);
        next = answer.object.inReplyTo;
        break;
      }
      case 'unreachable':
        return { kind: 'later', above, next, isUnreachable: true };
      case 'blocked':
        return isElsewhere();
      default:
        return orInDiscussion({ kind: 'unknown', awaits: next, above });
    }
  }
}

/**
 * What an answer stands below by what is stored: what it answers or, where that is gone, what that answered. Null where
 * it is not known.
 */
export async function findAbove(context: FederationContext, iri: string): Promise<LocalObject | null> {
  const seen = new Set<string>();
  for (let next: string | null = iri; next !== null && !seen.has(next) && seen.size < 2 * mostAncestors; ) {
    seen.add(next);
    const target = await findTarget(context, next);
    if (target) return target;
    const known = await findAnswer(tablesOf(context), next);
    next = known && known.state !== 'waiting' ? known.in_reply_to : null;
  }
  return null;
}

/** The post whose discussion an answer says to be part of. Source: FEP-7888 */
export async function findDiscussion(
  context: FederationContext,
  object: Pick<ForeignObject, 'context'>,
): Promise<LocalObject | null> {
  const iri = object.context;
  if (iri === null || !isOurs(context.origin, iri)) return null;
  const id = readLocalId(context.origin, iri);
  if (id?.kind !== 'post-collection') return null;
  const post = await findSharedPost(context, id.postId);
  if (!post || postCollectionOf(postIdOf(context.origin, post), 'context') !== iri) return null;
  return { kind: 'post', post };
}
