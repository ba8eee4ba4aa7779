import type { Migration } from 'kysely/migration';

/** How long sound and film last. */
export const mediaDuration: Migration = {
  async up(db) {
    await db.schema.alterTable('media').addColumn('duration_seconds', 'integer').execute();
  },
};
