import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { getSetting, putSetting } from '../../src/settings/setting-store.ts';
import { openTestCore } from '../support/databases.ts';
import { until } from '../support/until.ts';

test('PostgreSQL may end connections that nobody uses', async () => {
  const { db } = await openTestCore({}, 'postgres');
  await putSetting(db, 'a', 1);
  const others = sql<{
    count: number;
  }>`select count(*) as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  await Promise.all(Array.from({ length: 5 }, () => getSetting(db, 'a')));
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(db);
  await until('they are gone', async () => (await others.execute(db)).rows[0]?.count === 0);

  expect(await getSetting(db, 'a')).toBe(1);
});
