import { type CommunityEntry, presentCommunities } from '../communities/present-communities.ts';
import type { FederationContext } from '../context.ts';

/** A community to which a post is addressed, as the page of its deliveries shows it. */
export type CommunityView = {
  name: string;
  url: string | null;
  state: { text: string; className: string };
  why: string;
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
  postId: string,
): Promise<{ communities: CommunityView[]; canLook: boolean }> {
  const entries = await presentCommunities(context, postId);
  return {
    communities: entries.map(({ name, title, handle, url, state, reason }) => ({
      name: title === null ? name : `${title} (${handle ?? name})`,
      url,
      state: states[state],
      why: reason || (state === 'told' ? 'The community shows it once it has accepted it.' : ''),
    })),
    canLook: entries.some(({ state }) => state === 'missing' || state === 'refused'),
  };
}
