import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

/** Migrations by name; names sort in the order in which they run, such as `001-tables`. */
export type Migrations = Readonly<Record<string, Migration>>;

/**
 * Brings the tables of one owner up to date. Each owner has a ledger of its own, so that removing a
 * plugin does not read as a corrupted history.
 * @throws Error naming the migration that failed, or saying that the database is newer than the program.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration works on tables that no type describes yet
export async function migrate(db: Kysely<any>, owner: string, migrations: Migrations): Promise<string[]> {
  const table = owner === 'core' ? 'migrations' : `plugin_${owner.replaceAll('-', '_')}_migrations`;
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: table,
    migrationLockTableName: `${table}_lock`,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error) {
    const failed = results?.find((result) => result.status === 'Error');
    const where = failed ? ` at ${failed.migrationName}` : '';
    const reason = error instanceof Error ? error.message : String(error);
    if (/previously executed migration .* is missing/.test(reason)) {
      throw new Error(
        `The database was last used by a newer version (${owner}: ${reason}). Install that version, or restore a backup made before it.`,
        { cause: error },
      );
    }
    throw new Error(`Migrating ${owner} failed${where}: ${reason}`, { cause: error });
  }
  return results?.map((result) => result.migrationName) ?? [];
}
