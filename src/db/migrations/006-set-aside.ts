import type { Kysely } from 'kysely';

/** What was said by those who are blocked: out of sight, and kept for the day on which they are not any more. */
export const setAside = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('comments_aside')
      .addColumn('comment_id', 'text', (c) => c.primaryKey().references('comments.id').onDelete('cascade'))
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('author_id', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('comments_aside_author')
      .on('comments_aside')
      .columns(['source', 'author_id'])
      .execute();
    await db.schema
      .createTable('reactions_aside')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('post_id', 'text', (c) => c.notNull().references('posts.id').onDelete('cascade'))
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('actor_id', 'text', (c) => c.notNull())
      .addColumn('content', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('reactions_aside_actor')
      .on('reactions_aside')
      .columns(['source', 'actor_id'])
      .execute();
  },
};
