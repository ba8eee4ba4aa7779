import type { Kysely, Migration } from 'outpost/plugin';

/** An author's other accounts, and the posts at the top of a profile; `tables.ts` says what is in them. */
export const actors: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('plugin_federation_aliases')
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('actor_id', 'text', (c) => c.notNull())
      .addColumn('since', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('plugin_federation_aliases_key', ['user_id', 'actor_id'])
      .execute();

    await db.schema
      .createTable('plugin_federation_featured')
      .addColumn('post_id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('since', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('plugin_federation_featured_user')
      .on('plugin_federation_featured')
      .columns(['user_id', 'since'])
      .execute();
  },
};
