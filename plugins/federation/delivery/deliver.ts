import { type JobOutcome, z } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { formFor } from '../forms/forms.ts';
import { findHost } from './host-store.ts';
import { openLane } from './lane.ts';
import { mostAgeMs } from './retry-schedule.ts';
import { dueDeliveries, expireDeliveries, nextDueAt, noteCutShort } from './waiting-store.ts';

/** What a lane's job carries. */
export const laneJob = z.object({ host: z.string() });

/** As many go one after the other before another connection is worth its opening. */
const inARow = 8;
const batchSize = 40;
/** A lane with much to do gives others a turn after this time, in milliseconds. */
const turnMs = 30_000;

/**
 * Delivers what is due at one server: its lane. There is one job for each server, so that a slow one holds up nobody
 * else, and no two nodes send to the same one at a time. A server that failed gets one delivery, and the rest when it
 * took that one. Comes again when the next delivery is due.
 */
export async function deliverLane(
  payload: unknown,
  context: FederationContext,
  job: { signal: AbortSignal; attempts: number },
): Promise<JobOutcome> {
  const { host } = laneJob.parse(payload);
  const db = tablesOf(context);
  const [row, settings] = await Promise.all([findHost(db, host), context.settings.get()]);
  if (row?.hold) return;
  const { deliveriesAtOnce, deliveriesPerSecond: perSecond } = settings;
  const form = settings.adaptToSoftware ? formFor({ host, software: row?.software ?? null }) : null;
  const lane = openLane(context, { host, row, form, limits: { perSecond, signal: job.signal } });
  // The run before this one did not end: the process did.
  if (job.attempts > 1) await noteCutShort(db, host, context.now().toISOString());
  if (row?.failing_since && !lane.isPaused()) await expire(context, host);

  const endsAt = Date.now() + turnMs;
  while (!lane.isPaused() && Date.now() < endsAt && !job.signal.aborted) {
    const limit = lane.isOnTrial() ? 1 : batchSize;
    const version = context.pagesVersion();
    const due = await dueDeliveries(db, { host, now: context.now().toISOString(), limit });
    const found = due.length;
    if (found === 0) break;
    await context.failpoint('deliver.after-claim');
    const width = Math.min(deliveriesAtOnce, Math.ceil(found / inARow));
    // None may still be at work when this run ends: the next one would send the same.
    const works = await Promise.allSettled(Array.from({ length: width }, () => lane.work(due, version)));
    await lane.written();
    for (const work of works) if (work.status === 'rejected') throw work.reason;
    // What was added meanwhile brings this lane back.
    if (found < limit && due.length === 0) break;
  }
  const next = await nextDueAt(db, host);
  if (next === null) return;
  const notBefore = lane.notBefore();
  return { kind: 'again', at: new Date(notBefore !== null && notBefore > next ? notBefore : next) };
}

/** What a server missed while it was away for long is not sent late. */
async function expire(context: FederationContext, host: string): Promise<void> {
  const now = context.now();
  const before = new Date(now.getTime() - mostAgeMs).toISOString();
  const text = 'The server was away for too long.';
  await expireDeliveries(tablesOf(context), { host, before, text, now: now.toISOString() });
}
