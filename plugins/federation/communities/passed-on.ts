import { fetchDocument } from '../actors/fetch-document.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { agree, idOfRef } from '../inbox/agree.ts';
import type { Circumstances, Result } from '../inbox/circumstances.ts';
import { endOf, rememberGone, takeGone } from '../inbox/gone.ts';
import { isDistributor } from '../inbox/known-actor.ts';
import { findTarget } from '../inbox/local-target.ts';
import { problemWithOwner } from '../inbox/owner.ts';
import { forgetGone, receiveFetched } from '../inbox/receive-object.ts';
import { blockLevelOf } from '../moderation/block-level.ts';
import { type ForeignActivity, readActivity } from '../vocabulary/activity.ts';
import { originOf, sameOrigin } from '../vocabulary/ids.ts';
import { isOurCommunity } from './community-store.ts';
import { noteListed, noteRemoved } from './own-post.ts';

/** An activity that a community, or another account, passes on inside an Announce of its own. */
export type PassedOn = { by: string; inner: ForeignActivity };

/**
 * Takes what a member of a community did by the word of the community (FEP-1b12). A text is asked for at its own server; a
 * vote as well, unless the community is on that server itself, which may speak for its people. What is the community's
 * own business (Lock, Add, Remove, Block) changes nothing here.
 */
export async function handlePassedOn(
  { by, inner }: PassedOn,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  if (!(await concernsUs(context, inner))) {
    if (!(await mayBeEarly(context, { by, inner }))) return 'dropped: about something elsewhere';
    if (!how.comeAgain) return 'dropped: an answer to something elsewhere';
    await how.comeAgain();
    return 'an answer to nothing that is known yet';
  }
  switch (inner.type) {
    case 'Create':
    case 'Update':
      return takeText(context, inner, how);
    case 'Delete':
      return takeRemoval({ by, inner }, context, how);
    case 'Like':
    case 'Dislike':
    case 'EmojiReact':
      return takeDeed({ by, inner }, context, how);
    case 'Undo':
      return isOfDelete(inner)
        ? takeReturn({ by, inner }, context, how)
        : takeDeed({ by, inner }, context, how);
    default:
      return 'dropped: a matter of the community';
  }
}

/** Whether what somebody passes on says to answer something here, or is about what came from there before. */
export async function concernsUs(context: FederationContext, inner: ForeignActivity): Promise<boolean> {
  const [ref] = inner.objects;
  if (ref?.kind === 'object' && ref.object.inReplyTo !== null) {
    if (await findTarget(context, ref.object.inReplyTo)) return true;
  }
  const about = ref?.kind === 'activity' ? idOfRef(ref.activity.objects[0]) : idOfRef(ref);
  if (about === null) return false;
  if ((await findTarget(context, about)) !== null) return true;
  // What was deleted is not here, and may be brought back.
  return isOfDelete(inner) && (await endOf(context, { id: about, actorId: inner.actor })) !== null;
}

function isOfDelete({ type, objects: [ref] }: ForeignActivity): boolean {
  return type === 'Undo' && ref?.kind === 'activity' && ref.activity.type === 'Delete';
}

const dayMs = 86_400_000;

/**
 * Whether an answer may have come before what it answers: communities pass on much at once, and in no order. Only those are
 * waited for to which a post went lately.
 */
async function mayBeEarly(context: FederationContext, { by, inner }: PassedOn): Promise<boolean> {
  const [ref] = inner.objects;
  if (inner.type !== 'Create' || ref?.kind !== 'object' || ref.object.inReplyTo === null) return false;
  return isOurCommunity(tablesOf(context), by, new Date(context.now().getTime() - 14 * dayMs).toISOString());
}

async function takeText(
  context: FederationContext,
  inner: ForeignActivity,
  how: Circumstances,
): Promise<Result> {
  const objectId = idOfRef(inner.objects[0]);
  if (objectId === null) return 'dropped: without an id';
  // It came from its author as well, or another time.
  if (inner.type === 'Create' && (await context.comments.findReceived(objectId)))
    return 'a comment that is known';
  return receiveFetched(context, objectId, how);
}

