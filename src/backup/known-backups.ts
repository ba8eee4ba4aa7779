import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { extract } from 'tar';
import { z } from 'zod';
import { faultOf } from '../db/check-sqlite.ts';
import { sqliteFile } from '../db/open.ts';

/** A backup that was made of a blog: where it was written, and when. */
export type KnownBackup = { file: string; createdAt: string };

const listSchema = z.array(z.object({ file: z.string(), createdAt: z.string() }));
const mostRemembered = 50;
/** A damaged database is a bad moment for unpacking all backups there ever were. */
const mostLookedAt = 5;

const listFile = (dataFolder: string) => path.join(dataFolder, 'backups.json');

function readList(dataFolder: string): KnownBackup[] {
  const file = listFile(dataFolder);
  if (!existsSync(file)) return [];
  try {
    return listSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? [];
  } catch {
    // A list that cannot be read is as good as none: the backups themselves are what counts.
    return [];
  }
}

/** Notes beside the database where a backup lies, so that it can be named when the database cannot be read any more. */
export function rememberBackup(dataFolder: string, backup: KnownBackup): void {
  const list = [backup, ...readList(dataFolder).filter(({ file }) => file !== backup.file)];
  const file = listFile(dataFolder);
  writeFileSync(`${file}.part`, `${JSON.stringify(list.slice(0, mostRemembered), null, 2)}\n`, {
    mode: 0o600,
  });
  renameSync(`${file}.part`, file);
}

/** Backups that are there, newest first: those that were noted, and those in the data folder's `backups`. */
function backupsThere(dataFolder: string): KnownBackup[] {
  const folder = path.join(dataFolder, 'backups');
  const inFolder = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.t(?:ar\.)?gz$/.test(name))
        .map((name) => path.join(folder, name))
    : [];
  const found = new Map(inFolder.map((file) => [file, statSync(file).mtime.toISOString()]));
  for (const { file, createdAt } of readList(dataFolder)) if (existsSync(file)) found.set(file, createdAt);
  return [...found]
    .map(([file, createdAt]) => ({ file, createdAt }))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** Whether a backup can be unpacked and its database is whole. */
async function isGood(file: string): Promise<boolean> {
  const draft = mkdtempSync(path.join(os.tmpdir(), 'outpost-look-'));
  try {
    await extract({ file, cwd: draft, strict: true }, ['outpost.sqlite', 'backup.json']);
    const isBackup = existsSync(path.join(draft, 'backup.json')) && existsSync(sqliteFile(draft));
    return isBackup && faultOf(sqliteFile(draft)) === null;
  } catch {
    // What cannot be unpacked is no good backup; the next may be.
    return false;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The newest backup whose database is whole; null where there is none among the newest five. */
export async function newestGoodBackup(dataFolder: string): Promise<KnownBackup | null> {
  for (const backup of backupsThere(dataFolder).slice(0, mostLookedAt))
    if (await isGood(backup.file)) return backup;
  return null;
}
