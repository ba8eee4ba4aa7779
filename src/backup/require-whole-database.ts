import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import { faultOf } from '../db/check-sqlite.ts';
import { sqliteFile } from '../db/open.ts';
import { ConfigError } from '../errors.ts';
import { newestGoodBackup } from './known-backups.ts';

/**
 * Looks whether the database is whole before anything is written to it. A damaged one is left as it is.
 * @throws ConfigError that says what is wrong and names the newest backup that is whole
 */
export async function requireWholeDatabase({
  dataFolder,
  databaseUrl,
}: Pick<Config, 'dataFolder' | 'databaseUrl'>): Promise<void> {
  const file = sqliteFile(dataFolder);
  if (databaseUrl || !existsSync(file)) return;
  const fault = faultOf(file);
  if (fault === null) return;
  const backup = await newestGoodBackup(dataFolder);
  const remedy = backup
    ? `The newest good backup is ${backup.file} of ${backup.createdAt}: npx outpost restore ${backup.file} puts it in place and keeps what is here beside it.`
    : 'No good backup was found; if you have one elsewhere, npx outpost restore FILE puts it in place and keeps what is here beside it.';
  throw new ConfigError(
    `The database ${file} is damaged (${fault.replace(/\s+/g, ' ').slice(0, 300)}); it was left as it is. ${remedy}`,
  );
}
