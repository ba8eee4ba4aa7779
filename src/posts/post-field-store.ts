import type { Kysely, Transaction } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { PostFields } from './post.ts';

type Values = Record<string, unknown>;

/** What is stored beside a post, by the plugin's id; also of plugins that are off. */
export async function findPostFields(db: Kysely<Schema>, postId: string): Promise<Record<string, Values>> {
  const rows = await db
    .selectFrom('post_fields')
    .select(['plugin_id', 'content'])
    .where('post_id', '=', postId)
    .orderBy('plugin_id')
    .execute();
  // Only `mergePostFields` writes this column.
  return Object.fromEntries(rows.map((row) => [row.plugin_id, JSON.parse(row.content) as Values]));
}

/** What one plugin stored beside a post; empty where nothing was. */
export async function findPostFieldsOf(
  db: Kysely<Schema>,
  postId: string,
  pluginId: string,
): Promise<Values> {
  const row = await db
    .selectFrom('post_fields')
    .select('content')
    .where('post_id', '=', postId)
    .where('plugin_id', '=', pluginId)
    .executeTakeFirst();
  return row ? (JSON.parse(row.content) as Values) : {};
}

/** Puts values beside a post; members that are not named stay as they are. */
export async function mergePostFields(
  trx: Transaction<Schema>,
  postId: string,
  fields: PostFields,
): Promise<void> {
  for (const [pluginId, values] of Object.entries(fields)) {
    const before = await findPostFieldsOf(trx, postId, pluginId);
    const content = JSON.stringify({ ...before, ...values });
    await trx
      .insertInto('post_fields')
      .values({ post_id: postId, plugin_id: pluginId, content })
      .onConflict((conflict) => conflict.columns(['post_id', 'plugin_id']).doUpdateSet({ content }))
      .execute();
  }
}
