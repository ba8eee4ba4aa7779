import { expect, test } from 'vitest';
import { createCounters } from '../../src/db/counters.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase((openCore) => {
  test('a counter grows with the commit and not before', async () => {
    const { db, counters } = await openCore();
    const during: number[] = [];
    await inTransaction(db, async (trx) => {
      await counters.bump(trx, 'site', 'post:1');
      during.push(counters.get('site'));
    });
    expect([...during, counters.get('site'), counters.get('post:1'), counters.get('post:2')]).toEqual([
      0, 1, 1, 0,
    ]);

    const generation = counters.generation();
    await inTransaction(db, async (trx) => {
      await counters.bump(trx, 'site');
      throw new Error('no');
    }).catch(() => null);
    expect([counters.get('site'), counters.generation()]).toEqual([1, generation]);
  });

  test('what another process has changed is seen after a refresh, and only then is there news', async () => {
    const { db, clock, counters } = await openCore();
    const other = createCounters(db, clock);
    await other.refresh();
    await counters.bump(db, 'site');
    const generation = other.generation();

    expect(other.get('site')).toBe(0);
    expect(await other.refresh()).toBe(true);
    expect(other.get('site')).toBe(1);
    expect(other.generation()).toBeGreaterThan(generation);
    expect(await other.refresh()).toBe(false);
  });

  test('what a process with a late clock has changed is seen too', async () => {
    const { db, clock, counters } = await openCore();
    await counters.bump(db, 'site');
    await counters.refresh();
    const late = createCounters(db, { now: clock.now, iso: () => '2020-01-01T00:00:00.000Z' });
    await late.refresh();
    await late.bump(db, 'post:1');

    expect(await counters.refresh()).toBe(true);
    expect(counters.get('post:1')).toBe(1);
  });

  test('many who count at once lose nothing', async () => {
    const { db, counters } = await openCore();
    await Promise.all(
      Array.from({ length: 10 }, () => inTransaction(db, (trx) => counters.bump(trx, 'site'))),
    );
    expect(counters.get('site')).toBe(10);
  });
});
