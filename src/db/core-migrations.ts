import type { Migrations } from './migrate.ts';
import { coreTables } from './migrations/001-core.ts';

/** The core's own history. A migration that has landed is never edited. */
export const coreMigrations: Migrations = {
  '001-core': coreTables,
};
