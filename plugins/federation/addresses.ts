/**
 * The addresses under which this site is known to other servers. They are made from ids alone, never from a name, a slug
 * or a title, so that nothing that can be changed changes them.
 */

/** What an address of ours speaks of. `publication` counts how often a post became public, from 1. */
export type LocalId =
  | { kind: 'site' }
  | { kind: 'actor'; userId: string }
  | { kind: 'collection'; of: ActorCollection; userId: string }
  | { kind: 'post'; postId: string; publication: number }
  | { kind: 'post-collection'; of: PostCollection; postId: string; publication: number }
  | { kind: 'comment'; commentId: string }
  | { kind: 'activity'; activityId: string };

/** Collections below an actor. */
export const actorCollections = ['outbox', 'followers', 'following', 'featured'] as const;
export type ActorCollection = (typeof actorCollections)[number];

/** Collections below a post's object. */
export const postCollections = ['replies', 'likes', 'shares', 'context'] as const;
export type PostCollection = (typeof postCollections)[number];

/** The actor of an author. @param origin the site's public origin, without a slash at its end */
export function actorIdOf(origin: string, userId: string): string {
  return `${origin}/ap/users/${userId}`;
}

/** The actor that speaks for the site itself and signs what is fetched. */
export function siteActorIdOf(origin: string): string {
  return `${origin}/ap/site`;
}

/** The actor of an author, or the site's for `site`, which is no user's id. */
export function signerIdOf(origin: string, userId: string): string {
  return userId === SITE ? siteActorIdOf(origin) : actorIdOf(origin, userId);
}

/** Stands for the site itself wherever a user's id is asked for. */
export const SITE = 'site';

/** The address of an actor's public key. */
export function keyIdOf(actorId: string): string {
  return `${actorId}#main-key`;
}

/** The address of the public key with which an actor's documents are signed. */
export function proofKeyIdOf(actorId: string): string {
  return `${actorId}#ed25519-key`;
}

/** An actor's own inbox. */
export function inboxOf(actorId: string): string {
  return `${actorId}/inbox`;
}

/** The inbox that all actors of this site share. */
export function sharedInboxOf(origin: string): string {
  return `${origin}/ap/inbox`;
}

/** A collection below an actor. */
export function collectionOf(actorId: string, collection: ActorCollection): string {
  return `${actorId}/${collection}`;
}

/** The object of a post's n-th publication. Each publication has an id of its own; every earlier one is gone for good. */
export function postIdOf(origin: string, post: { id: string; publication: number }): string {
  const suffix = post.publication > 1 ? `-${post.publication}` : '';
  return `${origin}/ap/posts/${post.id}${suffix}`;
}

/** A collection below a post's object. */
export function postCollectionOf(objectId: string, collection: PostCollection): string {
  return `${objectId}/${collection}`;
}

/** The object of a comment that a user of this site wrote. */
export function commentIdOf(origin: string, commentId: string): string {
  return `${origin}/ap/comments/${commentId}`;
}

/** An activity. @param id a fresh id, from `context.newId()` */
export function activityIdOf(origin: string, id: string): string {
  return `${origin}/ap/activities/${id}`;
}

/** An author's word that something elsewhere may stand. @param id a fresh id, from `context.newId()` */
export function authorizationIdOf(origin: string, id: string): string {
  return `${origin}/ap/authorizations/${id}`;
}

/** The host as it stands in handles: with its port where that is not the usual one. */
export function handleHost(origin: string): string {
  return new URL(origin).host;
}

/** The handle of an author, `@name@host`. */
export function handleOf(origin: string, user: { username: string }): string {
  return `@${user.username}@${handleHost(origin)}`;
}

const ID = '([0-9a-zA-Z-]{1,64})';
const actorPath = new RegExp(`^/ap/users/${ID}(?:/(${actorCollections.join('|')}))?$`);
/** A post's id, which is a UUID and has hyphens itself, and after one more the publication where it is not the first. */
const PUBLICATION = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-([2-9]|[1-9][0-9]{1,5}))?';
const postPath = new RegExp(`^/ap/posts/${PUBLICATION}(?:/(${postCollections.join('|')}))?$`);
const commentPath = new RegExp(`^/ap/comments/${ID}$`);
const activityPath = new RegExp(`^/ap/activities/${ID}$`);

/**
 * What one of our addresses speaks of, or null for any other. No row is looked at. A fragment is left out for an actor
 * (`#main-key`) and refused elsewhere.
 */
export function readLocalId(origin: string, iri: string): LocalId | null {
  if (!iri.startsWith(`${origin}/ap/`)) return null;
  const path = iri.slice(origin.length);
  const [beforeHash = '', hash] = path.split('#', 2);
  if (beforeHash === '/ap/site') return { kind: 'site' };
  const actor = actorPath.exec(beforeHash);
  if (actor?.[1]) {
    const of = actorCollections.find((one) => one === actor[2]);
    return of ? { kind: 'collection', of, userId: actor[1] } : { kind: 'actor', userId: actor[1] };
  }
  if (hash !== undefined) return null;
  const post = postPath.exec(path);
  if (post?.[1]) {
    const of = postCollections.find((one) => one === post[3]);
    const at = { postId: post[1], publication: Number(post[2] ?? 1) };
    return of ? { kind: 'post-collection', of, ...at } : { kind: 'post', ...at };
  }
  const comment = commentPath.exec(path)?.[1];
  if (comment) return { kind: 'comment', commentId: comment };
  const activity = activityPath.exec(path)?.[1];
  return activity ? { kind: 'activity', activityId: activity } : null;
}

/** Whether an address belongs to this site. */
export function isOurs(origin: string, iri: string): boolean {
  return iri === origin || iri.startsWith(`${origin}/`);
}
