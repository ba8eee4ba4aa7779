import type { ReactionKind } from 'outpost/plugin';
import { findLocalActor } from '../actors/local-actors.ts';
import { bringBack } from '../communities/passed-on.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { reactionEmoji } from '../emoji/reaction-emoji.ts';
import { removeFollower } from '../followers/follower-store.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { sameOrigin } from '../vocabulary/ids.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { rememberGone } from './gone.ts';
import { placeOf } from './handle-like.ts';
import { findTarget } from './local-target.ts';
import { receivedId } from './received-id.ts';

/**
 * Something is taken back. It is found by the id under which it came, else by who did what to whom: many servers name
 * another id in the Undo than before, or none (Pixelfed, Misskey, Mastodon).
 */
export async function handleUndo(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const { actor: actorId } = activity;
  const [ref] = activity.objects;
  const id = idOfRef(ref);
  const inner = ref?.kind === 'activity' ? ref.activity : null;
  const type = inner?.type ?? (await typeOfReceived(context, id, actorId));
  if (inner?.type === 'Delete')
    return undoDelete(context, { actorId, objectId: idOfRef(inner.objects[0]) }, how);
  const emoji = inner === null ? null : reactionEmoji(inner).emoji;
  const undone = await undo(context, { actorId, id, type, about: idOfRef(inner?.objects[0]), emoji });
  if (id !== null) {
    // The same id may be used for following anew, while a like in the same bytes is a copy that is late. What was never
    // here is remembered, in case it comes.
    if (type === 'Follow' || type === null) await forgetReceived(context, id);
    if (!undone) await rememberGone(context, { id, actorId });
  }
  return undone ? `undid a ${type ?? 'deed'}` : 'nothing to undo';
}

/** Lemmy's authors may bring back what they deleted; it is asked for anew, and waits for the owner. */
async function undoDelete(
  context: FederationContext,
  { actorId, objectId }: { actorId: string; objectId: string | null },
  how: Circumstances,
): Promise<Result> {
  if (objectId === null || !sameOrigin(objectId, actorId)) return 'nothing to bring back';
  return bringBack(context, { objectId, actorId }, how);
}

type Undone = {
  actorId: string;
  id: string | null;
  type: string | null;
  about: string | null;
  /** Of a reaction with one: a later reaction may have taken its place. */
  emoji: string | null;
};

async function undo(
  context: FederationContext,
  { actorId, id, type, about, emoji }: Undone,
): Promise<boolean> {
  switch (type) {
    case 'Follow':
      return undoFollow(context, { actorId, id, about });
    case 'Like':
    case 'EmojiReact':
      return undoReaction(context, { actorId, id, about, kind: 'like', ...(emoji !== null && { emoji }) });
    case 'Dislike':
      return undoReaction(context, { actorId, id, about, kind: 'dislike' });
    case 'Announce':
      return undoReaction(context, { actorId, id, about, kind: 'boost' });
    case null: {
      if (id === null) return false;
      const wasFollow = await removeFollower(context, { actorId, followId: id });
      return wasFollow || context.reactions.remove({ actorId, externalId: id });
    }
    default:
      return false;
  }
}

async function undoFollow(
  context: FederationContext,
  { actorId, id, about }: { actorId: string; id: string | null; about: string | null },
): Promise<boolean> {
  if (id !== null && (await removeFollower(context, { actorId, followId: id }))) return true;
  const local = about === null ? null : await findLocalActor(context, about);
  return local ? removeFollower(context, { actorId, userId: local.userId }) : false;
}

async function undoReaction(
  context: FederationContext,
  {
    actorId,
    id,
    about,
    ...which
  }: { actorId: string; id: string | null; about: string | null; kind: ReactionKind; emoji?: string },
): Promise<boolean> {
  if (id !== null && (await context.reactions.remove({ actorId, ...which, externalId: id }))) return true;
  const target = about === null ? null : await findTarget(context, about);
  return target ? context.reactions.remove({ actorId, ...which, ...placeOf(target) }) : false;
}

async function typeOfReceived(
  context: FederationContext,
  id: string | null,
  actorId: string,
): Promise<string | null> {
  if (id === null) return null;
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_inbox')
    .select('type')
    .where('id', 'in', undoableIds(id))
    .where('actor_id', '=', actorId)
    .executeTakeFirst();
  return row?.type ?? null;
}

async function forgetReceived(context: FederationContext, id: string): Promise<void> {
  await tablesOf(context).deleteFrom('plugin_federation_inbox').where('id', 'in', undoableIds(id)).execute();
}

function undoableIds(id: string): string[] {
  return ['Follow', 'Like', 'EmojiReact', 'Dislike', 'Announce'].map((type) => receivedId(id, type));
}
