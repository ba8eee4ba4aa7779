import type { Post, PublicUser } from 'outpost/plugin';
import { findAuthor } from '../actors/local-actors.ts';
import { actorIdOf, handleOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import type { OutgoingMention } from '../vocabulary/content-out.ts';

/** Authors of this site whom a post names as its further authors; names that nobody has are left out. */
export async function findCoAuthors(
  context: FederationContext,
  post: Pick<Post, 'authorId'>,
  usernames: readonly string[],
): Promise<PublicUser[]> {
  const found = new Map<string, PublicUser>();
  for (const written of usernames) {
    const username = written.trim().replace(/^@/, '');
    const user = username === '' ? null : await context.users.findByUsername(username);
    if (user?.isAuthor && user.id !== post.authorId) found.set(user.id, user);
  }
  return [...found.values()];
}

/** Everybody who wrote a post, its author first; empty where that is the author alone. */
export async function findWriters(
  context: FederationContext,
  post: Pick<Post, 'authorId'>,
  usernames: readonly string[],
): Promise<OutgoingMention[]> {
  const coAuthors = await findCoAuthors(context, post, usernames);
  if (coAuthors.length === 0) return [];
  const author = await findAuthor(context, post.authorId);
  return [...(author ? [author] : []), ...coAuthors].map((user) => ({
    id: actorIdOf(context.origin, user.id),
    handle: handleOf(context.origin, user),
    url: context.urls.author(user),
  }));
}
