import SqliteDatabase from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteFile } from '../../src/db/open.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { getSetting, putSetting } from '../../src/settings/setting-store.ts';
import { openTestCore, type TestCore } from '../support/databases.ts';

/** Writes as another process does, and does not end. */
function holdWriting({ config }: TestCore): { end(): void } {
  const other = new SqliteDatabase(sqliteFile(config.dataFolder));
  other.exec('begin immediate');
  const end = () => {
    if (other.inTransaction) other.exec('rollback');
  };
  onTestFinished(() => {
    end();
    other.close();
  });
  return { end };
}

test('while another process writes, whoever reads goes on, and what is to be written waits', async () => {
  const core = await openTestCore();
  await putSetting(core.db, 'a', 1);
  const other = holdWriting(core);
  const done: string[] = [];
  const written = putSetting(core.db, 'a', 2).then(() => done.push('written'));
  const changed = inTransaction(core.db, (trx) => putSetting(trx, 'b', 1)).then(() => done.push('changed'));

  const before = performance.now();
  expect(await getSetting(core.db, 'a')).toBe(1);
  expect(performance.now() - before).toBeLessThan(1000);
  expect(done).toEqual([]);

  other.end();
  await Promise.all([written, changed]);
  expect(await getSetting(core.db, 'a')).toBe(2);
  expect(await getSetting(core.db, 'b')).toBe(1);
});
