import { findActors } from '../actors/actor-store.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { CommunityRow } from '../following/following-tables.ts';
import { communitiesOfPost } from './community-store.ts';

/** A community to which a post is addressed, as it is printed. */
export type CommunityEntry = {
  /** As the writer named it. */
  name: string;
  community: string | null;
  handle: string | null;
  title: string | null;
  url: string | null;
  state: CommunityRow['state'];
  /** Why it was not found, or why the post was removed there. */
  reason: string;
  changedAt: string;
};

/** The communities to which a post is addressed, with what is known of them. */
export async function presentCommunities(
  context: FederationContext,
  postId: string,
): Promise<CommunityEntry[]> {
  const rows = await communitiesOfPost(tablesOf(context), postId);
  const actors = await findActors(
    context,
    rows.flatMap((row) => row.actor_id ?? []),
  );
  return rows.map(({ name, actor_id, state, reason, changed_at }) => {
    const actor = actors.get(actor_id ?? '');
    return {
      name,
      community: actor_id,
      handle: actor?.handle ?? null,
      title: actor?.name ?? null,
      url: actor?.url ?? actor_id,
      state,
      reason,
      changedAt: changed_at,
    };
  });
}
