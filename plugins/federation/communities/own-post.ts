import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { markCommunity } from './community-store.ts';

type Where = { postId: string; actorId: string };

/** Notes that a community has passed a post of ours on to its members, for its author to see. */
export async function noteListed(context: FederationContext, where: Where): Promise<void> {
  const changed_at = context.now().toISOString();
  await markCommunity(tablesOf(context), where, { state: 'listed', reason: '', changed_at });
}

/** Notes that the moderators of a community have taken a post of ours out of it. The post itself is ours and stays. */
export async function noteRemoved(context: FederationContext, where: Where, reason: string): Promise<void> {
  const changed_at = context.now().toISOString();
  await markCommunity(tablesOf(context), where, {
    state: 'removed',
    reason: reason.slice(0, 500),
    changed_at,
  });
}
