import type { Migrations } from './migrate.ts';
import { coreTables } from './migrations/001-core.ts';
import { postFieldsTable } from './migrations/002-post-fields.ts';
import { remoteTexts } from './migrations/003-remote-texts.ts';
import { mediaDuration } from './migrations/004-media-duration.ts';
import { threads } from './migrations/005-threads.ts';
import { setAside } from './migrations/006-set-aside.ts';

/** The core's own history. A migration that has landed is never edited. */
export const coreMigrations: Migrations = {
  '001-core': coreTables,
  '004-media-duration': mediaDuration,
  '002-post-fields': postFieldsTable,
  '003-remote-texts': remoteTexts,
  '005-threads': threads,
  '006-set-aside': setAside,
};
