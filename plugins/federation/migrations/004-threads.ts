import type { Kysely, Migration } from 'outpost/plugin';

/** What is known of answers from elsewhere beside the comments themselves. */
export const threads: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const name = 'plugin_federation_answers';
    await db.schema
      .createTable(name)
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('actor_id', 'text')
      .addColumn('in_reply_to', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('comment_id', 'text')
      .addColumn('post_id', 'text')
      .addColumn('awaits', 'text')
      .addColumn('version', 'text')
      .addColumn('replies_url', 'text')
      .addColumn('context_url', 'text')
      .addColumn('look_at', 'text')
      .addColumn('looks', 'integer', (c) => c.notNull())
      .addColumn('signed', 'text')
      .addColumn('forwarded_at', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute();
    for (const column of ['in_reply_to', 'awaits', 'comment_id', 'look_at', 'post_id'])
      await db.schema.createIndex(`${name}_${column}`).on(name).column(column).execute();
  },
};
