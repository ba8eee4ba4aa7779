import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';

/**
 * Lets one of all nodes do what is done at a moment: true for the first that asks, false for every other and for an
 * earlier moment.
 * @param moment ISO 8601 in UTC, always of the same length
 */
export async function claimMoment(db: Kysely<Schema>, key: string, moment: string): Promise<boolean> {
  const value = JSON.stringify(moment);
  const row = await db
    .insertInto('settings')
    .values({ key, value })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({ value }).where('settings.value', '<', value),
    )
    .returning('key')
    .executeTakeFirst();
  return row !== undefined;
}
