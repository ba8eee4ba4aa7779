import { expect, test } from 'vitest';
import type { JobInput } from '../../src/jobs/job.ts';
import {
  buryJob,
  claimJobs,
  deadJobs,
  finishJobs,
  freeOrphans,
  hasDueJob,
  insertJobs,
  queueDepth,
  requeueJob,
  reviveJob,
} from '../../src/jobs/job-store.ts';
import { enterNode, leaveNode } from '../../src/jobs/node.ts';
import { forEachDatabase, type OpenCore } from '../support/databases.ts';

async function openQueue(openCore: OpenCore) {
  const { db, dialect, clock } = await openCore();
  const add = (...inputs: Partial<JobInput>[]) =>
    insertJobs(
      db,
      inputs.map((input) => ({ kind: 'work', payload: null, ...input })),
      clock.iso(),
    );
  const claim = (limit = 10, node = 'one') =>
    claimJobs(db, { kind: 'work', node, now: clock.iso(), limit, dialect });
  const payloads = async (limit?: number) => (await claim(limit)).map((job) => job.payload);
  const later = (ms: number) => new Date(clock.now().getTime() + ms);
  return { db, clock, add, claim, payloads, later };
}

forEachDatabase((openCore) => {
  test('jobs are given in the order in which they were added, no more than asked for', async () => {
    const { add, payloads } = await openQueue(openCore);
    await add({ payload: 1 }, { payload: 2 }, { payload: 3 });

    expect(await payloads(2)).toEqual([1, 2]);
    expect(await payloads(2)).toEqual([3]);
    expect(await payloads(2)).toEqual([]);
  });

  test('a job that is not due waits until it is', async () => {
    const { db, clock, add, payloads, later } = await openQueue(openCore);
    await add({ payload: 'tomorrow', runAt: later(1000) });

    expect(await payloads()).toEqual([]);
    expect(await hasDueJob(db, ['work'], clock.iso())).toBe(false);
    clock.advance(1000);
    expect(await hasDueJob(db, ['other'], clock.iso())).toBe(false);
    expect(await hasDueJob(db, ['work'], clock.iso())).toBe(true);
    expect(await payloads()).toEqual(['tomorrow']);
  });

  test('of each subject one job runs at a time, in order', async () => {
    const { db, add, claim } = await openQueue(openCore);
    await add(
      { payload: 'a1', subject: 'a' },
      { payload: 'a2', subject: 'a' },
      { payload: 'b1', subject: 'b' },
      { payload: 'free' },
    );
    const first = await claim();
    expect(first.map((job) => job.payload)).toEqual(['a1', 'b1', 'free']);
    expect(await claim()).toEqual([]);

    await finishJobs(
      db,
      first.map((job) => job.id),
    );
    expect((await claim()).map((job) => job.payload)).toEqual(['a2']);
  });

  test('the second of a subject waits for the next try of the first, and is not due', async () => {
    const { db, clock, add, claim, later } = await openQueue(openCore);
    await add({ payload: 1, subject: 'a' }, { payload: 2, subject: 'a' });
    const [first] = await claim();
    const again = { runAt: later(60_000).toISOString(), error: 'no answer', countAttempt: true };
    await requeueJob(db, first?.id ?? '', again);

    expect(await claim()).toEqual([]);
    expect(await hasDueJob(db, ['work'], clock.iso())).toBe(false);
    clock.advance(60_000);
    expect((await claim()).map((job) => job.payload)).toEqual([1]);
  });

  test('what was given up does not hold up others of its subject', async () => {
    const { db, add, claim } = await openQueue(openCore);
    await add({ payload: 1, subject: 'a' }, { payload: 2, subject: 'a' });
    const [first] = await claim();
    await buryJob(db, first?.id ?? '', 'too often');

    expect((await claim()).map((job) => job.payload)).toEqual([2]);
  });

  test('two with the same unique key become one, the newest, at the earlier moment', async () => {
    const { add, clock, claim, payloads, later } = await openQueue(openCore);
    await add({ payload: 'old', uniqueKey: 'k', runAt: later(1000) });
    await add({ payload: 'new', uniqueKey: 'k', runAt: later(5000) });
    await add(
      { payload: 'other', uniqueKey: 'l', runAt: later(9000) },
      { payload: 'last', uniqueKey: 'l', runAt: later(9500) },
    );

    clock.advance(1000);
    expect(await payloads()).toEqual(['new']);
    clock.advance(8000);
    expect((await claim()).map((job) => job.payload)).toEqual(['last']);
  });

  test('the same key of another kind is another job', async () => {
    const { db, add } = await openQueue(openCore);
    await add({ uniqueKey: 'k' }, { kind: 'other', uniqueKey: 'k' });

    expect((await queueDepth(db)).queued).toBe(2);
  });

  test('a unique job that is asked for while it runs is run once more', async () => {
    const { db, add, claim } = await openQueue(openCore);
    await add({ payload: 1, uniqueKey: 'k' });
    const [running] = await claim();
    await add({ payload: 2, uniqueKey: 'k' });
    await add({ payload: 3, uniqueKey: 'k' });
    expect(await claim()).toEqual([]);

    await finishJobs(db, [running?.id ?? '']);
    const [again, ...others] = await claim();
    expect(again).toMatchObject({ payload: 3, attempts: 1 });
    expect(others).toEqual([]);
    await finishJobs(db, [again?.id ?? '']);
    expect(await queueDepth(db)).toMatchObject({ queued: 0, running: 0, dead: 0 });
  });

  test('a unique job that was asked for while it ran is begun anew even where that run was its last', async () => {
    const { db, add, claim } = await openQueue(openCore);
    await add({ payload: 1, uniqueKey: 'k' });
    const [running] = await claim();
    await add({ payload: 2, uniqueKey: 'k' });
    await buryJob(db, running?.id ?? '', 'too often');

    expect(await claim()).toMatchObject([{ payload: 2, attempts: 1 }]);
  });

  test('a failed job comes back at its moment, its attempts counted', async () => {
    const { db, clock, add, claim, later } = await openQueue(openCore);
    await add({});
    const [job] = await claim();
    const failed = { runAt: later(500).toISOString(), error: 'no answer', countAttempt: true };
    await requeueJob(db, job?.id ?? '', failed);
    clock.advance(500);
    const [second] = await claim();
    expect(second?.attempts).toBe(2);

    await requeueJob(db, job?.id ?? '', { ...failed, runAt: clock.iso(), countAttempt: false });
    expect((await claim())[0]?.attempts).toBe(2);
  });

  test('a job that was given up is kept with its reason until it is tried again', async () => {
    const { db, clock, add, claim } = await openQueue(openCore);
    await add({ payload: 'x', uniqueKey: 'k' });
    const [job] = await claim();
    await buryJob(db, job?.id ?? '', 'the other side is gone');
    expect(await deadJobs(db, 10)).toMatchObject([{ payload: 'x', lastError: 'the other side is gone' }]);

    expect(await reviveJob(db, job?.id ?? '', clock.iso())).toBe(true);
    expect(await reviveJob(db, job?.id ?? '', clock.iso())).toBe(false);
    expect(await claim()).toMatchObject([{ payload: 'x', attempts: 1 }]);
  });

  test('a given-up job whose like was asked for since is represented by that one', async () => {
    const { db, clock, add, claim } = await openQueue(openCore);
    await add({ payload: 'old', uniqueKey: 'k' });
    const [job] = await claim();
    await buryJob(db, job?.id ?? '', 'gone');
    await add({ payload: 'new', uniqueKey: 'k' });

    expect(await reviveJob(db, job?.id ?? '', clock.iso())).toBe(true);
    expect((await claim()).map(({ payload }) => payload)).toEqual(['new']);
    expect((await queueDepth(db)).dead).toBe(0);
  });

  test('jobs of a node that is gone are free, those of a living one are not', async () => {
    const { db, clock, add, claim } = await openQueue(openCore);
    const living = await enterNode(db, clock.iso());
    await add({ payload: 'orphan' }, { payload: 'kept' });
    await claim(1, 'a node that nobody has heard of');
    await claim(1, living);

    expect(await freeOrphans(db, new Date(clock.now().getTime() - 45_000).toISOString())).toBe(1);
    expect((await claim()).map((job) => job.payload)).toEqual(['orphan']);
    clock.advance(60_000);
    expect(await freeOrphans(db, new Date(clock.now().getTime() - 45_000).toISOString())).toBe(2);
  });

  test('a job that takes its process down each time is given up in the end', async () => {
    const { db, clock, add, claim } = await openQueue(openCore);
    await add({ maxAttempts: 2 });
    for (const state of ['queued', 'dead'] as const) {
      expect(await claim()).toHaveLength(1);
      await freeOrphans(db, clock.iso());
      expect((await queueDepth(db))[state]).toBe(1);
    }
    expect((await deadJobs(db, 1))[0]?.lastError).toBe('The process ended each time it was tried.');
  });

  test('a node that leaves gives back what it holds', async () => {
    const { db, clock, add, claim } = await openQueue(openCore);
    const node = await enterNode(db, clock.iso());
    await add({});
    await claim(1, node);
    await leaveNode(db, node);

    expect(await claim()).toHaveLength(1);
    expect(await db.selectFrom('nodes').selectAll().execute()).toEqual([]);
  });

  test('a node whose process has ended is struck out when another enters on the same machine', async () => {
    const { db, clock } = await openQueue(openCore);
    const first = await enterNode(db, clock.iso());
    await db
      .updateTable('nodes')
      .set({ pid: 2 ** 22 + 1 })
      .where('id', '=', first)
      .execute();
    const second = await enterNode(db, clock.iso());
    const third = await enterNode(db, clock.iso());

    const nodes = await db.selectFrom('nodes').select('id').orderBy('id').execute();
    expect(nodes.map((node) => node.id)).toEqual([second, third].sort());
  });

  test('many claimers at once never get the same job', async () => {
    const { add, claim } = await openQueue(openCore);
    await add(...Array.from({ length: 60 }, (_, payload) => ({ payload })));
    const claimed = await Promise.all(Array.from({ length: 12 }, (_, node) => claim(5, `node ${node}`)));

    const payloads = claimed.flat().map((job) => job.payload);
    expect(new Set(payloads).size).toBe(payloads.length);
    expect(claimed.every((jobs) => jobs.length <= 5)).toBe(true);
  });
});
