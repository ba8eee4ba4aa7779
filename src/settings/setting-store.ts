import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { startsWith } from '../db/starts-with.ts';

/** A setting's value as it was written, or undefined. Keys are `site.title`, `plugin.<id>`, … */
export async function getSetting(db: Kysely<Schema>, key: string): Promise<unknown> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
  return row ? JSON.parse(row.value) : undefined;
}

/** Every setting whose key begins so. */
export async function listSettings(db: Kysely<Schema>, prefix = ''): Promise<Record<string, unknown>> {
  const rows = await db
    .selectFrom('settings')
    .selectAll()
    .where(startsWith('key', prefix))
    .orderBy('key')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.value)]));
}

export async function putSetting(db: Kysely<Schema>, key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  await db
    .insertInto('settings')
    .values({ key, value: text })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
    .execute();
}

export async function removeSetting(db: Kysely<Schema>, key: string): Promise<void> {
  await db.deleteFrom('settings').where('key', '=', key).execute();
}
