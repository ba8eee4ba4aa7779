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
import { faultOf } from '../db/check-sqlite.ts';
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
  // Nobody works on what cannot be read; a restore is what mends it.
  if (faultOf(file) !== null) return false;
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

const cannotMove = ['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS', 'EINVAL'];

/**
 * Puts the draft, which lies in the data folder, in that folder's place. Where the folder itself cannot be moved, because a
 * disk is mounted there, its contents are.
 * @returns where that which was there lies now
 */
function putInPlace(dataFolder: string, draft: string, move: typeof renameSync): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const name = path.basename(draft);
  const beside = `${dataFolder}.before-${stamp}`;
  try {
    move(dataFolder, beside);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!cannotMove.includes(code)) throw error;
    const inside = path.join(dataFolder, `.before-${stamp}`);
    mkdirSync(inside, { mode: 0o700 });
    for (const entry of readdirSync(dataFolder)) {
      // What earlier restores have left, and what the disk itself keeps, is none of the blog's.
      if (entry === name || entry.startsWith('.before-') || entry === 'lost+found') continue;
      move(path.join(dataFolder, entry), path.join(inside, entry));
    }
    for (const entry of readdirSync(draft)) move(path.join(draft, entry), path.join(dataFolder, entry));
    return inside;
  }
  move(path.join(beside, name), dataFolder);
  return beside;
}

/**
 * Puts a backup in the place of the data folder's contents; what was there is moved aside, not removed.
 * @param move moves a file or folder as `rename` does
 * @throws ConflictError while the blog runs, NotFoundError, InvalidError where the file is no backup
 */
export async function restore(
  config: Pick<Config, 'dataFolder' | 'databaseUrl'>,
  source: string,
  { move = renameSync }: { move?: typeof renameSync } = {},
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
  const isNew = !existsSync(config.dataFolder) || readdirSync(config.dataFolder).length === 0;
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
  // In the folder itself: beside it there may be another disk, or nothing that may be written to.
  const draft = mkdtempSync(path.join(config.dataFolder, '.restoring-'));
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
    const { format: _, ...facts } = parsed.data;
    if (isNew) {
      for (const entry of readdirSync(draft))
        move(path.join(draft, entry), path.join(config.dataFolder, entry));
      return { file, before: null, ...facts };
    }
    return { file, before: putInPlace(config.dataFolder, draft, move), ...facts };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
