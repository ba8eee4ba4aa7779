import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { coreMigrations } from '../../src/db/core-migrations.ts';
import { migrate } from '../../src/db/migrate.ts';
import { runOutpost } from '../support/command-line.ts';
import { forEachDatabase, newPostgresUrl } from '../support/databases.ts';

const notes = {
  '001-notes': {
    up: async (db: Parameters<typeof migrate>[0]) => {
      await db.schema.createTable('plugin_notes_notes').addColumn('id', 'text').execute();
    },
  },
};

forEachDatabase((openCore, dialect) => {
  test('each owner has a ledger of its own, and what has run does not run again', async () => {
    const { db } = await openCore();
    expect(await migrate(db, 'notes', notes)).toEqual(['001-notes']);
    expect(await migrate(db, 'notes', notes)).toEqual([]);
    expect(await migrate(db, 'core', coreMigrations)).toEqual([]);
    expect(await sql`select name from plugin_notes_migrations`.execute(db)).toMatchObject({
      rows: [{ name: '001-notes' }],
    });
  });

  test('a migration that fails leaves nothing behind and is named', async () => {
    const { db } = await openCore();
    const broken = {
      ...notes,
      '002-more': {
        up: async (target: typeof db) => {
          await target.schema.createTable('plugin_notes_more').addColumn('id', 'text').execute();
          throw new Error('no room left');
        },
      },
    };
    await expect(migrate(db, 'notes', broken)).rejects.toThrow(
      /^Migrating notes failed at 002-more: no room left/,
    );
    const tables = await db.introspection.getTables();
    expect(tables.map(({ name }) => name).filter((name) => /_(notes|more)$/.test(name))).toEqual([]);
    expect(await migrate(db, 'notes', notes)).toEqual(['001-notes']);
  });

  test('a database of a newer version is refused in words', async () => {
    const { db } = await openCore();
    await migrate(db, 'notes', { ...notes, '002-later': notes['001-notes'] }).catch(() => null);
    await sql`insert into migrations (name, timestamp) values ('999-future', '2031')`.execute(db);
    await expect(migrate(db, 'core', coreMigrations)).rejects.toThrow(
      /^The database was last used by a newer version/,
    );
  });

  test('processes that start at once on an empty database wait for one another', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const databaseUrl = dialect === 'postgres' ? await newPostgresUrl() : '';
    const env = { OUTPOST_DATA: path.join(folder, 'data'), DATABASE_URL: databaseUrl };
    const runs = await Promise.all([1, 2, 3].map(() => runOutpost(['doctor', '--json'], { env })));

    for (const { stdout, stderr } of runs) {
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ check: 'database', status: 'ok' }));
    }
  });
});
