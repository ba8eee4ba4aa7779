import type { Post } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { CommunityRow } from '../following/following-tables.ts';
import type { CommunityKind } from './community.ts';
import { communitiesOfPost } from './community-store.ts';

/** A community that was found and to which a post is addressed. */
export type AddressedCommunity = {
  id: string;
  /** `@name@host` */
  handle: string;
  /** Its own: gup.pe looks at what is sent there alone. */
  inbox: string;
  kind: CommunityKind;
  state: CommunityRow['state'];
};

const order: Readonly<Record<CommunityKind, number>> = { link: 0, address: 1, mention: 2 };

/**
 * The communities to which a post is addressed and that were found. Nothing is fetched. Those that file a post under the
 * first community they find in it come first; within a kind it is the writer's order.
 * @param names as the writer named them
 */
export async function addressedCommunities(
  context: FederationContext,
  post: Pick<Post, 'id'>,
  names: readonly string[],
): Promise<AddressedCommunity[]> {
  if (names.length === 0) return [];
  const rows = await communitiesOfPost(tablesOf(context), post.id);
  const found = names
    .map((name) => rows.find((row) => row.name === name.trim()))
    .filter((row) => row !== undefined)
    .filter((row) => row.actor_id !== null);
  const actors = await findActors(
    context,
    found.map((row) => row.actor_id ?? ''),
  );
  const communities = new Map<string, AddressedCommunity>();
  for (const { actor_id, kind, state } of found) {
    const actor = actors.get(actor_id ?? '');
    if (!actor || actor.goneAt) continue;
    const handle = actor.handle ?? `@${actor.preferredUsername}@${actor.host}`;
    if (!communities.has(actor.id))
      communities.set(actor.id, { id: actor.id, handle, inbox: actor.inbox, kind, state });
  }
  return [...communities.values()].sort((a, b) => order[a.kind] - order[b.kind]);
}

/**
 * The communities that have a post and pass on the answers to it: those that look at addresses. A group that shares
 * whatever mentions it is not told of every answer.
 */
export async function threadCommunities(
  context: FederationContext,
  post: Pick<Post, 'id'>,
): Promise<AddressedCommunity[]> {
  const { communities: names } = await context.postFields(post.id);
  const communities = await addressedCommunities(context, post, names);
  return communities.filter(
    ({ kind, state }) => kind !== 'mention' && (state === 'told' || state === 'listed'),
  );
}
