import { type Kysely, SqliteAdapter } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

/** Migrations by name; names sort in the order in which they run, such as `001-tables`. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Whether exactly these have run, so that an ordinary start needs no lock. */
// biome-ignore lint/suspicious/noExplicitAny: a migration works on tables that no type describes yet
async function isUpToDate(db: Kysely<any>, table: string, migrations: Migrations): Promise<boolean> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === table)) return false;
  const rows: { name: string }[] = await db.selectFrom(table).select('name').execute();
  return (
    rows.length === Object.keys(migrations).length &&
    rows.every(({ name }) => Object.hasOwn(migrations, name))
  );
}

/**
 * Brings the tables of one owner up to date: all of them or, where one fails, none. Processes that start at once
 * wait for one another. Each owner has a ledger of its own, so that removing a plugin does not read as a corrupted
 * history.
 * @throws Error naming the migration that failed, or saying that the database is newer than the program.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration works on tables that no type describes yet
export async function migrate(db: Kysely<any>, owner: string, migrations: Migrations): Promise<string[]> {
  const table = owner === 'core' ? 'migrations' : `plugin_${owner.replaceAll('-', '_')}_migrations`;
  if (await isUpToDate(db, table, migrations)) return [];
  const run = async (target: typeof db): Promise<string[]> => {
    const migrator = new Migrator({
      db: target,
      provider: { getMigrations: async () => ({ ...migrations }) },
      migrationTableName: table,
      migrationLockTableName: `${table}_lock`,
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error)
      throw explain(owner, error, results?.find((result) => result.status === 'Error')?.migrationName);
    return results?.map((result) => result.migrationName) ?? [];
  };
  // SQLite's writer lock is the only one that processes share; PostgreSQL's migrator takes an advisory lock.
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  return isSqlite ? db.transaction().execute(run) : run(db);
}

function explain(owner: string, error: unknown, failed: string | undefined): Error {
  const reason = error instanceof Error ? error.message : String(error);
  if (/previously executed migration .* is missing/.test(reason)) {
    return new Error(
      `The database was last used by a newer version (${owner}: ${reason}). Install that version, or restore a backup made before it.`,
      { cause: error },
    );
  }
  return new Error(`Migrating ${owner} failed${failed ? ` at ${failed}` : ''}: ${reason}`, { cause: error });
}
