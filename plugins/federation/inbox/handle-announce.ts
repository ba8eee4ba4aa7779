import { isOurs, readLocalId } from '../addresses.ts';
import { isOurCommunity } from '../communities/community-store.ts';
import { noteListed } from '../communities/own-post.ts';
import { handlePassedOn } from '../communities/passed-on.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { permit } from '../policies/permit.ts';
import type { ForeignActivity, ObjectRef } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { takeGone } from './gone.ts';
import { react } from './handle-like.ts';
import { isDistributor, knownActor } from './known-actor.ts';
import { findTarget } from './local-target.ts';
import { receiveFetched } from './receive-object.ts';

/**
 * A boost of a post, or what a community passes on to its members (FEP-1b12). Nothing that is embedded is believed: it is
 * asked for at its own server.
 */
export async function handleAnnounce(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const [ref] = activity.objects;
  const inner = ref?.kind === 'activity' ? ref.activity : null;
  if (inner && !isOurs(context.origin, inner.actor))
    return handlePassedOn({ by: activity.actor, inner }, context, how);
  const objectId = inner ? createdBy(inner) : await announcedId(context, ref);
  const target = objectId === null ? null : await findTarget(context, objectId);
  const { id, actor: actorId } = activity;
  if (id !== null && (await takeGone(context, { id, actorId }))) return 'dropped: undone before it came';
  if (target) return boost(activity, context, how, target);
  if (inner || objectId === null) return 'dropped: not of a post';
  return (await isWorthAsking(context, activity))
    ? passOn(activity, context, how, objectId)
    : 'dropped: not of a post';
}

/** WordPress and Lemmy announce a whole activity of ours. */
function createdBy(inner: ForeignActivity): string | null {
  return inner.type === 'Create' || inner.type === 'Update' ? idOfRef(inner.objects[0]) : null;
}

/** What is announced; for an activity of ours, what that is about. */
async function announcedId(context: FederationContext, ref: ObjectRef | undefined): Promise<string | null> {
  const id = idOfRef(ref);
  if (id === null || readLocalId(context.origin, id)?.kind !== 'activity') return id;
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_activities')
    .select(['object_id', 'type'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.type === 'Create' || row?.type === 'Update' ? row.object_id : null;
}

async function boost(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
  target: LocalObject,
): Promise<Result> {
  if (how.level === 'silence') return 'dropped: silenced';
  if (await isDistributor(context, activity.actor, how.budget)) {
    if (target.kind === 'post')
      await noteListed(context, { postId: target.post.id, actorId: activity.actor });
    return 'a community or relay passes the post on';
  }
  const permission =
    target.kind === 'post'
      ? await permit(context, 'boost', { post: target.post, actorId: activity.actor })
      : null;
  if (permission?.kind === 'refused') return `dropped: ${permission.reason}`;
  const actor = await knownActor(context, activity.actor, how.budget);
  if (!actor) return 'dropped: the account is gone';
  return react(context, { actor, target, kind: 'boost', activity });
}

const dayMs = 86_400_000;
/** How long after a post a community's announcements are looked into, and how many of one community in ten minutes. */
const interestDays = 14;
const mostAsked = { max: 30, windowSeconds: 600 };

/**
 * Whether an announced text is worth asking its server for: its copy says to answer something here; or a community to
 * which a post went lately names it without a copy (gup.pe, Friendica, NodeBB), for a while and not too often.
 */
async function isWorthAsking(context: FederationContext, activity: ForeignActivity): Promise<boolean> {
  const [ref] = activity.objects;
  if (ref?.kind === 'object') {
    const { inReplyTo } = ref.object;
    return inReplyTo !== null && (await findTarget(context, inReplyTo)) !== null;
  }
  if (ref?.kind !== 'id' || isOurs(context.origin, ref.id)) return false;
  const since = new Date(context.now().getTime() - interestDays * dayMs).toISOString();
  if (!(await isOurCommunity(tablesOf(context), activity.actor, since))) return false;
  return (await context.rateLimit(`community ${activity.actor}`, mostAsked)) === null;
}

async function passOn(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
  objectId: string,
): Promise<Result> {
  const isPassedOn = await isDistributor(context, activity.actor, how.budget);
  return isPassedOn ? receiveFetched(context, objectId, how) : 'dropped: not of a post';
}
