import type { AdminPage, Post } from 'outpost/plugin';
import { type CommunityEntry, presentCommunities } from '../communities/present-communities.ts';
import { lookAgain } from '../communities/tell-communities.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { followAccount } from '../following/follow-actor.ts';
import { findFollowing } from '../following/following-store.ts';
import { field, postFor } from './present.ts';

/** A community to which a post is addressed, as the page of its deliveries shows it. */
export type CommunityView = {
  name: string;
  url: string | null;
  state: { text: string; className: string };
  why: string;
  /** Set where following it would bring what is said there. */
  followId: string | null;
};

const states: Readonly<Record<CommunityEntry['state'], { text: string; className: string }>> = {
  missing: { text: 'Not found yet', className: 'pending' },
  refused: { text: 'Not found', className: 'wrong' },
  found: { text: 'Found, not told yet', className: 'pending' },
  told: { text: 'Sent there', className: 'pending' },
  listed: { text: 'Shown there', className: 'published' },
  removed: { text: 'Removed by its moderators', className: 'wrong' },
};

/** The communities of a post, and whether one of them could be looked for anew. */
export async function communitiesView(
  context: FederationContext,
  post: Pick<Post, 'id' | 'authorId'>,
): Promise<{ communities: CommunityView[]; canLook: boolean }> {
  const entries = await presentCommunities(context, post.id);
  const followed = new Set<string>();
  for (const { community: actorId } of entries) {
    if (actorId === null) continue;
    const row = await findFollowing(tablesOf(context), { userId: post.authorId, actorId });
    if (row && row.state !== 'rejected') followed.add(actorId);
  }
  return {
    communities: entries.map(({ name, community, title, handle, url, state, reason }) => ({
      name: title === null ? name : `${title} (${handle ?? name})`,
      url,
      state: states[state],
      why: reason || (state === 'told' ? 'The community shows it once it has accepted it.' : ''),
      followId: community !== null && !followed.has(community) ? community : null,
    })),
    canLook: entries.some(({ state }) => state === 'missing' || state === 'refused'),
  };
}

/** What an author can do about the communities of a post, on the page of its deliveries. */
export const communityDeeds: NonNullable<AdminPage<FederationContext>['deeds']> = {
  async follow(request, context) {
    const { authorId: userId } = await postFor(request, context);
    const { actor } = await followAccount(context, { userId, typed: field(request, 'id') });
    return { notice: `${actor.handle ?? actor.name} is asked.` };
  },
  async look(request, context) {
    const post = await postFor(request, context);
    await lookAgain(context, post.id, { again: true });
    const { canLook } = await communitiesView(context, post);
    return { notice: canLook ? 'Not all of them were found.' : 'They were found and get the post now.' };
  },
};
