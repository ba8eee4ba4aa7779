import type { Migration } from 'kysely/migration';

const columns = [
  'id',
  'post_id',
  'kind',
  'source',
  'actor_id',
  'name',
  'handle',
  'url',
  'avatar_url',
  'external_id',
  'emoji',
  'created_at',
  'emoji_url',
] as const;

/** Comments are found by what they answer, know which version of their original they show, and are liked like posts. */
export const threads: Migration = {
  async up(db) {
    await db.schema.createIndex('comments_parent').on('comments').column('parent_id').execute();
    await db.schema.alterTable('comments').addColumn('version', 'text').execute();

    // SQLite takes no constraint off a table, so that the one about who counts once goes with its table.
    await db.schema
      .createTable('reactions_of_all')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('post_id', 'text', (c) => c.notNull().references('posts.id').onDelete('cascade'))
      .addColumn('comment_id', 'text', (c) => c.notNull().defaultTo(''))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('actor_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('handle', 'text')
      .addColumn('url', 'text')
      .addColumn('avatar_url', 'text')
      .addColumn('external_id', 'text')
      .addColumn('emoji', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('emoji_url', 'text')
      .execute();
    await db
      .insertInto('reactions_of_all')
      .columns([...columns])
      .expression(db.selectFrom('reactions').select([...columns]))
      .execute();
    await db.schema.dropTable('reactions').execute();
    await db.schema.alterTable('reactions_of_all').renameTo('reactions').execute();
    await db.schema
      .createIndex('reactions_by_subject')
      .on('reactions')
      .columns(['post_id', 'comment_id', 'kind', 'source', 'actor_id'])
      .unique()
      .execute();
    await db.schema
      .createIndex('reactions_by_external')
      .on('reactions')
      .columns(['source', 'external_id'])
      .execute();
    await db.schema
      .createIndex('reactions_by_actor')
      .on('reactions')
      .columns(['source', 'actor_id'])
      .execute();
  },
};
