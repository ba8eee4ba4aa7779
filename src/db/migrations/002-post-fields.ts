import type { Kysely } from 'kysely';

/** What plugins keep beside a post: one row for each post and plugin, gone with the post, kept while the plugin is off. */
export const postFieldsTable = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('post_fields')
      .addColumn('post_id', 'text', (c) => c.notNull().references('posts.id').onDelete('cascade'))
      .addColumn('plugin_id', 'text', (c) => c.notNull())
      .addColumn('content', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('post_fields_key', ['post_id', 'plugin_id'])
      .execute();
  },
};
