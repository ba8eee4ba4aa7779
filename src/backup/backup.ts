import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { create } from 'tar';
import { countComments } from '../comments/comment-store.ts';
import type { Core } from '../core.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { countMedia } from '../media/media-store.ts';
import { countPosts } from '../posts/post-store.ts';
import { countUsers } from '../users/user-store.ts';
import { rememberBackup } from './known-backups.ts';

/** What a backup holds besides the database, where it is there. */
const kept = ['media', 'plugins', 'themes', 'secret.key'];

/** What was put into a backup, in numbers. */
export type BackupReport = {
  file: string;
  bytes: number;
  posts: number;
  comments: number;
  users: number;
  media: number;
};

/** The same file under a second name costs no room and no time; what is replaced meanwhile is kept as it was. */
function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    // On another disk there is no second name.
    if (!(error instanceof Error && 'code' in error && (error.code === 'EXDEV' || error.code === 'EPERM')))
      throw error;
    copyFileSync(from, to);
  }
}

/** A folder, or a plugin in it, may be a link to elsewhere; what a plugin links in its turn is not its own. */
function linkTree(from: string, to: string, depth = 0): void {
  const found = statSync(from, { throwIfNoEntry: false });
  if (found?.isFile()) linkFile(realpathSync(from), to);
  if (!found?.isDirectory() || (depth > 1 && lstatSync(from).isSymbolicLink())) return;
  mkdirSync(to);
  for (const name of readdirSync(from))
    if (!name.endsWith('.part')) linkTree(path.join(from, name), path.join(to, name), depth + 1);
}

/**
 * Writes everything that must be kept into one file, while the blog runs. The database in it is of one
 * moment; a file with the final name is whole.
 * @throws ConflictError where the file is there already, or on PostgreSQL, which has its own way
 */
export async function backUp({ deps, database }: Core, target: string): Promise<BackupReport> {
  if (!database.copyTo) {
    throw new ConflictError(
      'backup.postgres',
      'On PostgreSQL, back the database up with pg_dump, and the data folder with any tool.',
    );
  }
  const file = path.resolve(target);
  if (existsSync(file))
    throw new ConflictError('backup.exists', `${file} is there already. Choose another name.`);
  if (!existsSync(path.dirname(file)))
    throw new NotFoundError('backup.folder', `There is no folder ${path.dirname(file)}.`);
  const { dataFolder } = deps.config;
  const draft = mkdtempSync(path.join(dataFolder, '.backup-'));
  const part = `${file}.part`;
  try {
    await database.copyTo(path.join(draft, 'outpost.sqlite'));
    for (const name of kept)
      if (existsSync(path.join(dataFolder, name)))
        linkTree(path.join(dataFolder, name), path.join(draft, name));
    const counts = {
      posts: await countPosts(deps.db, { type: 'post' }),
      comments: await countComments(deps.db, {}),
      users: await countUsers(deps.db),
      media: await countMedia(deps.db),
    };
    const about = {
      format: 1,
      version: deps.config.version,
      origin: deps.config.origin,
      createdAt: deps.clock.iso(),
      ...counts,
    };
    writeFileSync(path.join(draft, 'backup.json'), `${JSON.stringify(about, null, 2)}\n`);
    await create({ gzip: true, file: part, cwd: draft, portable: true }, readdirSync(draft));
    chmodSync(part, 0o600);
    renameSync(part, file);
    rememberBackup(dataFolder, { file, createdAt: about.createdAt });
    return { file, bytes: statSync(file).size, ...counts };
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(part, { force: true });
  }
}
