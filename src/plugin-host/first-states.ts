import type { Deps } from '../deps.ts';
import { loadPlugins } from './load.ts';
import { pluginStates, putPluginState } from './plugin-store.ts';

/** A new blog begins with the bundled plugins that say so. Once anything was decided, nothing is decided here. */
export async function decideFirstStates(deps: Pick<Deps, 'db' | 'config' | 'clock'>): Promise<void> {
  if ((await pluginStates(deps.db)).size > 0) return;
  for (const found of await loadPlugins(deps.config)) {
    if (found.source === 'bundled' && found.definition?.onByDefault) {
      await putPluginState(deps.db, { id: found.id, enabled: true, error: null }, deps.clock.iso());
    }
  }
}
