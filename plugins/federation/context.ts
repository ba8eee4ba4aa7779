import type { Kysely, PluginContext, Transaction } from 'outpost/plugin';
import type { FederationPostFields } from './post-fields.ts';
import type { FederationSettings } from './settings.ts';
import type { FederationTables } from './tables.ts';

/** What federation asks of the site. */
export const permissions = [
  'posts',
  'users',
  'comments',
  'reactions',
  'database',
  'network',
  'mail',
] as const;

/** What every function of this plugin is handed. */
export type FederationContext = PluginContext<
  (typeof permissions)[number],
  FederationSettings,
  FederationPostFields
>;

/** The plugin's own tables. */
export type FederationDatabase = Kysely<FederationTables>;
export type FederationTransaction = Transaction<FederationTables>;

/** The plugin's own tables, outside a transaction. */
export function tablesOf(context: Pick<FederationContext, 'database'>): FederationDatabase {
  return context.database.as<FederationTables>();
}

/** What comments from other servers are called as a kind, in the admin and on the command line. */
export const commentSource = 'fediverse';
