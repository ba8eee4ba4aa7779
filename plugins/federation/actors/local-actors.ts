import type { PublicUser } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { readResource } from './resource.ts';

/** An author of this site, who is an actor. */
export type LocalActor = { userId: string; user: PublicUser };

/**
 * The author whom an actor's id, the address of an author's page, or a handle names; null for everybody else, those who
 * have an account but no page included.
 */
export async function findLocalActor(context: FederationContext, iri: string): Promise<LocalActor | null> {
  const resource = readResource(context.origin, iri, (username) => context.urls.author({ username }));
  if (resource.kind === 'actor') return asActor(await context.users.find(resource.userId));
  if (resource.kind === 'username') return asActor(await context.users.findByUsername(resource.username));
  return null;
}

/** The author with this id, or null. */
export async function findAuthor(context: FederationContext, userId: string): Promise<PublicUser | null> {
  return asActor(await context.users.find(userId))?.user ?? null;
}

function asActor(user: PublicUser | null): LocalActor | null {
  return user?.isAuthor ? { userId: user.id, user } : null;
}
