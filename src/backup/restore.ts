import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { extract } from 'tar';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { sqliteFile } from '../db/open.ts';
import { ConflictError, InvalidError, NotFoundError } from '../errors.ts';

const about = z.object({
  format: z.literal(1),
  version: z.string(),
  origin: z.string(),
  createdAt: z.string(),
  posts: z.number(),
  comments: z.number(),
  users: z.number(),
  media: z.number(),
});

/** What was restored, in numbers, and where that which was there before lies now. */
export type RestoreReport = Omit<z.output<typeof about>, 'format'> & { file: string; before: string | null };

/** Whether a server works on that data folder. */
function isRunning(dataFolder: string): boolean {
  const file = sqliteFile(dataFolder);
  if (!existsSync(file)) return false;
  const sqlite = new SqliteDatabase(file, { readonly: true });
  try {
    const recently = new Date(Date.now() - 20_000).toISOString();
    const row = sqlite
      .prepare<[string], { count: number }>('select count(*) as count from nodes where heartbeat_at > ?')
      .get(recently);
    return (row?.count ?? 0) > 0;
  } finally {
    sqlite.close();
  }
}

/** What lies in a data folder is nobody else's, whatever modes the archive carried. */
function closeToOthers(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) closeToOthers(file);
    else if (entry.isFile()) chmodSync(file, 0o600);
  }
}

/** Takes out of a restored database what belongs to the time when it was made: nothing waiting is sent a second time. */
function settle(file: string): void {
  const sqlite = new SqliteDatabase(file);
  try {
    const [check] = sqlite.pragma('integrity_check') as { integrity_check: string }[];
    if (check?.integrity_check !== 'ok')
      throw new InvalidError(
        'restore.broken',
        `The database in the backup is damaged: ${check?.integrity_check}.`,
      );
    sqlite.exec(
      "delete from jobs where kind <> 'publish'; update jobs set state = 'queued', claimed_by = null; delete from nodes; delete from sessions;",
    );
  } finally {
    sqlite.close();
  }
}

/**
 * Puts a backup in the place of the data folder's contents; what was there is moved aside, not removed.
 * @throws ConflictError while the blog runs, NotFoundError, InvalidError where the file is no backup
 */
export async function restore(
  config: Pick<Config, 'dataFolder' | 'databaseUrl'>,
  source: string,
): Promise<RestoreReport> {
  if (config.databaseUrl)
    throw new ConflictError(
      'restore.postgres',
      'On PostgreSQL, restore the database with pg_restore, and the data folder with any tool.',
    );
  const file = path.resolve(source);
  if (!existsSync(file)) throw new NotFoundError('restore.file', `There is no file ${file}.`);
  if (isRunning(config.dataFolder))
    throw new ConflictError('restore.running', 'The blog is running. Stop it first.');
  mkdirSync(path.dirname(config.dataFolder), { recursive: true });
  const draft = mkdtempSync(`${config.dataFolder}.restoring-`);
  try {
    try {
      await extract({ file, cwd: draft, strict: true });
    } catch (error) {
      throw new InvalidError(
        'restore.unreadable',
        `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
    const description = path.join(draft, 'backup.json');
    if (!existsSync(description))
      throw new InvalidError('restore.no_backup', `${file} is no backup of a blog.`);
    const parsed = about.safeParse(JSON.parse(readFileSync(description, 'utf8')));
    if (!parsed.success)
      throw new InvalidError('restore.no_backup', `${file} is no backup that this version can read.`);
    settle(sqliteFile(draft));
    closeToOthers(draft);
    rmSync(description);
    let before: string | null = null;
    if (existsSync(config.dataFolder)) {
      before = `${config.dataFolder}.before-${new Date().toISOString().replace(/[:.]/g, '-')}`;
      renameSync(config.dataFolder, before);
    }
    renameSync(draft, config.dataFolder);
    const { format: _, ...facts } = parsed.data;
    return { file, before, ...facts };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
