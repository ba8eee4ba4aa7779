import type { PluginContext } from 'outpost/plugin';
import type { FeedSettings } from './settings.ts';

/** What feeds ask of the site. */
export const permissions = ['posts', 'users'] as const;

/** What every function of this plugin is handed. */
export type FeedsContext = PluginContext<(typeof permissions)[number], FeedSettings>;
