import { PUBLIC } from './audience.ts';
import { type Json, objectContext, plainContext, withoutContext } from './context-out.ts';
import { tombstoneOf } from './tombstone.ts';

/** Ids of ours that an activity speaks of, and to whom it is addressed where its object does not say. */
type Deed = { id: string; actor: string };

/** Tells of a new object, to those whom the object is addressed to. */
export function createOf({ id, actor }: Deed, object: Json): Json {
  return {
    '@context': object['@context'] ?? objectContext,
    id,
    type: 'Create',
    actor,
    published: object.published,
    to: object.to,
    cc: object.cc,
    ...(object.audience !== undefined && { audience: object.audience }),
    object: withoutContext(object),
  };
}

/** Tells that an object or an actor was changed. An actor has no readers of its own: they are the followers. */
export function updateOf({ id, actor }: Deed, object: Json): Json {
  return {
    '@context': object['@context'] ?? objectContext,
    id,
    type: 'Update',
    actor,
    published: object.updated ?? object.published,
    to: object.to ?? [PUBLIC],
    cc: object.cc ?? [`${actor}/followers`],
    ...(object.audience !== undefined && { audience: object.audience }),
    object: withoutContext(object),
  };
}

/** Tells that an object is gone for good. @param gone.cc who had it besides the public */
export function deleteOf(
  { id, actor }: Deed,
  gone: { objectId: string; formerType: string; deletedAt: string; cc: readonly string[] },
): Json {
  return {
    '@context': plainContext,
    id,
    type: 'Delete',
    actor,
    published: gone.deletedAt,
    to: [PUBLIC],
    cc: gone.cc,
    object: withoutContext(tombstoneOf(gone.objectId, gone.formerType, gone.deletedAt)),
  };
}

/** Tells that an author's account is gone. Receivers know this form by the object that is its own actor. */
export function deleteActorOf({ id, actor }: Deed): Json {
  return { '@context': plainContext, id, type: 'Delete', actor, to: [PUBLIC], object: actor };
}

/** Boosts an object, for the followers of whoever does. Source: ActivityPub, section 7.11; Mastodon, "ActivityPub" */
export function announceOf(
  { id, actor }: Deed,
  boosted: { objectId: string; author: string; at: string },
): Json {
  return {
    '@context': plainContext,
    id,
    type: 'Announce',
    actor,
    published: boosted.at,
    to: [PUBLIC],
    cc: [`${actor}/followers`, boosted.author],
    object: boosted.objectId,
  };
}

/** Takes a boost back, with the whole of it: some servers do not know it by its id. */
export function undoAnnounceOf({ id, actor }: Deed, boosted: { announceId: string; objectId: string }): Json {
  const addressed = { to: [PUBLIC], cc: [`${actor}/followers`] };
  return {
    '@context': plainContext,
    id,
    type: 'Undo',
    actor,
    ...addressed,
    object: { id: boosted.announceId, type: 'Announce', actor, object: boosted.objectId, ...addressed },
  };
}

/** A Follow as it was received: the members that the one who sent it needs to know it again. */
export type ReceivedFollow = { id: string | null; actor: string; object: string };

/**
 * Takes a follower in. The whole Follow goes back, because Threads and older servers do not know it by its id; to the
 * follower alone.
 */
export function acceptOf({ id, actor }: Deed, follow: ReceivedFollow): Json {
  return {
    '@context': plainContext,
    id,
    type: 'Accept',
    actor,
    to: [follow.actor],
    object: followJson(follow),
  };
}

/** Asks to follow an account elsewhere. Lemmy wants the community in `to`; the others do not mind. */
export function followOf({ id, actor }: Deed, object: string): Json {
  return { '@context': plainContext, id, type: 'Follow', actor, object, to: [object] };
}

/** Ends a following, with the whole Follow: many do not know it by its id. */
export function undoFollowOf({ id, actor }: Deed, follow: { id: string; object: string }): Json {
  return {
    '@context': plainContext,
    id,
    type: 'Undo',
    actor,
    to: [follow.object],
    object: { id: follow.id, type: 'Follow', actor, object: follow.object, to: [follow.object] },
  };
}

function followJson({ id, actor, object }: ReceivedFollow): Json {
  return { ...(id && { id }), type: 'Follow', actor, object };
}

/** Puts an object at the top of the actor's profile, or takes it from there. Source: Mastodon, "ActivityPub", Featured collection */
export function featuringOf(
  { id, actor, type }: Deed & { type: 'Add' | 'Remove' },
  { objectId, target }: { objectId: string; target: string },
): Json {
  return {
    '@context': plainContext,
    id,
    type,
    actor,
    to: [PUBLIC],
    cc: [`${actor}/followers`],
    object: objectId,
    target,
  };
}
