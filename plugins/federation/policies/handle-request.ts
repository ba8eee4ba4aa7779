import type { RemoteActor } from '../actors/actor-store.ts';
import { fetchDocument } from '../actors/fetch-document.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { idOfRef } from '../inbox/agree.ts';
import type { Circumstances, Result } from '../inbox/circumstances.ts';
import { endOf } from '../inbox/gone.ts';
import { react } from '../inbox/handle-like.ts';
import { knownActor } from '../inbox/known-actor.ts';
import { ownerOf } from '../inbox/owner.ts';
import { receiveObject } from '../inbox/receive-object.ts';
import { requestColumn, saveWish } from '../quotes/authorization-store.ts';
import { findQuote } from '../quotes/quote-store.ts';
import type { AuthorizationRow } from '../quotes/quote-tables.ts';
import { findQuotable, keepQuote, type Quotable } from '../quotes/take-quote.ts';
import type { FederationTables } from '../tables.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { kindOfRequest } from '../vocabulary/authorization-out.ts';
import { sameOrigin } from '../vocabulary/ids.ts';
import { authorOf, type ForeignObject, readObject } from '../vocabulary/object.ts';
import { sendAnswer } from './answer-request.ts';
import { permit } from './permit.ts';
import type { Permission } from './rules.ts';

/**
 * Somebody asks whether they may quote, answer, like or boost something here. The rules of the post answer at once, but
 * where the author wants to be asked. Asking again gets the same answer again: the first one may have been lost.
 * Source: FEP-044f, "Requesting permission"; GoToSocial, documentation "Interaction policy"
 */
export async function handleRequest(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  const kind = kindOfRequest(activity.type);
  const targetIri = idOfRef(activity.objects[0]);
  const objectId = idOfRef(activity.instrument ?? undefined);
  const target = targetIri === null ? null : await findQuotable(context, targetIri);
  if (kind === null || targetIri === null || !target) return 'dropped: not of anything here';
  const { actor: actorId } = activity;
  if (objectId === null) return 'dropped: it does not say for what';
  if (!sameOrigin(objectId, actorId)) return 'dropped: for something of another server';
  const owner =
    (await findQuote(tablesOf(context), objectId))?.actor_id ?? (await ownerOf(context, objectId));
  if (owner !== null && owner !== actorId) return 'dropped: for what is not the actor’s own';
  if (how.level === 'silence') return 'dropped: silenced';
  if ((await endOf(context, { id: objectId, actorId })) === 'gone') return 'dropped: deleted before it came';
  const actor = await knownActor(context, actorId, how.budget);
  if (!actor) return 'dropped: the account is gone';
  const object = kind === 'quote' ? await quoting(context, activity, { objectId }, how) : null;
  if (object === 'not theirs') return 'dropped: for what is not the actor’s own';

  const permission = (await isTurnedDown(context, kind, objectId))
    ? turnedDown
    : await permit(context, kind, { post: target.post, actorId });
  const now = context.now().toISOString();
  const row = await context.database.transaction<FederationTables, AuthorizationRow>(async (trx) => {
    const wish = await saveWish(trx, {
      id: context.newId(),
      kind,
      target_id: target.id,
      post_id: target.post.id,
      user_id: target.userId,
      actor_id: actorId,
      object_id: objectId,
      request: requestColumn({
        id: activity.id,
        type: activity.type,
        actor: actorId,
        object: targetIri,
        instrument: objectId,
      }),
      state: stateFor(permission),
      created_at: now,
      decided_at: permission.kind === 'ask' ? null : now,
    });
    if (wish.actor_id === actorId && wish.state !== 'waiting')
      await sendAnswer(context, trx, { row: wish, actor });
    return wish;
  });
  if (row.actor_id !== actorId) return 'dropped: asked for by somebody else';
  await takeGranted(context, { activity, object, objectId, actor, target, row }, how);
  const why = permission.kind === 'refused' && row.state === 'refused' ? `: ${permission.reason}` : '';
  return `${row.state} a ${activity.type}${why}`;
}

const turnedDown = { kind: 'refused', reason: 'the author has turned it down' } as const;

/** Whether the author has said no to a quote that was there before anybody asked. */
async function isTurnedDown(
  context: FederationContext,
  kind: AuthorizationRow['kind'],
  objectId: string,
): Promise<boolean> {
  return kind === 'quote' && (await findQuote(tablesOf(context), objectId))?.state === 'refused';
}

function stateFor(permission: Permission): AuthorizationRow['state'] {
  if (permission.kind === 'allowed') return 'accepted';
  return permission.kind === 'ask' ? 'waiting' : 'refused';
}

/** The text that quotes: embedded, else asked for at its server. Null where that does not show it. */
async function quoting(
  context: FederationContext,
  { actor, instrument }: ForeignActivity,
  { objectId }: { objectId: string },
  how: Circumstances,
): Promise<ForeignObject | 'not theirs' | null> {
  if (instrument?.kind === 'object') return ownOr(instrument.object, actor);
  const answer = await fetchDocument(context, objectId, { budget: how.budget, timeoutMs: 10_000 });
  if (answer.kind === 'unreachable') throw new Error(`${objectId} could not be fetched: ${answer.reason}`);
  const reading = answer.kind === 'document' ? readObject(answer.json) : null;
  return reading?.kind === 'object' ? ownOr(reading.object, actor) : null;
}

function ownOr(object: ForeignObject, actor: string): ForeignObject | 'not theirs' {
  return object.attributedTo.length === 0 || authorOf(object, actor) === actor ? object : 'not theirs';
}

/** What came with a granted request is taken as if it had come by itself; its author may send nothing more. */
async function takeGranted(
  context: FederationContext,
  from: {
    activity: ForeignActivity;
    object: ForeignObject | null;
    objectId: string;
    actor: RemoteActor;
    target: Quotable;
    row: AuthorizationRow;
  },
  how: Circumstances,
): Promise<void> {
  const { activity, object, objectId, actor, target, row } = from;
  const { instrument } = activity;
  if (row.kind === 'quote') {
    if (row.state !== 'accepted' && row.state !== 'waiting') return;
    const state = row.state === 'accepted' ? 'counted' : 'waiting';
    await keepQuote(context, { object, objectId, actor, target, state });
    return;
  }
  if (row.state !== 'accepted') return;
  if (row.kind === 'reply') {
    if (instrument?.kind === 'object' && ownOr(instrument.object, actor.id) !== 'not theirs')
      await receiveObject(context, { object: instrument.object, authorId: actor.id }, how);
    return;
  }
  const done = instrument?.kind === 'activity' ? instrument.activity : null;
  if (done === null || done.actor !== actor.id || target.kind !== 'post') return;
  await react(context, { actor, target, kind: row.kind, activity: done });
}
