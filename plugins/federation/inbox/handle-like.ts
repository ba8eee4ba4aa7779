import type { ReactionKind } from 'outpost/plugin';
import type { RemoteActor } from '../actors/remote-actors.ts';
import type { FederationContext } from '../context.ts';
import { nameWithoutEmojis } from '../emoji/custom-emojis.ts';
import { reactionEmoji } from '../emoji/reaction-emoji.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { permit } from '../policies/permit.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { takeGone } from './gone.ts';
import { knownActor } from './known-actor.ts';
import { findTarget } from './local-target.ts';

/**
 * A like of a post or a comment, or a dislike; a Misskey or Pleroma reaction is a like with an emoji, of which a later one replaces the
 * earlier. Who changes a vote on Lemmy sends the other one and takes nothing back.
 */
export async function handleLike(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const objectId = idOfRef(activity.objects[0]);
  const target = objectId === null ? null : await findTarget(context, objectId);
  if (!target) return 'dropped: of nothing here';
  if (how.level === 'silence') return 'dropped: silenced';
  const { id, actor: actorId } = activity;
  const permission =
    target.kind === 'post' ? await permit(context, 'like', { post: target.post, actorId }) : null;
  if (permission?.kind === 'refused') return `dropped: ${permission.reason}`;
  if (id !== null && (await takeGone(context, { id, actorId }))) return 'dropped: undone before it came';
  const actor = await knownActor(context, actorId, how.budget);
  if (!actor) return 'dropped: the account is gone';
  const kind = activity.type === 'Dislike' ? 'dislike' : 'like';
  return react(context, { actor, target, kind, activity });
}

/** Where reactions to a post, or to a comment below it, are counted. */
export function placeOf(target: LocalObject): { postId: string; commentId: string | null } {
  return { postId: target.post.id, commentId: target.kind === 'comment' ? target.comment.id : null };
}

/** Counts a like, a dislike or a boost of a post or a comment, with the face of who gave it. */
export async function react(
  context: FederationContext,
  from: { actor: RemoteActor; target: LocalObject; kind: ReactionKind; activity: ForeignActivity },
): Promise<Result> {
  const { actor, target, kind, activity } = from;
  const isNew = await context.reactions.add({
    ...placeOf(target),
    kind,
    actorId: actor.id,
    name: nameWithoutEmojis(actor.name, actor.emojis, actor.preferredUsername),
    handle: actor.handle,
    url: actor.url ?? actor.id,
    avatarUrl: actor.avatarUrl,
    externalId: activity.id,
    ...(kind === 'like' ? reactionEmoji(activity) : { emoji: null }),
  });
  return isNew ? `counted a ${kind}` : `a ${kind} that was counted before`;
}
