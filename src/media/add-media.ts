import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sql, type Transaction } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { InvalidError, NotFoundError } from '../errors.ts';
import { newId } from '../ids.ts';
import { durationOf } from './duration.ts';
import { detectFileType } from './file-type.ts';
import { findMedium, insertMedium, removeMedium, saveAlt } from './media-store.ts';
import type { Medium } from './medium.ts';
import { processImage } from './process-image.ts';

type MediaDeps = Pick<Deps, 'db' | 'clock' | 'config' | 'counters' | 'hooks'>;

const maxAlt = 1500;

/** The folder with all media. */
export function mediaFolder(config: { dataFolder: string }): string {
  return path.join(config.dataFolder, 'media');
}

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/flac': 'flac',
  'audio/wav': 'wav',
  'audio/mp4': 'm4a',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/ogg': 'ogv',
  'application/pdf': 'pdf',
};

function extensionOf(mimeType: string): string {
  const extension = extensions[mimeType];
  if (!extension) throw new Error(`There is no file name extension for ${mimeType}.`);
  return extension;
}

/** Writes a file so that it is there whole or not at all. */
async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.part`, bytes, { mode: 0o640 });
  await rename(`${file}.part`, file);
}

function checkAlt(alt: string): string {
  const clean = alt.replace(/\s+/gu, ' ').trim();
  if ([...clean].length > maxAlt) {
    throw new InvalidError(
      'media.alt_too_long',
      `The alternative text may have up to ${maxAlt} characters.`,
      { alt: `At most ${maxAlt} characters.` },
      422,
    );
  }
  return clean;
}

/**
 * Adds a file to the blog: a picture is turned upright, stripped of where it was taken and made in
 * several sizes; sound, film and PDF are kept as they are. The type is what the bytes say.
 * @throws UnsupportedTypeError, TooLargeError, InvalidError
 */
export async function addMedia(
  deps: MediaDeps,
  input: { bytes: Buffer; alt: string; userId: string | null },
): Promise<Medium> {
  const alt = checkAlt(input.alt);
  const id = newId();
  const now = deps.clock.now();
  const folder = `${now.getUTCFullYear()}/${String(now.getUTCMonth() + 1).padStart(2, '0')}`;
  const type = detectFileType(input.bytes);
  const written: string[] = [];
  const put = async (name: string, bytes: Buffer) => {
    await writeWhole(path.join(mediaFolder(deps.config), folder, name), bytes);
    written.push(name);
    return `${folder}/${name}`;
  };
  try {
    const base = { id, alt, userId: input.userId, createdAt: now.toISOString() };
    let medium: Medium;
    if (type === null || type.startsWith('image/')) {
      const image = await processImage(input.bytes);
      const file = await put(`${id}.${extensionOf(image.mimeType)}`, image.bytes);
      const variants = [];
      for (const variant of image.variants) {
        const name = await put(`${id}-${variant.width}.${extensionOf(variant.mimeType)}`, variant.bytes);
        variants.push({ file: name, width: variant.width, mimeType: variant.mimeType });
      }
      medium = {
        ...base,
        file,
        mimeType: image.mimeType,
        width: image.width,
        height: image.height,
        size: image.bytes.length,
        variants,
        placeholder: image.placeholder,
        durationSeconds: null,
      };
    } else {
      const file = await put(`${id}.${extensionOf(type)}`, input.bytes);
      medium = {
        ...base,
        file,
        mimeType: type,
        width: null,
        height: null,
        size: input.bytes.length,
        variants: [],
        placeholder: null,
        durationSeconds: await durationOf(input.bytes, type),
      };
    }
    await insertMedium(deps.db, medium);
    return medium;
  } catch (error) {
    for (const name of written) await rm(path.join(mediaFolder(deps.config), folder, name), { force: true });
    throw error;
  }
}

/** Changes what a picture is said to show. */
export async function changeAlt(deps: MediaDeps, id: string, alt: string): Promise<Medium> {
  const clean = checkAlt(alt);
  return inTransaction(deps.db, async (trx) => {
    const medium = await findMedium(trx, id);
    if (!medium) throw new NotFoundError('media.not_found', `There is no file ${id} in the library.`);
    await saveAlt(trx, id, clean);
    await deps.counters.bump(trx, 'site');
    return { ...medium, alt: clean };
  });
}

/** Takes a picture from above the posts that it stands above; those that are public were changed by that. */
async function takeFromPosts(deps: MediaDeps, trx: Transaction<Schema>, id: string): Promise<void> {
  const posts = await trx
    .updateTable('posts')
    .set({ image_id: null, updated_at: deps.clock.iso(), version: sql<number>`version + 1` })
    .where('image_id', '=', id)
    .returning(['id', 'status'])
    .execute();
  for (const post of posts)
    if (post.status === 'published')
      await deps.hooks.actions.add(trx, 'post.updated', { postId: post.id, quiet: false });
}

/** Takes a picture from the profiles that show it. */
async function takeFromProfiles(deps: MediaDeps, trx: Transaction<Schema>, id: string): Promise<void> {
  const changed = new Set<string>();
  for (const column of ['avatar_id', 'header_id'] as const) {
    const users = await trx
      .updateTable('users')
      .set({ [column]: null, updated_at: deps.clock.iso() })
      .where(column, '=', id)
      .returning('id')
      .execute();
    for (const user of users) changed.add(user.id);
  }
  for (const userId of changed) await deps.hooks.actions.add(trx, 'user.updated', { userId });
}

/** Removes a file and its smaller forms. Posts that show it show its alternative text from then on. */
export async function deleteMedia(deps: MediaDeps, id: string): Promise<Medium> {
  const medium = await inTransaction(deps.db, async (trx) => {
    const found = await findMedium(trx, id);
    if (!found) throw new NotFoundError('media.not_found', `There is no file ${id} in the library.`);
    await takeFromPosts(deps, trx, id);
    await takeFromProfiles(deps, trx, id);
    await removeMedium(trx, id);
    await deps.counters.bump(trx, 'site');
    return found;
  });
  for (const file of [medium.file, ...medium.variants.map((variant) => variant.file)]) {
    await rm(path.join(mediaFolder(deps.config), file), { force: true });
  }
  return medium;
}
