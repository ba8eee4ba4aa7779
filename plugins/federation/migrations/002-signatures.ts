import type { Kysely, Migration } from 'outpost/plugin';

/** Ed25519 keys beside the RSA ones, the key that was before the present one, and counters that tell caches of changes. */
export const signatures: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['proof_multibase', 'proof_sealed', 'previous_sealed', 'previous_for']) {
      await db.schema.alterTable('plugin_federation_keys').addColumn(column, 'text').execute();
    }
    await db.schema
      .createTable('plugin_federation_versions')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('version', 'integer', (c) => c.notNull())
      .execute();
  },
};
