import type { FederationContext } from '../context.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { receiveFetched, receiveObject } from './receive-object.ts';

/** Something new: an answer becomes a comment, what is meant for an author reaches them. Source: ActivityPub section 7.2 */
export async function handleCreate(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const [ref] = activity.objects;
  if (ref?.kind === 'object')
    return receiveObject(context, { object: ref.object, authorId: activity.actor, activity }, how);
  if (ref?.kind === 'id') return receiveFetched(context, ref.id, how);
  return 'dropped: nothing that can be read';
}
