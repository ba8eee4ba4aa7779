import type { Post } from 'outpost/plugin';
import { fetchDocument } from '../actors/fetch-document.ts';
import { isOurs } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { permit } from '../policies/permit.ts';
import { type ForeignActivity, type ObjectRef, readActivity } from '../vocabulary/activity.ts';
import { agree, idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { takeGone } from './gone.ts';
import { react } from './handle-like.ts';
import { knownActor } from './known-actor.ts';
import { findTarget } from './local-target.ts';
import { problemWithOwner } from './owner.ts';
import { receiveFetched } from './receive-object.ts';

/** Those who pass on what others say as their trade: communities and relays. Their Announce is no boost. */
const distributors: ReadonlySet<string> = new Set(['Group', 'Application']);

/**
 * A boost of a post, or what a community passes on to its members (FEP-1b12). Nothing that is embedded is believed: an
 * activity is asked for at its own server.
 */
export async function handleAnnounce(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const [ref] = activity.objects;
  if (ref?.kind === 'activity') return unwrap(ref.activity, context, how);
  const objectId = idOfRef(ref);
  const target = objectId === null ? null : await findTarget(context, objectId);
  const { id, actor: actorId } = activity;
  if (id !== null && (await takeGone(context, { id, actorId }))) return 'dropped: undone before it came';
  if (target?.kind === 'post') return boost(activity, context, how, target.post);
  return answersHere(context, ref) ? passOn(activity, context, how, objectId) : 'dropped: not of a post';
}

async function boost(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
  post: Post,
): Promise<Result> {
  if (how.level === 'silence') return 'dropped: silenced';
  const permission = await permit(context, 'boost', { post, actorId: activity.actor });
  if (permission.kind === 'refused') return `dropped: ${permission.reason}`;
  const actor = await knownActor(context, activity.actor, how.budget);
  if (!actor) return 'dropped: the account is gone';
  if (distributors.has(actor.type)) return 'dropped: a community or relay passes the post on';
  return react(context, { actor, postId: post.id, kind: 'boost', activity });
}

/** Whether an embedded object says to answer something here: worth asking its server. */
function answersHere(context: FederationContext, ref: ObjectRef | undefined): boolean {
  return (
    ref?.kind === 'object' && ref.object.inReplyTo !== null && isOurs(context.origin, ref.object.inReplyTo)
  );
}

async function passOn(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
  objectId: string | null,
): Promise<Result> {
  const actor = await knownActor(context, activity.actor, how.budget);
  if (!actor || objectId === null) return 'dropped';
  return distributors.has(actor.type) ? receiveFetched(context, objectId, how) : 'dropped: not of a post';
}

/** Lemmy, Mbin and others wrap what their members do. It counts when the member's own server confirms it. */
async function unwrap(
  inner: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const objectId = idOfRef(inner.objects[0]);
  if (isOurs(context.origin, inner.actor)) return 'dropped: our own';
  if (!(await concernsUs(context, inner))) return 'dropped: about something elsewhere';
  if (inner.type === 'Create' || inner.type === 'Update' || inner.type === 'Delete') {
    return objectId === null ? 'dropped: without an id' : receiveFetched(context, objectId, how);
  }
  if (inner.id === null) return 'dropped: without an id';
  const answer = await fetchDocument(context, inner.id, { budget: how.budget, timeoutMs: 10_000 });
  if (answer.kind === 'unreachable') throw new Error(`${inner.id} could not be fetched: ${answer.reason}`);
  if (answer.kind !== 'document') return 'dropped: its server does not confirm it';
  const reading = readActivity(answer.json);
  if (reading.kind === 'refused') return `dropped: ${reading.reason}`;
  const { activity } = reading;
  if (agree(activity.actor, activity).kind !== 'own') return 'dropped: not the actor’s own';
  const problem = await problemWithOwner(context, activity);
  return problem === null ? how.handleFetched(activity) : `dropped: ${problem}`;
}

/** Whether what somebody passes on says to answer something here, or is about what came from there before. */
export async function concernsUs(context: FederationContext, inner: ForeignActivity): Promise<boolean> {
  const [ref] = inner.objects;
  if (ref?.kind === 'object' && ref.object.inReplyTo !== null) {
    if (await findTarget(context, ref.object.inReplyTo)) return true;
  }
  const about = ref?.kind === 'activity' ? idOfRef(ref.activity.objects[0]) : idOfRef(ref);
  return about !== null && (await findTarget(context, about)) !== null;
}
