import { AsyncResource } from 'node:async_hooks';
import type { Clock } from '../clock.ts';
import { repeatable, safe } from '../db/durability.ts';
import type { Database, Dialect } from '../db/open.ts';
import { afterCommit } from '../db/transaction.ts';
import { asError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { createFinishedJobs } from './finished-jobs.ts';
import { type Job, type JobInput, type JobKind, retryDelayMs } from './job.ts';
import {
  buryJob,
  claimJobs,
  freeOrphans,
  giveBackJobs,
  hasDueJob,
  insertJobs,
  nextRunAt,
  requeueJob,
} from './job-store.ts';
import { enterNode, heartbeat, leaveNode, nodeSilenceMs } from './node.ts';
import { createTurns } from './turns.ts';

const pollMs = 250;
const heartbeatMs = 10_000;

/** The queue: the only way to do something later. */
export type Jobs = {
  /** Puts work into the queue, in the caller's transaction; it may run as soon as that has committed. */
  add(db: Database, ...inputs: JobInput[]): Promise<void>;
  /** Says how jobs of a kind are done. Jobs of a kind that nobody has named wait. */
  define(kind: JobKind): void;
  /** Jobs of that kind wait from now on. */
  undefine(kind: string): void;
  /** Lets others go first, for a moment before each job, as long as that function says so. */
  giveWay(isBusy: () => boolean): void;
  /** Looks into the queue at once. */
  wake(): void;
  /** Begins to work. */
  start(): Promise<void>;
  /** Takes nothing new, waits up to `graceMs` for what runs, gives the rest back. */
  stop(graceMs?: number): Promise<void>;
  /** Resolves when nothing runs and nothing is due. For tests and for shutting down in order. */
  idle(): Promise<void>;
};

type Options = { db: Database; dialect: Dialect; clock: Clock; log: Logger };

/** Makes the queue of this process. */
export function createJobs({ db, dialect, clock, log }: Options): Jobs {
  const kinds = new Map<string, JobKind>();
  const running = new Map<string, { kind: string; abort: AbortController; done: Promise<void> }>();
  const idleWaiters = new Set<() => void>();
  /** Kinds in which something may be due; the others are looked at when their time comes. */
  const dirty = new Set<string>();
  const nextDue = new Map<string, string>();
  const finished = createFinishedJobs(db);
  const turns = createTurns();
  let node: string | null = null;
  let stopping = false;
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | null = null;
  let beat: NodeJS.Timeout | undefined;
  let hasLost = false;

  /** How many of a kind were taken and wait for their turn. */
  const unbegun = new Map<string, number>();

  const runningOf = (kind: string) => {
    let count = 0;
    for (const entry of running.values()) if (entry.kind === kind) count += 1;
    return count;
  };

  async function settle(job: Job, kind: JobKind, abort: AbortController): Promise<void> {
    await turns.next();
    noteBegun(job.kind);
    const deadlineMs = kind.deadlineMs ?? 60_000;
    let timeout: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timeout = setTimeout(() => {
        reject(new Error(`not done after ${deadlineMs} ms`));
        abort.abort();
      }, deadlineMs);
    });
    try {
      const begin = kind.repeatable ? repeatable : safe;
      const outcome = await Promise.race([begin(() => kind.handler(job, abort.signal)), deadline]);
      if (outcome)
        await requeueJob(db, job.id, { runAt: outcome.at.toISOString(), error: null, countAttempt: false });
      else await finished.add(job.id);
    } catch (error) {
      await fail(job, error);
    } finally {
      clearTimeout(timeout);
    }
  }

  function noteBegun(kind: string): void {
    const left = (unbegun.get(kind) ?? 1) - 1;
    unbegun.set(kind, left);
    if (left > 0) return;
    dirty.add(kind);
    wakeSoon();
  }

  async function fail(job: Job, thrown: unknown): Promise<void> {
    const error = asError(thrown);
    const text = error.message;
    if (stopping) {
      await requeueJob(db, job.id, { runAt: clock.iso(), error: text, countAttempt: false });
    } else if (job.attempts >= job.maxAttempts) {
      log.error({ job: job.id, kind: job.kind, attempts: job.attempts, err: error }, 'job given up');
      await buryJob(db, job.id, text);
    } else {
      log.warn(
        { job: job.id, kind: job.kind, attempts: job.attempts, error: text },
        'job failed, will be tried again',
      );
      const runAt = new Date(clock.now().getTime() + retryDelayMs(job.attempts, Math.random())).toISOString();
      await requeueJob(db, job.id, { runAt, error: text, countAttempt: true });
    }
  }

  function run(job: Job, kind: JobKind): void {
    const abort = new AbortController();
    const done = settle(job, kind, abort)
      .catch((error: unknown) => {
        hasLost = true;
        log.error({ job: job.id, kind: job.kind, err: error }, 'the queue could not be written');
      })
      .finally(() => {
        running.delete(job.id);
        dirty.add(job.kind);
        wakeSoon();
      });
    running.set(job.id, { kind: job.kind, abort, done });
  }

  /** What has ended while the queue could not be written still counts as running; it is done once more. */
  async function takeUpLost(self: string): Promise<void> {
    if (!hasLost) return;
    hasLost = false;
    try {
      await giveBackJobs(db, self, [...running.keys()]);
    } catch (error) {
      hasLost = true;
      throw error;
    }
  }

  async function look(): Promise<void> {
    if (node === null) return;
    await takeUpLost(node);
    const now = clock.iso();
    for (const [name, at] of nextDue) if (at <= now) dirty.add(name);
    const names = [...dirty];
    dirty.clear();
    for (const name of names) await lookAt(name, node, now);
    const next = [...nextDue.values()].sort()[0];
    schedule(
      next === undefined ? pollMs : Math.max(1, Math.min(pollMs, Date.parse(next) - clock.now().getTime())),
    );
    await settleIdle();
  }

  async function lookAt(name: string, self: string, now: string): Promise<void> {
    nextDue.delete(name);
    const kind = kinds.get(name);
    if (!kind || stopping) return;
    // When the last that waits for its turn begins, this kind is looked at again: many are taken in one statement.
    if ((unbegun.get(name) ?? 0) > 0) return;
    const room = (kind.concurrency ?? 4) - runningOf(name);
    // When one of them ends, this kind is looked at again.
    if (room <= 0) return;
    const jobs = await claimJobs(db, { kind: name, node: self, now, limit: room, dialect });
    unbegun.set(name, jobs.length);
    for (const job of jobs) run(job, kind);
    if (jobs.length === room) return;
    const at = await nextRunAt(db, name);
    // What is due and was not given waits for another of its subject.
    if (at !== null && at > now) nextDue.set(name, at);
  }

  async function settleIdle(): Promise<void> {
    if (idleWaiters.size === 0 || running.size > 0 || finished.isBusy()) return;
    // A job behind another of its subject that waits for its next try is not due.
    if ((await hasDueJob(db, [...kinds.keys()], clock.iso())) || running.size > 0) return;
    for (const resolve of idleWaiters) resolve();
    idleWaiters.clear();
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer);
    if (stopping) return;
    timer = setTimeout(() => {
      // Other processes add jobs as well.
      if (delayMs === pollMs) for (const name of kinds.keys()) dirty.add(name);
      wake();
    }, delayMs);
  }

  /** A few milliseconds later, so that one claim, and one write to the disk, serves several that end together. */
  function wakeSoon(): void {
    if (soon !== null) return;
    soon = setTimeout(() => {
      soon = null;
      wake();
    }, 2);
  }

  /** Bound to where the queue was made: what a plugin sets off here is not that plugin's doing any more. */
  const wake = AsyncResource.bind((): void => {
    if (node === null || stopping) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    // What the queue notes about itself is the same after it was noted again.
    looking = repeatable(look)
      .catch((error: unknown) => {
        log.error({ err: error }, 'the queue could not be read');
        schedule(1000);
      })
      .finally(() => {
        looking = null;
        if (lookAgain) {
          lookAgain = false;
          wake();
        }
      });
  });

  async function keepAlive(): Promise<void> {
    if (node === null) return;
    await heartbeat(db, node, clock.iso());
    const freed = await freeOrphans(db, new Date(clock.now().getTime() - nodeSilenceMs).toISOString());
    if (freed > 0) log.warn({ jobs: freed }, 'took over jobs of a node that is gone');
  }

  return {
    async add(target, ...inputs) {
      await insertJobs(target, inputs, clock.iso());
      afterCommit(target, () => {
        for (const input of inputs) dirty.add(input.kind);
        wake();
      });
    },
    define(kind) {
      kinds.set(kind.kind, kind);
      dirty.add(kind.kind);
      wake();
    },
    undefine(kind) {
      kinds.delete(kind);
    },
    giveWay: turns.giveWay,
    wake() {
      for (const name of kinds.keys()) dirty.add(name);
      wake();
    },
    async start() {
      stopping = false;
      node = await enterNode(db, clock.iso());
      await keepAlive();
      beat = setInterval(() => {
        keepAlive().catch((error: unknown) =>
          log.error({ err: error }, 'the heartbeat could not be written'),
        );
      }, heartbeatMs);
      for (const name of kinds.keys()) dirty.add(name);
      wake();
    },
    async stop(graceMs = 6000) {
      stopping = true;
      clearTimeout(timer);
      clearInterval(beat);
      await looking;
      const all = Promise.allSettled([...running.values()].map((entry) => entry.done));
      const grace = new Promise((resolve) => setTimeout(resolve, graceMs / 2).unref());
      await Promise.race([all, grace]);
      for (const entry of running.values()) entry.abort.abort();
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, graceMs / 2).unref())]);
      await finished.settled();
      if (node !== null) await leaveNode(db, node);
      node = null;
      for (const resolve of idleWaiters) resolve();
      idleWaiters.clear();
    },
    idle() {
      if (node === null) return Promise.resolve();
      return new Promise((resolve) => {
        idleWaiters.add(resolve);
        wake();
      });
    },
  };
}
