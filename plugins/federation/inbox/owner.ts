import { findActor } from '../actors/remote-actors.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { ForeignActivity, ObjectRef } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import { findTarget } from './local-target.ts';
import { receivedId } from './received-id.ts';

const undoable = ['Follow', 'Like', 'EmojiReact', 'Announce', 'Dislike', 'Block'] as const;

/**
 * What speaks against an activity by what is stored here: only who wrote something may change or delete it, only who
 * did something may undo it. Null where nothing does.
 */
export async function problemWithOwner(
  context: FederationContext,
  activity: ForeignActivity,
): Promise<string | null> {
  const { type, actor } = activity;
  for (const ref of activity.objects.slice(0, 20)) {
    if (type === 'Update' || type === 'Delete') {
      const id = idOfRef(ref);
      const owner = id === null ? null : await ownerOf(context, id);
      if (owner !== null && owner !== actor) return 'The object is not the actor’s own.';
    }
    if (type === 'Undo') {
      const problem = await problemWithUndone(context, actor, ref);
      if (problem !== null) return problem;
    }
  }
  return null;
}

/** Whose something from elsewhere is that is known here: a comment, a message, an account. Null for what is not. */
export async function ownerOf(context: FederationContext, objectId: string): Promise<string | null> {
  const comment = await context.comments.findReceived(objectId);
  if (comment) return comment.externalAuthorId;
  const mention = await tablesOf(context)
    .selectFrom('plugin_federation_mentions')
    .select('actor_id')
    .where('object_id', '=', objectId)
    .executeTakeFirst();
  if (mention) return mention.actor_id;
  return (await findActor(context, objectId))?.id ?? null;
}

/** Where an activity of that id was received, that one decides, not the copy that came along. */
async function problemWithUndone(
  context: FederationContext,
  actor: string,
  ref: ObjectRef,
): Promise<string | null> {
  const id = idOfRef(ref);
  if (id === null) return null;
  const stored = await tablesOf(context)
    .selectFrom('plugin_federation_inbox')
    .select(['actor_id', 'type', 'object_id'])
    .where(
      'id',
      'in',
      undoable.map((type) => receivedId(id, type)),
    )
    .execute();
  if (stored.length === 0) return null;
  if (stored.every((row) => row.actor_id !== actor)) return 'The activity is not the actor’s own.';
  if (ref.kind !== 'activity') return null;
  const same = stored.find((row) => row.type === ref.activity.type);
  const fits = same && (await isSame(context, same.object_id, idOfRef(ref.activity.objects[0])));
  return fits ? null : 'What is undone is not what was done under that id.';
}

/** The same address, or two of the same thing here. */
async function isSame(
  context: FederationContext,
  stored: string | null,
  said: string | null,
): Promise<boolean> {
  if (said === null || stored === null || stored === said) return true;
  const [one, other] = [await findTarget(context, stored), await findTarget(context, said)];
  return one?.kind === 'post' && other?.kind === 'post' && one.post.id === other.post.id;
}
