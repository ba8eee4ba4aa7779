import { expect, test } from 'vitest';
import { afterCommit, inTransaction } from '../../src/db/transaction.ts';
import { getSetting, listSettings, putSetting } from '../../src/settings/setting-store.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase((openCore) => {
  test('what throws changes nothing, and what was to follow does not', async () => {
    const { db } = await openCore();
    const followed: string[] = [];
    const work = inTransaction(db, async (trx) => {
      await putSetting(trx, 'a', 1);
      afterCommit(trx, () => followed.push('a'));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await getSetting(db, 'a')).toBeUndefined();
    expect(followed).toEqual([]);
  });

  test('what is to follow follows once, after the change can be seen', async () => {
    const { db } = await openCore();
    const seen: Promise<unknown>[] = [];
    await inTransaction(db, async (trx) => {
      await putSetting(trx, 'a', 1);
      afterCommit(trx, () => seen.push(getSetting(db, 'a')));
    });
    expect(await Promise.all(seen)).toEqual([1]);
  });

  test('transactions that read and write the same run as if one after the other', async () => {
    const { db } = await openCore();
    await putSetting(db, 'count', 0);
    const addOne = () =>
      inTransaction(db, async (trx) => putSetting(trx, 'count', Number(await getSetting(trx, 'count')) + 1));
    await Promise.all(Array.from({ length: 8 }, addOne));

    expect(await getSetting(db, 'count')).toBe(8);
  });

  test('settings are listed by the beginning of their keys, to the letter', async () => {
    const { db } = await openCore();
    for (const key of ['site.title', 'site.Title', 'site', 'sitemap', 'site-x', 'plugin.a'])
      await putSetting(db, key, key);

    expect(Object.keys(await listSettings(db, 'site.')).sort()).toEqual(['site.Title', 'site.title']);
    expect(Object.keys(await listSettings(db))).toHaveLength(6);
  });
});
