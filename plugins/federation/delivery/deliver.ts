import { type JobOutcome, z } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { announceSoon } from '../notices/announce-soon.ts';
import type { HostRow } from '../tables.ts';
import { type Delivery, dueDeliveries, nextDueAt } from './delivery-store.ts';
import { findHost } from './host-store.ts';
import { writeDown } from './ledger.ts';
import { type Sent, sendDelivery } from './send.ts';
import { type Settled, settle } from './settle.ts';

/** What a lane's job carries. */
export const laneJob = z.object({ host: z.string() });

/** At most so many deliveries are under way to one server, from one node. */
const atOnce = 4;
/** As many go one after the other before another connection is worth its opening. */
const inARow = 8;
const batchSize = 40;
/** A lane with much to do gives others a turn after this time, in milliseconds. */
const turnMs = 30_000;
/** A success is written down about a server this often at most. */
const successEveryMs = 60_000;

/**
 * Delivers what is due at one server: its lane. There is one job for each server, so that a slow one holds up nobody
 * else, and no two nodes send to the same one at a time. Comes again when the next delivery is due.
 */
export async function deliverLane(
  payload: unknown,
  context: FederationContext,
  job: { signal: AbortSignal },
): Promise<JobOutcome> {
  const { host } = laneJob.parse(payload);
  const lane = await openLane(context, host, job.signal);
  const endsAt = Date.now() + turnMs;
  while (!lane.isClosed() && Date.now() < endsAt && !job.signal.aborted) {
    const now = context.now().toISOString();
    const due = await dueDeliveries(tablesOf(context), { host, now, limit: batchSize });
    if (due.length === 0) break;
    await context.failpoint('deliver.after-claim');
    const isLast = due.length < batchSize;
    const width = Math.min(atOnce, Math.ceil(due.length / inARow));
    await Promise.all(Array.from({ length: width }, () => lane.work(due)));
    await lane.written();
    // What was added meanwhile brings this lane back.
    if (isLast) break;
  }
  const next = await nextDueAt(tablesOf(context), host);
  if (next === null) return;
  const notBefore = lane.notBefore();
  return { kind: 'again', at: new Date(notBefore !== null && notBefore > next ? notBefore : next) };
}

type Lane = {
  /** Takes deliveries from the list until it is empty or the server wants no more. */
  work(due: Delivery[]): Promise<void>;
  isClosed(): boolean;
  notBefore(): string | null;
  /** Resolves when all results are safe. */
  written(): Promise<unknown>;
};

async function openLane(context: FederationContext, host: string, signal: AbortSignal): Promise<Lane> {
  const row = await findHost(tablesOf(context), host);
  let scheme = row?.scheme ?? null;
  let notBefore = row?.not_before ?? null;
  let failingSince = row?.failing_since ?? null;
  let successAt = Date.parse(row?.last_success_at ?? '') || 0;
  let writing: Promise<void>[] = [];

  const isClosed = () => notBefore !== null && notBefore > context.now().toISOString();

  /** What the attempt teaches about the server; null for nothing new. */
  function learn(sent: Sent, settled: Settled): Partial<Omit<HostRow, 'host'>> | null {
    const now = context.now();
    const iso = now.toISOString();
    if (sent.outcome.kind === 'delivered') {
      const isNews = failingSince !== null || notBefore !== null || sent.scheme !== (scheme ?? 'cavage');
      if (!isNews && now.getTime() - successAt < successEveryMs) return null;
      [scheme, notBefore, failingSince, successAt] = [sent.scheme, null, null, now.getTime()];
      return { scheme, last_success_at: iso, failing_since: null, not_before: null };
    }
    const error = { last_error_at: iso, last_error: settled.error };
    if (sent.outcome.kind !== 'retry') return error;
    failingSince ??= iso;
    const closes = sent.outcome.unreachable || sent.outcome.toldMs !== null;
    if (closes && settled.nextAttemptAt !== null) notBefore = settled.nextAttemptAt;
    return { ...error, failing_since: failingSince, not_before: notBefore };
  }

  async function deliver(delivery: Delivery): Promise<void> {
    const sent = await sendDelivery(context, delivery, { known: scheme, signal });
    const settled = settle(sent.outcome, {
      attempts: delivery.attempts + 1,
      createdAt: delivery.created_at,
      now: context.now(),
      chance: Math.random(),
    });
    if (!settled) return;
    const change = learn(sent, settled);
    if (settled.state === 'abandoned') {
      context.log.warn({ host, delivery: delivery.id, error: settled.error }, 'a delivery was given up');
      await announceSoon(context);
    }
    writing.push(
      writeDown(context, {
        deliveryId: delivery.id,
        settled,
        host: change && { name: host, change },
        goneInbox: sent.outcome.kind === 'gone' ? delivery.inbox : null,
      }),
    );
  }

  return {
    async work(due) {
      for (let next = due.shift(); next; next = due.shift()) {
        if (isClosed() || signal.aborted) return;
        await deliver(next);
      }
    },
    isClosed,
    notBefore: () => notBefore,
    written() {
      const all = Promise.all(writing);
      writing = [];
      return all;
    },
  };
}
