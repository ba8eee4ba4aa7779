import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from './config.ts';
import { sqliteFile } from './db/open.ts';
import { ConfigError } from './errors.ts';
import type { Logger } from './log.ts';
import { secretFile } from './secrets.ts';

function refuse(folder: string, reason: string): never {
  throw new ConfigError(`OUTPOST_DATA=${folder} cannot be used: ${reason}.`);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there; give a folder of its own';
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'it is no folder; give the path of one';
  if (code === 'EROFS') return 'it is on a disk that can only be read; give a folder that can be written to';
  return error instanceof Error ? error.message : String(error);
}

/** Only a folder that is empty or that Outpost has used before: any other belongs to somebody else as well. */
function isOurs(folder: string): boolean {
  return existsSync(secretFile(folder)) || readdirSync(folder).length === 0;
}

/**
 * Makes the data folder, for nobody else's eyes.
 * @throws ConfigError where it is no folder or cannot be written to
 */
export function prepareDataFolder({ dataFolder }: Pick<Config, 'dataFolder'>, log: Logger): void {
  const folder = path.resolve(dataFolder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) refuse(folder, 'it is no folder; give the path of one');
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    refuse(folder, reasonOf(error));
  }
  if ((statSync(folder).mode & 0o077) === 0) return;
  try {
    if (isOurs(folder)) {
      chmodSync(folder, 0o700);
      return;
    }
  } catch (error) {
    log.debug({ folder, err: error }, 'the mode of the data folder could not be changed');
  }
  log.warn({ folder }, 'the data folder can be read by others; give it the mode 0700');
}

/**
 * Refuses a data folder that has lost its database: an empty blog in its place would be taken for the old one.
 * @throws ConfigError
 */
export function requireKeptDatabase({
  dataFolder,
  databaseUrl,
}: Pick<Config, 'dataFolder' | 'databaseUrl'>): void {
  const [secret, database] = [secretFile(dataFolder), sqliteFile(dataFolder)];
  if (databaseUrl || !existsSync(secret) || existsSync(database)) return;
  refuse(
    dataFolder,
    `${path.basename(database)} is missing, though a blog was here; restore a backup, or remove ${path.basename(secret)} to begin anew`,
  );
}
