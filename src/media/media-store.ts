import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { MediumRow, Schema } from '../db/schema.ts';
import type { Medium, MediumVariant } from './medium.ts';

function toMedium(row: MediumRow): Medium {
  return {
    id: row.id,
    file: row.file,
    mimeType: row.mime_type,
    width: row.width,
    height: row.height,
    size: Number(row.size),
    alt: row.alt,
    // Only `insertMedium` writes this column.
    variants: JSON.parse(row.variants) as MediumVariant[],
    placeholder: row.placeholder,
    durationSeconds: row.duration_seconds,
    userId: row.user_id,
    createdAt: row.created_at,
  };
}

/** The public address of a file of the media folder. */
export function mediumUrl(config: Pick<Config, 'origin'>, medium: Pick<Medium, 'file'>): string {
  return `${config.origin}/media/${medium.file}`;
}

/** The file that an address names, where it is one of ours: `/media/…`, with our origin or without. */
export function mediumFile(origin: string, url: string): string | null {
  const local = url.startsWith(`${origin}/`) ? url.slice(origin.length) : url;
  return /^\/media\/([\w./-]+)$/.exec(local)?.[1] ?? null;
}

export async function findMedium(db: Kysely<Schema>, id: string): Promise<Medium | null> {
  return (await findMedia(db, [id]))[0] ?? null;
}

export async function findMedia(db: Kysely<Schema>, ids: readonly string[]): Promise<Medium[]> {
  if (ids.length === 0) return [];
  return (await db.selectFrom('media').selectAll().where('id', 'in', ids).execute()).map(toMedium);
}

export async function findMediaByFiles(db: Kysely<Schema>, files: readonly string[]): Promise<Medium[]> {
  if (files.length === 0) return [];
  return (await db.selectFrom('media').selectAll().where('file', 'in', files).execute()).map(toMedium);
}

/** Media that fit, newest first. */
export async function listMedia(
  db: Kysely<Schema>,
  {
    limit,
    after,
    userId,
    onlyPictures = false,
  }: {
    limit: number;
    after?: string | undefined;
    userId?: string | undefined;
    onlyPictures?: boolean;
  },
): Promise<Medium[]> {
  let query = db.selectFrom('media').selectAll().orderBy('id', 'desc').limit(limit);
  if (after !== undefined) query = query.where('id', '<', after);
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  if (onlyPictures) query = query.where('mime_type', 'like', 'image/%');
  return (await query.execute()).map(toMedium);
}

export async function countMedia(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('media')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function insertMedium(db: Kysely<Schema>, medium: Medium): Promise<void> {
  await db
    .insertInto('media')
    .values({
      id: medium.id,
      file: medium.file,
      mime_type: medium.mimeType,
      width: medium.width,
      height: medium.height,
      size: medium.size,
      alt: medium.alt,
      variants: JSON.stringify(medium.variants),
      placeholder: medium.placeholder,
      duration_seconds: medium.durationSeconds,
      user_id: medium.userId,
      created_at: medium.createdAt,
    })
    .execute();
}

export async function saveAlt(db: Kysely<Schema>, id: string, alt: string): Promise<void> {
  await db.updateTable('media').set({ alt }).where('id', '=', id).execute();
}

export async function removeMedium(db: Kysely<Schema>, id: string): Promise<void> {
  await db.deleteFrom('media').where('id', '=', id).execute();
}
