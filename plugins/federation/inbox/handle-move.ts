import { fetchDocument } from '../actors/fetch-document.ts';
import { fetchActor } from '../actors/remote-actors.ts';
import type { FederationContext } from '../context.ts';
import { followWhoMoved } from '../following/follow-who-moved.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { readActor } from '../vocabulary/actor.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';

/**
 * Somebody has a new account. It is believed where the old account says so and the new one names the old one among its
 * own. What was written under the old name stays under it. Who follows the old account from here follows the new one
 * instead; who followed from there does so anew. Topics and communities that move (NodeBB, Lemmy) are something else.
 * Source: FEP-7628
 */
export async function handleMove(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const { actor } = activity;
  const targetId = idOfRef(activity.target ?? undefined);
  if (idOfRef(activity.objects[0]) !== actor || targetId === null)
    return 'dropped: not of the account itself';
  const answer = await fetchDocument(context, targetId, { budget: how.budget });
  if (answer.kind === 'unreachable') throw new Error(answer.reason);
  const reading = answer.kind === 'document' ? readActor(answer.json) : null;
  if (reading?.kind !== 'actor') return 'dropped: the new account cannot be read';
  if (!reading.actor.alsoKnownAs.includes(actor)) return 'dropped: the new account does not know the old one';
  await fetchActor(context, targetId, { budget: how.budget });
  const moved = await followWhoMoved(context, { from: actor, to: targetId });
  return `moved to ${targetId}; ${moved} of ours follow the new account`;
}
