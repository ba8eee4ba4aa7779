import { expect, test } from 'vitest';
import { inTransaction } from '../../src/db/transaction.ts';
import type { Listeners } from '../../src/hooks/hooks.ts';
import { deadJobs } from '../../src/jobs/job-store.ts';
import { forEachDatabase, type OpenCore } from '../support/databases.ts';

type Listening = { actions?: Listeners['actions']; filters?: Listeners['filters'] };

async function openHooks(openCore: OpenCore) {
  const deps = await openCore();
  const { hooks } = deps;
  const failures: { plugin: string; where: string; message: string }[] = [];
  hooks.onFailure((plugin, where, error) => {
    failures.push({ plugin, where, message: error instanceof Error ? error.message : String(error) });
  });
  const listen = (plugin: string, { actions = {}, filters = {} }: Listening) =>
    hooks.subscribe(plugin, { actions, filters });
  const tell = (...ids: string[]) =>
    inTransaction(deps.db, async (trx) => {
      for (const postId of ids) await hooks.actions.add(trx, 'post.published', { postId });
    });
  return { ...deps, failures, listen, tell };
}

forEachDatabase((openCore) => {
  test('an event is told after the commit, to each who listens and to nobody else', async () => {
    const { jobs, listen, tell } = await openHooks(openCore);
    const heard: string[] = [];
    const hear = (who: string) => async (payload: unknown) =>
      void heard.push(`${who} ${JSON.stringify(payload)}`);
    listen('one', { actions: { 'post.published': hear('one') } });
    listen('two', { actions: { 'post.published': hear('two') } });
    listen('three', { actions: { 'post.deleted': hear('three') } });
    await jobs.start();
    await tell('a');
    await jobs.idle();

    expect(heard.sort()).toEqual(['one {"postId":"a"}', 'two {"postId":"a"}']);
  });

  test('an event of a transaction that is rolled back is told to nobody', async () => {
    const { db, hooks, jobs, listen } = await openHooks(openCore);
    const heard: unknown[] = [];
    listen('one', { actions: { 'post.published': async (payload) => void heard.push(payload) } });
    await jobs.start();
    const work = inTransaction(db, async (trx) => {
      await hooks.actions.add(trx, 'post.published', { postId: 'a' });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    await jobs.idle();

    expect(heard).toEqual([]);
    expect(await db.selectFrom('jobs').selectAll().execute()).toEqual([]);
  });

  test('events of one subject are told in order, although each takes its time', async () => {
    const { db, hooks, jobs, listen } = await openHooks(openCore);
    const heard: string[] = [];
    let waits = 5;
    const slowly = (name: string) => async () => {
      waits -= 1;
      await new Promise((resolve) => setTimeout(resolve, waits * 5));
      heard.push(name);
    };
    listen('one', {
      actions: {
        'post.published': slowly('published'),
        'post.updated': slowly('updated'),
        'post.unpublished': slowly('unpublished'),
      },
    });
    await jobs.start();
    const postId = 'a';
    await inTransaction(db, (trx) => hooks.actions.add(trx, 'post.published', { postId }));
    await inTransaction(db, (trx) => hooks.actions.add(trx, 'post.updated', { postId, quiet: false }));
    await inTransaction(db, (trx) => hooks.actions.add(trx, 'post.unpublished', { postId }));
    await jobs.idle();

    expect(heard).toEqual(['published', 'updated', 'unpublished']);
  });

  test('a listener that fails is reported and told again, until it succeeds; the others are not held up', async () => {
    const { clock, jobs, failures, listen, tell } = await openHooks(openCore);
    let tries = 0;
    const heard: string[] = [];
    listen('broken', {
      actions: {
        'post.published': async () => {
          tries += 1;
          if (tries < 3) throw new Error('not yet');
        },
      },
    });
    listen('fine', { actions: { 'post.published': async () => void heard.push('fine') } });
    await jobs.start();
    await tell('a');
    await jobs.idle();
    expect([tries, heard]).toEqual([1, ['fine']]);
    for (let round = 0; round < 2; round += 1) {
      clock.advance(60_000);
      jobs.wake();
      await jobs.idle();
    }

    expect(tries).toBe(3);
    expect(failures).toEqual(
      [1, 2].map(() => ({ plugin: 'broken', where: 'post.published', message: 'not yet' })),
    );
  });

  test('a listener that never succeeds is given up, and what is left is there to be looked at', async () => {
    const { db, clock, jobs, listen, tell } = await openHooks(openCore);
    listen('broken', { actions: { 'post.published': () => Promise.reject(null) } });
    await jobs.start();
    await tell('a');
    for (let round = 0; round < 13; round += 1) {
      await jobs.idle();
      clock.advance(9 * 3_600_000);
      jobs.wake();
    }
    await jobs.idle();

    expect(await deadJobs(db, 9)).toMatchObject([
      { kind: 'action:broken', attempts: 12, lastError: 'null was thrown' },
    ]);
  });

  test('what was begun to be told waits while the plugin is off, and what happens meanwhile is not told', async () => {
    const { clock, hooks, jobs, listen, tell } = await openHooks(openCore);
    const heard: unknown[] = [];
    listen('one', { actions: { 'post.published': async () => Promise.reject(new Error('stopped')) } });
    await jobs.start();
    await tell('a');
    await jobs.idle();
    hooks.unsubscribe('one');
    await tell('b');
    await jobs.idle();
    clock.advance(60_000);
    await jobs.idle();
    expect(heard).toEqual([]);

    listen('one', { actions: { 'post.published': async (payload) => void heard.push(payload) } });
    await jobs.idle();
    expect(heard).toEqual([{ postId: 'a' }]);
  });
});
