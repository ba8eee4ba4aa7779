import type { Post } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { CommunityRow } from '../following/following-tables.ts';
import { type CommunityKind, handleIn } from './community.ts';
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
 * The communities to which a post is addressed and that were found: those that the writer named for it, and those that its
 * text mentions. Nothing is fetched. Those that file a post under the first community they find in it come first; within a
 * kind it is the writer's order.
 * @param named.names as the writer named them; `mentions`: those whom the text mentions
 */
export async function addressedCommunities(
  context: FederationContext,
  post: Pick<Post, 'id'>,
  { names, mentions }: { names: readonly string[]; mentions: readonly { id: string }[] },
): Promise<AddressedCommunity[]> {
  if (names.length === 0 && mentions.length === 0) return [];
  const rows = await communitiesOfPost(tablesOf(context), post.id);
  const named = names.flatMap((name) => rows.find((row) => row.name === name.trim()) ?? []);
  const inText = mentions.flatMap(({ id }) => rows.find((row) => row.actor_id === id) ?? []);
  return found(context, [...named, ...inText]);
}

async function found(
  context: FederationContext,
  rows: readonly CommunityRow[],
): Promise<AddressedCommunity[]> {
  const actors = await findActors(
    context,
    rows.flatMap((row) => row.actor_id ?? []),
  );
  const communities = new Map<string, AddressedCommunity>();
  for (const { actor_id, kind, state } of rows) {
    const actor = actors.get(actor_id ?? '');
    if (!actor || actor.goneAt) continue;
    const handle = handleIn(actor);
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
  const rows = await communitiesOfPost(tablesOf(context), post.id);
  const isThere = ({ state }: CommunityRow) => state === 'told' || state === 'listed';
  return found(
    context,
    rows.filter((row) => row.kind !== 'mention' && isThere(row)),
  );
}