/**
 * A removal by its author or by a moderator. Ours stay. A comment of the community's own server is gone by that server's
 * word; of another server it goes when it is gone there: the moderators of the community are not those of this site.
 */
async function takeRemoval(
  { by, inner }: PassedOn,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const objectId = idOfRef(inner.objects[0]);
  const target = objectId === null ? null : await findTarget(context, objectId);
  if (objectId === null || !target) return 'nothing to delete';
  if (target.kind === 'post') {
    if (!(await isDistributor(context, by, how.budget))) return 'dropped: not the actor’s own';
    await noteRemoved(context, { postId: target.post.id, actorId: by }, inner.summary ?? '');
    return 'a community has removed the post; it stays here';
  }
  if (target.comment.externalId === null) return 'dropped: a comment of ours';
  if (sameOrigin(objectId, by) && (await isDistributor(context, by, how.budget)))
    return forgetGone(context, objectId);
  return receiveFetched(context, objectId, how);
}

/** A removal is taken back: a comment that was removed here for it is asked for again, and waits for the owner. */
async function takeReturn(
  { by, inner }: PassedOn,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const [ref] = inner.objects;
  const objectId = ref?.kind === 'activity' ? idOfRef(ref.activity.objects[0]) : null;
  if (objectId === null) return 'dropped: without an id';
  const target = await findTarget(context, objectId);
  if (target?.kind === 'post') {
    if (!(await isDistributor(context, by, how.budget))) return 'dropped: not the actor’s own';
    await noteListed(context, { postId: target.post.id, actorId: by });
    return 'a community has put the post back';
  }
  return bringBack(context, { objectId, actorId: inner.actor }, how);
}

/**
 * Asks anew for a comment that was deleted here by its author's word or its server's. Nothing is asked for that was not.
 */
export async function bringBack(
  context: FederationContext,
  { objectId, actorId }: { objectId: string; actorId: string },
  how: Circumstances,
): Promise<Result> {
  const byActor = await takeGone(context, { id: objectId, actorId });
  const byServer = await takeGone(context, { id: objectId, actorId: originOf(objectId) ?? '' });
  if (!byActor && !byServer) return 'nothing to bring back';
  try {
    return await receiveFetched(context, objectId, how);
  } catch (error) {
    // This is tried again, and must find then what it found now.
    await rememberGone(context, { id: objectId, actorId });
    throw error;
  }
}

/**
 * A vote, or the taking back of one. It counts by the word of the voter's own server: that of the community where it is
 * there, or the activity as it is served under its own id. One that is served nowhere is not counted.
 */
async function takeDeed(
  { by, inner }: PassedOn,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  if (sameOrigin(by, inner.actor) && (await isDistributor(context, by, how.budget)))
    return takeConfirmed(context, inner, how);
  if (inner.id === null) return 'dropped: without an id';
  const answer = await fetchDocument(context, inner.id, { budget: how.budget, timeoutMs: 10_000 });
  if (answer.kind !== 'document') return 'dropped: its server does not confirm it';
  const reading = readActivity(answer.json);
  return reading.kind === 'refused'
    ? `dropped: ${reading.reason}`
    : takeConfirmed(context, reading.activity, how);
}

async function takeConfirmed(
  context: FederationContext,
  activity: ForeignActivity,
  how: Circumstances,
): Promise<Result> {
  // What the owner has decided about the community's server says nothing about its member's.
  const { actor: actorId } = activity;
  const level = await blockLevelOf(context, { host: new URL(actorId).host, actorId });
  if (level !== null) return 'dropped: blocked or silenced';
  if (agree(activity.actor, activity).kind !== 'own') return 'dropped: not the actor’s own';
  const problem = await problemWithOwner(context, activity);
  return problem === null ? how.handleFetched(activity) : `dropped: ${problem}`;
}
