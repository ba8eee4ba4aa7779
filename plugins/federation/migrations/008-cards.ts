import type { Kysely, Migration } from 'outpost/plugin';

/** Pages elsewhere that are shown as cards where a post links to them. */
export const cards: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const table = 'plugin_federation_cards';
    await db.schema
      .createTable(table)
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('url', 'text', (c) => c.notNull().unique())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('card', 'text')
      .addColumn('picture', 'text')
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('next_at', 'text')
      .addColumn('checked_at', 'text')
      .execute();
    await db.schema.createIndex(`${table}_next`).on(table).column('next_at').execute();
  },
};
