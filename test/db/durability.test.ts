import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { repeatable, safe } from '../../src/db/durability.ts';
import { createFlush } from '../../src/db/flush.ts';
import { openDatabase } from '../../src/db/open.ts';
import { inTransaction } from '../../src/db/transaction.ts';

/** SQLite's words for how a commit ends: handed to the system, or on the disk. */
const [handedOver, onDisk] = [1, 2];

async function open() {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'outpost-test-'));
  const database = await openDatabase({ databaseUrl: null, dataFolder });
  onTestFinished(async () => {
    await database.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  const { db } = database;
  const level = async (on: typeof db) => {
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(on);
    return rows[0]?.synchronous;
  };
  const levelOfCommit = () => inTransaction(db, level);
  await sql`create table notes (text text)`.execute(db);
  return { ...database, level, levelOfCommit };
}

test('a commit waits for the disk unless its work can be repeated', async () => {
  const { levelOfCommit } = await open();
  expect(await levelOfCommit()).toBe(onDisk);
  expect(await repeatable(levelOfCommit)).toBe(handedOver);
  expect(await repeatable(() => safe(levelOfCommit))).toBe(onDisk);
  expect(await levelOfCommit()).toBe(onDisk);
});

test('what runs at the same time does not change how others commit', async () => {
  const { levelOfCommit } = await open();
  const levels = await Promise.all([
    repeatable(levelOfCommit),
    levelOfCommit(),
    repeatable(levelOfCommit),
    levelOfCommit(),
  ]);
  expect(levels).toEqual([handedOver, onDisk, handedOver, onDisk]);
});

test('a single statement commits as its surroundings say, and reading changes nothing', async () => {
  const { db, level } = await open();
  await repeatable(() => sql`insert into notes values ('a')`.execute(db));
  expect(await level(db)).toBe(handedOver);
  await sql`select * from notes`.execute(db);
  expect(await level(db)).toBe(handedOver);
  await sql`insert into notes values ('b') returning text`.execute(db);
  expect(await level(db)).toBe(onDisk);
});

test('a flush ends after those that come while it waits, and says when the disk cannot be reached', async () => {
  const { db, flush } = await open();
  await repeatable(() => sql`insert into notes values ('a')`.execute(db));
  const first = flush();
  const second = flush();
  expect(second).toBe(first);
  await first;
  expect(flush()).not.toBe(first);

  const nowhere = createFlush('/nowhere/outpost.sqlite-wal');
  await expect(nowhere()).rejects.toThrow('ENOENT');
  await expect(nowhere()).rejects.toThrow('ENOENT');
});
