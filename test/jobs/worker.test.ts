import { hostname } from 'node:os';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { inTransaction } from '../../src/db/transaction.ts';
import { retryDelayMs } from '../../src/jobs/job.ts';
import { claimJobs, deadJobs, queueDepth } from '../../src/jobs/job-store.ts';
import { createJobs } from '../../src/jobs/worker.ts';
import { forEachDatabase, openTestCore, type TestCore } from '../support/databases.ts';
import { until } from '../support/until.ts';

const never = () => new Promise<void>(() => undefined);

const rowOf = async ({ db }: TestCore) => db.selectFrom('jobs').selectAll().executeTakeFirst();

forEachDatabase((openCore) => {
  test('work that is added in a transaction is done after its commit, and then gone', async () => {
    const core = await openCore();
    const done: unknown[] = [];
    core.jobs.define({ kind: 'work', handler: async ({ payload }) => void done.push(payload) });
    await core.jobs.start();
    await inTransaction(core.db, (trx) => core.jobs.add(trx, { kind: 'work', payload: { a: 1 } }));
    await core.jobs.idle();

    expect(done).toEqual([{ a: 1 }]);
    expect(await rowOf(core)).toBeUndefined();
  });

  test('work of a kind that nobody has named waits until somebody does', async () => {
    const core = await openCore();
    const done: unknown[] = [];
    await core.jobs.start();
    await core.jobs.add(core.db, { kind: 'work', payload: 1 });
    await core.jobs.idle();
    core.jobs.define({ kind: 'work', handler: async ({ payload }) => void done.push(payload) });
    await core.jobs.idle();

    expect(done).toEqual([1]);
  });

  test('what another process adds is found', async () => {
    const core = await openCore();
    const done: unknown[] = [];
    core.jobs.define({ kind: 'work', handler: async ({ payload }) => void done.push(payload) });
    await core.jobs.start();
    await core.jobs.idle();
    const other = createJobs({ db: core.db, dialect: core.dialect, clock: core.clock, log: core.log });
    await other.add(core.db, { kind: 'work', payload: 'from afar' });

    await until('the job is done', () => done.length === 1, 2000);
  });

  test('no more run side by side than the kind allows', async () => {
    const core = await openCore();
    let running = 0;
    let most = 0;
    core.jobs.define({
      kind: 'work',
      concurrency: 3,
      async handler() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
      },
    });
    await core.jobs.start();
    await core.jobs.add(core.db, ...Array.from({ length: 12 }, (_, payload) => ({ kind: 'work', payload })));
    await core.jobs.idle();

    expect(most).toBe(3);
    expect(await queueDepth(core.db)).toMatchObject({ queued: 0, running: 0 });
  });

  test('a job that fails is tried again later, and given up after its last try', async () => {
    const core = await openCore();
    const tries: number[] = [];
    core.jobs.define({
      kind: 'work',
      async handler({ attempts }) {
        tries.push(attempts);
        throw new Error('no answer');
      },
    });
    await core.jobs.start();
    await core.jobs.add(core.db, { kind: 'work', payload: null, maxAttempts: 3 });
    await core.jobs.idle();
    expect(await rowOf(core)).toMatchObject({ state: 'queued', attempts: 1, last_error: 'no answer' });
    expect((await rowOf(core))?.run_at.localeCompare(core.clock.iso())).toBe(1);
    for (let round = 0; round < 2; round += 1) {
      core.clock.advance(60_000);
      core.jobs.wake();
      await core.jobs.idle();
    }

    expect(tries).toEqual([1, 2, 3]);
    expect(await deadJobs(core.db, 9)).toMatchObject([{ attempts: 3, lastError: 'no answer' }]);
  });

  test('a job that hangs counts as failed at its deadline, and is told by its signal', async () => {
    const core = await openCore();
    const signals: AbortSignal[] = [];
    core.jobs.define({
      kind: 'work',
      deadlineMs: 20,
      handler: (_, signal) => {
        signals.push(signal);
        return never();
      },
    });
    await core.jobs.start();
    await core.jobs.add(core.db, { kind: 'work', payload: null });
    await core.jobs.idle();

    expect(signals[0]?.aborted).toBe(true);
    expect(await rowOf(core)).toMatchObject({ state: 'queued', last_error: 'not done after 20 ms' });
  });

  test('a job that says when to come again is not counted as failed', async () => {
    const core = await openCore();
    let runs = 0;
    core.jobs.define({
      kind: 'work',
      async handler() {
        runs += 1;
        return runs === 1 ? { kind: 'again', at: new Date(core.clock.now().getTime() + 5000) } : undefined;
      },
    });
    await core.jobs.start();
    await core.jobs.add(core.db, { kind: 'work', payload: null, maxAttempts: 1 });
    await core.jobs.idle();
    expect(await rowOf(core)).toMatchObject({ state: 'queued', attempts: 0, last_error: null });
    core.clock.advance(5000);
    core.jobs.wake();
    await core.jobs.idle();

    expect([runs, await rowOf(core)]).toEqual([2, undefined]);
  });

  test('stopping waits for what runs, and gives back what does not end', async () => {
    const core = await openCore();
    const ended: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    core.jobs.define({
      kind: 'work',
      async handler({ payload }, signal) {
        if (payload === 'slow') await never();
        await gate.promise;
        ended.push(payload, signal.aborted);
      },
    });
    await core.jobs.start();
    await core.jobs.add(core.db, { kind: 'work', payload: 'slow' }, { kind: 'work', payload: 'quick' });
    await until('both run', async () => (await queueDepth(core.db)).running === 2);
    const stopped = core.jobs.stop(400);
    gate.resolve();
    await stopped;

    expect(ended).toEqual(['quick', false]);
    expect(await core.db.selectFrom('jobs').select(['state', 'claimed_by', 'payload']).execute()).toEqual([
      { state: 'queued', claimed_by: null, payload: '"slow"' },
    ]);
    expect(await core.db.selectFrom('nodes').selectAll().execute()).toEqual([]);
  });

  test('a job that is aborted by stopping has lost no try', async () => {
    const core = await openCore();
    core.jobs.define({
      kind: 'work',
      handler: (_, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped'))),
        ),
    });
    await core.jobs.start();
    await core.jobs.add(core.db, { kind: 'work', payload: null });
    await until('it runs', async () => (await queueDepth(core.db)).running === 1);
    await core.jobs.stop(20);

    expect(await rowOf(core)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  test('a start takes over what a process of this machine held when it died', async () => {
    const core = await openCore();
    const done: unknown[] = [];
    await core.jobs.add(core.db, { kind: 'work', payload: 'orphan' });
    const now = core.clock.iso();
    const dead = { id: 'dead', host: hostname(), pid: 2 ** 22 + 1, started: '1', heartbeat_at: now };
    await core.db.insertInto('nodes').values(dead).execute();
    await claimJobs(core.db, { kind: 'work', node: 'dead', now, limit: 1, dialect: core.dialect });
    core.jobs.define({ kind: 'work', handler: async ({ payload }) => void done.push(payload) });
    await core.jobs.start();
    await core.jobs.idle();

    expect(done).toEqual(['orphan']);
  });
});

test('a job that ended while the queue could not be written is done once more', async () => {
  const core = await openTestCore();
  const said: string[] = [];
  core.log.error = ((_: object, words: string) => said.push(words)) as never;
  let done = 0;
  core.jobs.define({
    kind: 'work',
    async handler() {
      done += 1;
      if (done === 1) await sql`alter table jobs rename to jobs_elsewhere`.execute(core.db);
    },
  });
  await core.jobs.add(core.db, { kind: 'work', payload: null });
  await core.jobs.start();
  await until('its end could not be noted', () => said.includes('the queue could not be written'));
  await sql`alter table jobs_elsewhere rename to jobs`.execute(core.db);

  await until('it is done again and gone', async () => done === 2 && !(await rowOf(core)));
});

test('idle() is answered when the queue is stopped, and at once where it was never started', async () => {
  const core = await openTestCore();
  await core.jobs.idle();
  core.jobs.define({ kind: 'work', handler: never });
  await core.jobs.start();
  await core.jobs.add(core.db, { kind: 'work', payload: null });
  const idle = core.jobs.idle();
  await core.jobs.stop(20);
  await idle;
});

test('the waits between tries grow, end at six hours and spread', () => {
  expect([1, 2, 3, 30].map((attempts) => retryDelayMs(attempts, 0.5))).toEqual([
    5000, 15_000, 45_000, 21_600_000,
  ]);
  expect([retryDelayMs(1, 0), retryDelayMs(1, 1)]).toEqual([3750, 6250]);
});
