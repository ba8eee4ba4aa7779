import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Config } from '../config.ts';
import { createFlush } from './flush.ts';
import { createPatientDriver } from './patient-driver.ts';
import type { Schema } from './schema.ts';

/** The database as the core sees it. */
export type Database = Kysely<Schema>;
export type Dialect = 'sqlite' | 'postgres';

/** An open database, and what is particular to its kind. */
export type OpenDatabase = {
  db: Database;
  dialect: Dialect;
  /**
   * A number that changes when another process has written; null where the database cannot tell.
   * SQLite only: `PRAGMA data_version`.
   */
  foreignChanges(): number | null;
  /** Resolves when what was committed is on the disk; needed after `repeatable` work that is then promised to somebody. */
  flush(): Promise<void>;
  /** Writes a consistent copy of the database to that path while it is in use. SQLite only. */
  copyTo: ((file: string) => Promise<void>) | null;
  close(): Promise<void>;
};

/** The SQLite file's path for a data folder. */
export function sqliteFile(dataFolder: string): string {
  return path.join(dataFolder, 'outpost.sqlite');
}

function openSqlite(file: string): OpenDatabase {
  const isNew = file !== ':memory:' && !existsSync(file);
  const sqlite = new SqliteDatabase(file, { timeout: 5000 });
  if (isNew) chmodSync(file, 0o600);
  // SQLite's own knows only the letters of English.
  sqlite.function('lower', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? text.toLowerCase() : text,
  );
  sqlite.pragma('journal_mode = WAL');
  // What was promised to somebody, an accepted activity or a saved post, survives a power cut.
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('cache_size = -16000');
  sqlite.pragma('wal_autocheckpoint = 4000');
  sqlite.pragma('journal_size_limit = 33554432');
  const flush = createFlush(`${file}-wal`);
  const dataVersion = sqlite.prepare<[], { data_version: number }>('PRAGMA data_version');
  // From here on the driver waits, and the process goes on meanwhile.
  sqlite.pragma('busy_timeout = 0');
  const db = new Kysely<Schema>({
    dialect: {
      createDriver: () => createPatientDriver(sqlite),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (target) => new SqliteIntrospector(target),
      createAdapter: () =>
        Object.defineProperties(new SqliteAdapter(), {
          // SQLite takes changes of tables back with the transaction; Kysely does not count on it unless told.
          supportsTransactionalDdl: { value: true },
          // There is one, and the driver itself sees to its turns.
          supportsMultipleConnections: { value: true },
        }),
    },
  });
  return {
    db,
    dialect: 'sqlite',
    foreignChanges: () => dataVersion.get()?.data_version ?? 0,
    flush,
    // SQLite's own backup begins anew whenever another process has written, and on a busy blog never ends.
    copyTo: async (target) => {
      sqlite.prepare('vacuum into ?').run(target);
    },
    close: async () => {
      await flush.close();
      await db.destroy();
      if (sqlite.open) sqlite.close();
    },
  };
}

async function openPostgres(url: string, onLost: (error: Error) => void): Promise<OpenDatabase> {
  // Read only where it is used: most blogs have SQLite, and every command starts with this file.
  const { default: pg } = await import('pg');
  // Counts and sums come as bigint; all of ours fit a number.
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 10, types, connectionTimeoutMillis: 5000 });
  // A connection that ends while nobody uses it, because PostgreSQL restarts for example; the pool makes a new one.
  pool.on('error', onLost);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    dialect: 'postgres',
    foreignChanges: () => null,
    // Every commit has waited for it.
    flush: () => Promise.resolve(),
    copyTo: null,
    close: () => db.destroy(),
  };
}

/**
 * Opens the database that the configuration names. The data folder must exist.
 * @param onLost told of each connection to PostgreSQL that was lost while nobody used it
 */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataFolder'>,
  onLost: (error: Error) => void = () => undefined,
): Promise<OpenDatabase> {
  return config.databaseUrl
    ? openPostgres(config.databaseUrl, onLost)
    : openSqlite(sqliteFile(config.dataFolder));
}
