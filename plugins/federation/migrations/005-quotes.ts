import type { Migration } from 'outpost/plugin';

/** Quotes, what was said to those who asked for something, the pictures in people's names, and names that nobody has. */
export const quotes: Migration = {
  async up(db) {
    await db.schema.alterTable('plugin_federation_actors').addColumn('emojis', 'text').execute();

    await db.schema
      .createTable('plugin_federation_authorizations')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('target_id', 'text', (c) => c.notNull())
      .addColumn('post_id', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('actor_id', 'text', (c) => c.notNull())
      .addColumn('object_id', 'text', (c) => c.notNull())
      .addColumn('request', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('decided_at', 'text')
      .addUniqueConstraint('plugin_federation_authorizations_once', ['object_id', 'target_id', 'kind'])
      .execute();
    await db.schema
      .createIndex('plugin_federation_authorizations_post')
      .on('plugin_federation_authorizations')
      .columns(['post_id'])
      .execute();
    await db.schema
      .createIndex('plugin_federation_authorizations_actor')
      .on('plugin_federation_authorizations')
      .columns(['actor_id'])
      .execute();

    await db.schema
      .createTable('plugin_federation_quotes')
      .addColumn('object_id', 'text', (c) => c.primaryKey())
      .addColumn('post_id', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('actor_id', 'text', (c) => c.notNull())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('html', 'text', (c) => c.notNull())
      .addColumn('text', 'text', (c) => c.notNull())
      .addColumn('warning', 'text')
      .addColumn('language', 'text')
      .addColumn('visibility', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('plugin_federation_unknown_handles')
      .addColumn('handle', 'text', (c) => c.primaryKey())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .execute();
    for (const column of ['post_id', 'user_id', 'actor_id'])
      await db.schema
        .createIndex(`plugin_federation_quotes_${column}`)
        .on('plugin_federation_quotes')
        .column(column)
        .execute();
  },
};
