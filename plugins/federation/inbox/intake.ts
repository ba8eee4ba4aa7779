import { hash } from 'node:crypto';
import { sql } from 'outpost/plugin';
import type { FederationContext, FederationTransaction } from '../context.ts';
import { hearFrom } from '../delivery/hear-from.ts';
import type { FederationTables } from '../tables.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import { receivedId } from './received-id.ts';

/** An activity that was verified, on its way into the queue. */
export type Arrival = {
  activity: ForeignActivity;
  signerId: string;
  /** The actor did not sign; what it says is a reason to ask its server, and no more. */
  isHint: boolean;
  /** The signer's account is gone, so that the signature could not be checked. */
  isUnverified: boolean;
  body: Uint8Array;
};

/** What the job of an arrival carries. */
export type ArrivalPayload = { activity: unknown; isHint: boolean; isUnverified: boolean };

type Item = { arrival: Arrival; id: string; digest: string; settle: Settle };
type Settle = { resolve: () => void; reject: (error: unknown) => void };
type Intake = { waiting: Item[]; working: boolean; lastBatch: number };

const intakes = new WeakMap<FederationContext, Intake>();
const mostAtOnce = 200;
/** Where so many came together, the next ones are given a few milliseconds to share a write to the disk. */
const manyAtOnce = 8;
const gatherMs = 4;
/** Many wait for the disk together. */
const unflushed = { unflushed: true } as const;

/**
 * Stores an activity and the job that handles it; resolves when both are safe on the disk, so that it can be answered
 * 202. What arrives together is committed together. The same activity with the same bytes is stored once.
 */
export function takeIn(context: FederationContext, arrival: Arrival): Promise<void> {
  let intake = intakes.get(context);
  if (!intake) {
    intake = { waiting: [], working: false, lastBatch: 0 };
    intakes.set(context, intake);
  }
  const open = intake;
  return new Promise((resolve, reject) => {
    const digest = hash('sha256', arrival.body, 'base64url');
    const id = rowId(arrival, digest, context);
    open.waiting.push({ arrival, id, digest, settle: { resolve, reject } });
    if (!open.working) void work(context, open);
  });
}

async function work(context: FederationContext, intake: Intake): Promise<void> {
  intake.working = true;
  const isBusy = intake.lastBatch >= manyAtOnce;
  await new Promise((resolve) => (isBusy ? setTimeout(resolve, gatherMs) : setImmediate(resolve)));
  while (intake.waiting.length > 0) {
    const batch = nextBatch(intake);
    intake.lastBatch = batch.length;
    try {
      await commit(context, batch);
      await context.failpoint('inbox.after-commit');
      // The next ones are taken in while the disk works.
      void promise(context, batch);
    } catch (error) {
      reject(batch, error);
    }
  }
  intake.working = false;
}

/** Lets the senders be answered as soon as it is safe on the disk. */
async function promise(context: FederationContext, batch: readonly Item[]): Promise<void> {
  try {
    await context.database.flush();
    for (const { settle } of batch) settle.resolve();
  } catch (error) {
    reject(batch, error);
  }
}

/** Each sender is told by its own answer, and comes again. */
function reject(batch: readonly Item[], error: unknown): void {
  for (const { settle } of batch) settle.reject(error);
}

/** The oldest that wait, no id twice: one statement cannot meet the same row two times. */
function nextBatch(intake: Intake): Item[] {
  const ids = new Set<string>();
  const batch: Item[] = [];
  const rest: Item[] = [];
  for (const item of intake.waiting) {
    if (batch.length < mostAtOnce && !ids.has(item.id)) {
      ids.add(item.id);
      batch.push(item);
    } else rest.push(item);
  }
  intake.waiting = rest;
  return batch;
}

async function commit(context: FederationContext, batch: readonly Item[]): Promise<void> {
  const now = context.now().toISOString();
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const news = await insertNew(trx, batch, now);
    const jobs = batch
      .filter((item) => news.has(item.id))
      .map(({ arrival: { activity, isHint, isUnverified } }) => {
        const payload: ArrivalPayload = { activity: activity.raw, isHint, isUnverified };
        return { payload, subject: subjectOf(activity) };
      });
    await context.jobs.addAll(trx, 'inbox', jobs);
    const proven = batch.map(({ arrival }) => arrival).filter(({ isUnverified }) => !isUnverified);
    const hosts = new Set(proven.map(({ signerId }) => new URL(signerId).host));
    await hearFrom(context, trx, [...hosts]);
    await resumeFollowers(trx, [...new Set(proven.map(({ signerId }) => signerId))]);
    await context.failpoint('inbox.before-commit');
  }, unflushed);
}

/** Stores what is not known, or came under a known id with other bytes (Updates that use an id again). */
async function insertNew(
  trx: FederationTransaction,
  batch: readonly Item[],
  now: string,
): Promise<Set<string>> {
  const rows = batch.map(({ id, digest, arrival: { activity } }) => ({
    id,
    digest,
    actor_id: activity.actor,
    type: activity.type,
    object_id: idOfRef(activity.objects[0]),
    received_at: now,
  }));
  const stored = await trx
    .insertInto('plugin_federation_inbox')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({
          digest: eb.ref('excluded.digest'),
          // A neighbour who uses the id of what another did does not change what that was.
          object_id: sql<string | null>`case when plugin_federation_inbox.actor_id = excluded.actor_id
            then excluded.object_id else plugin_federation_inbox.object_id end`,
        }))
        .where(sql<boolean>`plugin_federation_inbox.digest <> excluded.digest`),
    )
    .returning('id')
    .execute();
  return new Set(stored.map((row) => row.id));
}

/** Who was thought to be gone and speaks is there. */
async function resumeFollowers(trx: FederationTransaction, actorIds: readonly string[]): Promise<void> {
  if (actorIds.length === 0) return;
  await trx
    .updateTable('plugin_federation_followers')
    .set({ state: 'accepted', suspended_at: null, suspended_why: null })
    .where('actor_id', 'in', actorIds)
    .where('state', '=', 'suspended')
    .execute();
}

/**
 * Activities without an id are told apart by nothing, so each is handled; handling them twice changes nothing. What
 * others say that somebody did is known under another name, so that it never stands in the way of what that one sends.
 */
function rowId(
  { activity, isHint, isUnverified }: Arrival,
  digest: string,
  context: FederationContext,
): string {
  if (activity.id === null) return `${digest} ${context.newId()}`;
  const id = receivedId(activity.id, activity.type);
  return isHint || isUnverified ? `hearsay ${id}` : id;
}

/** What one account says about one thing is handled in the order in which it came. */
function subjectOf(activity: ForeignActivity): string {
  const [ref] = activity.objects;
  const about = ref?.kind === 'activity' ? (idOfRef(ref.activity.objects[0]) ?? idOfRef(ref)) : idOfRef(ref);
  return hash('sha256', `${activity.actor} ${about ?? ''}`, 'base64url');
}
