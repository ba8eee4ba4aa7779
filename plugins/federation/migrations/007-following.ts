import type { Kysely, Migration } from 'outpost/plugin';

/** Whom the authors follow elsewhere, and the communities to which posts are addressed; `tables.ts` says what is in them. */
export const following: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('plugin_federation_following')
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('actor_id', 'text', (c) => c.notNull())
      .addColumn('follow_id', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('since', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('plugin_federation_following_key', ['user_id', 'actor_id'])
      .execute();
    await db.schema
      .createIndex('plugin_federation_following_actor')
      .on('plugin_federation_following')
      .column('actor_id')
      .execute();

    await db.schema
      .createTable('plugin_federation_communities')
      .addColumn('post_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('actor_id', 'text')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('object_id', 'text')
      .addColumn('changed_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('plugin_federation_communities_key', ['post_id', 'name'])
      .execute();
    await db.schema
      .createIndex('plugin_federation_communities_actor')
      .on('plugin_federation_communities')
      .column('actor_id')
      .execute();
  },
};
