import { type Kysely, type Migration, sql } from 'outpost/plugin';

const table = (name: string) => `plugin_federation_${name}`;

/** What a post is to others for as long as its id lives, and by whom of this site it is boosted. */
export const posts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable(table('post_types'))
      .addColumn('object_id', 'text', (c) => c.primaryKey())
      .addColumn('type', 'text', (c) => c.notNull())
      .execute();
    // Whatever was sent before there was a choice was an Article.
    await sql`
      insert into plugin_federation_post_types (object_id, type)
      select id, 'Article' from plugin_federation_objects where kind = 'post'`.execute(db);

    await db.schema
      .createTable(table('boosts'))
      .addColumn('object_id', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('activity_id', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint(table('boosts_key'), ['object_id', 'user_id'])
      .execute();
  },
};
