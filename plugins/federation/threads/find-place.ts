import { LRUCache } from 'lru-cache';
import { isOurs, postCollectionOf, postIdOf, readLocalId } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import type { Circumstances } from '../inbox/circumstances.ts';
import { asOwnAddress, findTarget } from '../inbox/local-target.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { findSharedPost } from '../objects/shared-post.ts';
import type { ForeignObject } from '../vocabulary/object.ts';
import { findAnswer } from './answer-store.ts';
import type { AnswerRow } from './answer-table.ts';
import { type FoundObject, fetchObject } from './fetch-object.ts';

/** An object on the way from an answer up to what is ours; what it says where it was fetched just now. */
export type Link = { id: string; found: FoundObject | null };

/** How far somebody has climbed before, and whether what cannot be reached now will be tried again. */
export type Climbed = { above: readonly Link[]; isLastTry: boolean };

/** Where an answer belongs. Lists of links go from the lowest to the highest. */
export type Place =
  /** Below `target`, with `above` in between, which are still to be stored. What is `beyond` is not known to belong here. */
  | { kind: 'here'; target: LocalObject; above: Link[]; beyond?: { links: Link[]; awaits: string | null } }
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
 * @param climbed what was climbed before, without the answer itself
 */
export async function findPlace(
  context: FederationContext,
  start: { id: string; object: ForeignObject },
  how: Pick<Circumstances, 'budget'>,
  climbed: Climbed | null = null,
): Promise<Place> {
  const below = climbed?.above ?? [];
  for (const [index, { id }] of below.entries()) {
    const target = await findTarget(context, id);
    if (target) return { kind: 'here', target, above: below.slice(0, index) };
  }
  const above: Link[] = [...below];
  const seen = new Set([start.id, ...below.map(({ id }) => id)]);
  const elsewhere = strangersOf(context);
  // Whatever names the post's discussion belongs to it, and so does what answers that; not what that answers.
  let discussion = await findDiscussion(context, start.object);
  let size = 0;
  const heed = (post: LocalObject | null) => {
    if (post) [discussion, size] = [post, above.length];
  };
  const orInDiscussion = (place: Place): Place => {
    if (!discussion) return place;
    const beyond = { links: above.slice(size), awaits: place.kind === 'unknown' ? place.awaits : null };
    return { kind: 'here', target: discussion, above: above.slice(0, size), beyond };
  };
  const isElsewhere = (): Place => {
    if (!discussion) for (const id of seen) elsewhere.set(id, true);
    return orInDiscussion({ kind: 'elsewhere' });
  };

  const highest = above.at(-1) ?? { id: start.id, found: start };
  if (highest.found === null) return orInDiscussion({ kind: 'unknown', awaits: highest.id, above });
  heed(await findDiscussion(context, highest.found.object));
  let next = highest.found.object.inReplyTo;
  for (let step = below.length; ; step += 1) {
    if (next === null || seen.has(next) || (!discussion && elsewhere.has(next))) return isElsewhere();
    const target = await findTarget(context, next);
    if (target) return { kind: 'here', target, above };
    if (asOwnAddress(context.origin, next) !== null) return isElsewhere();
    if (step >= mostAncestors) {
      const known = await findAbove(context, next);
      if (known) return { kind: 'here', target: known, above };
      return orInDiscussion({ kind: 'unknown', awaits: next, above });
    }
    seen.add(next);
    const known = await findAnswer(tablesOf(context), next);
    if (known && known.state !== 'waiting') {
      heed(await postOf(context, known));
      if (known.in_reply_to !== null) {
        next = known.in_reply_to;
        continue;
      }
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
        heed(await findDiscussion(context, answer.object));
        next = answer.object.inReplyTo;
        break;
      }
      case 'unreachable':
        if (!climbed?.isLastTry) return { kind: 'later', above, next, isUnreachable: true };
        return orInDiscussion({ kind: 'unknown', awaits: next, above });
      case 'blocked':
        return isElsewhere();
      default:
        return orInDiscussion({ kind: 'unknown', awaits: next, above });
    }
  }
}

/**
 * What an answer stands below by what is stored: what it answers or, where that is gone, what that answered; the post
 * where no more is known than to whose discussion that belonged. Null where it is not known.
 */
export async function findAbove(context: FederationContext, iri: string): Promise<LocalObject | null> {
  const seen = new Set<string>();
  let discussion: LocalObject | null = null;
  for (let next: string | null = iri; next !== null && !seen.has(next) && seen.size < 2 * mostAncestors; ) {
    seen.add(next);
    const target = await findTarget(context, next);
    if (target) return target;
    const known = await findAnswer(tablesOf(context), next);
    if (!known || known.state === 'waiting') break;
    discussion = (await postOf(context, known)) ?? discussion;
    next = known.in_reply_to;
  }
  return discussion;
}

/** The post below which an answer stands, or stood. */
async function postOf(
  context: FederationContext,
  { post_id }: Pick<AnswerRow, 'post_id'>,
): Promise<LocalObject | null> {
  const post = post_id === null ? null : await findSharedPost(context, post_id);
  return post && { kind: 'post', post };
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
