import { z } from 'outpost/plugin';
import { fetchDocument } from '../actors/fetch-document.ts';
import { concernsUs } from '../communities/passed-on.ts';
import type { FederationContext } from '../context.ts';
import { blockLevelOf } from '../moderation/block-level.ts';
import { handleRequest } from '../policies/handle-request.ts';
import { heedHearsay } from '../threads/hearsay.ts';
import { type ForeignActivity, readActivity } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { handleAccept, handleReject } from './handle-accept.ts';
import { handleAnnounce } from './handle-announce.ts';
import { handleBlock } from './handle-block.ts';
import { handleCreate } from './handle-create.ts';
import { deleteAccount, handleDelete } from './handle-delete.ts';
import { handleFlag } from './handle-flag.ts';
import { handleFollow } from './handle-follow.ts';
import { handleLike } from './handle-like.ts';
import { handleMove } from './handle-move.ts';
import { handleUndo } from './handle-undo.ts';
import { handleUpdate } from './handle-update.ts';
import { receiveFetched } from './receive-object.ts';

type Handler = (activity: ForeignActivity, context: FederationContext, how: Circumstances) => Promise<Result>;

const handlers: Readonly<Record<string, Handler>> = {
  Accept: handleAccept,
  Announce: handleAnnounce,
  AnnounceRequest: handleRequest,
  Block: handleBlock,
  Create: handleCreate,
  Delete: handleDelete,
  Dislike: handleLike,
  EmojiReact: handleLike,
  Flag: handleFlag,
  Follow: handleFollow,
  Like: handleLike,
  LikeRequest: handleRequest,
  Move: handleMove,
  QuoteRequest: handleRequest,
  Reject: handleReject,
  ReplyRequest: handleRequest,
  Undo: handleUndo,
  Update: handleUpdate,
};

/** Whether something is done about activities of this type; the rest is answered politely and forgotten. */
export function isHandled(type: string): boolean {
  return Object.hasOwn(handlers, type);
}

const arrivalJob = z.object({
  activity: z.unknown(),
  isHint: z.boolean(),
  isUnverified: z.boolean(),
  isLate: z.boolean().default(false),
});

/** How many requests one received activity may cause. */
const fetchesForOne = 12;
/** How much later something is looked at once more, in milliseconds. */
const patienceMs = 30_000;

/**
 * Handles an activity that was verified and stored: the job behind every inbox. It may run twice for one activity, which
 * changes nothing the second time.
 */
export async function handleArrival(payload: unknown, context: FederationContext): Promise<void> {
  const { isLate, ...arrival } = arrivalJob.parse(payload);
  const { activity: raw, isHint, isUnverified } = arrival;
  const reading = readActivity(raw);
  if (reading.kind === 'refused') throw new Error(`A stored activity cannot be read: ${reading.reason}`);
  const { activity } = reading;
  const { actor } = activity;
  const level = await blockLevelOf(context, { host: new URL(actor).host, actorId: actor });
  const how: Circumstances = {
    level,
    budget: { left: fetchesForOne },
    handleFetched: async (inner) => {
      const handler = inner.type === 'Announce' ? undefined : handlers[inner.type];
      return handler ? handler(inner, context, how) : 'not handled';
    },
    ...(!isLate && {
      comeAgain: () => {
        const runAt = new Date(context.now().getTime() + patienceMs);
        return context.jobs.add(null, 'inbox', { ...arrival, isLate: true }, { runAt });
      },
    }),
  };
  const result =
    level === 'block'
      ? 'blocked meanwhile'
      : await handle(activity, context, { ...how, isHint, isUnverified });
  context.log.info({ activity: activity.id, type: activity.type, actor, result }, 'handled an activity');
}

async function handle(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances & { isHint: boolean; isUnverified: boolean },
): Promise<Result> {
  if (how.isUnverified) return confirmFarewell(activity, context, how);
  if (how.isHint) {
    const objectId = idOfRef(activity.objects[0]);
    if (objectId === null) return 'nothing to ask for';
    if (activity.type === 'Delete' && objectId === activity.actor)
      return confirmFarewell(activity, context, how);
    // Nobody is asked for what is no business of ours, whoever wants us to.
    if (!(await concernsUs(context, activity))) return heedHearsay(context, activity);
    return receiveFetched(context, objectId, how);
  }
  const handler = handlers[activity.type];
  return handler ? handler(activity, context, how) : 'not handled';
}

/** Nobody could sign for an account that is gone; its server says so itself. Only 410 counts, 404 proves nothing. */
async function confirmFarewell(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const answer = await fetchDocument(context, activity.actor, { budget: how.budget });
  if (answer.kind === 'unreachable') throw new Error(answer.reason);
  if (answer.kind !== 'gone' || answer.status !== 410) return 'the account is still there';
  return deleteAccount(context, activity.actor);
}
