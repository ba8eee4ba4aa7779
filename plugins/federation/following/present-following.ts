import { findActors } from '../actors/actor-store.ts';
import type { FederationContext } from '../context.ts';
import type { FollowingRow } from './following-tables.ts';

/** Whom somebody follows, as it is printed. */
export type FollowingEntry = {
  actor: string;
  handle: string | null;
  name: string | null;
  inbox: string | null;
  sharedInbox: string | null;
  since: string;
  state: FollowingRow['state'];
};

/** Followed accounts with what is known of them; one that is not kept any more has its id alone. */
export async function presentFollowing(
  context: FederationContext,
  rows: readonly FollowingRow[],
): Promise<FollowingEntry[]> {
  const actors = await findActors(
    context,
    rows.map((row) => row.actor_id),
  );
  return rows.map(({ actor_id, since, state }) => {
    const actor = actors.get(actor_id);
    return {
      actor: actor_id,
      handle: actor?.handle ?? null,
      name: actor?.name ?? null,
      inbox: actor?.inbox ?? null,
      sharedInbox: actor?.sharedInbox ?? null,
      since,
      state,
    };
  });
}
