import type { Migration } from 'kysely/migration';

/** What texts and reactions from elsewhere bring along: warnings, polls, and pictures that stand for words. */
export const remoteTexts: Migration = {
  async up(db) {
    for (const column of ['warning', 'emojis', 'author_emojis', 'poll'])
      await db.schema.alterTable('comments').addColumn(column, 'text').execute();
    await db.schema.alterTable('reactions').addColumn('emoji_url', 'text').execute();
  },
};
