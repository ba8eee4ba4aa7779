import { migrate } from '../db/migrate.ts';
import type { Deps } from '../deps.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { decideFirstStates } from './first-states.ts';
import { loadPlugins } from './load.ts';
import { pluginStates, putPluginState } from './plugin-store.ts';

/**
 * Decides, from a process that does not run plugins, that one is to be on or off; the server does it within a second.
 * @throws NotFoundError, ConflictError with what is wrong with the plugin
 */
export async function switchPlugin(
  deps: Pick<Deps, 'db' | 'config' | 'clock' | 'counters'>,
  id: string,
  enabled: boolean,
): Promise<void> {
  const [found] = await loadPlugins(deps.config, new Set([id]));
  if (!found) throw new NotFoundError('plugin.not_found', `There is no plugin ${id}.`);
  if (enabled) {
    if (!found.definition)
      throw new ConflictError('plugin.failed', found.error ?? `The plugin ${id} cannot be read.`);
    if (found.definition.migrations) await migrate(deps.db, id, found.definition.migrations);
  }
  await decideFirstStates(deps);
  if (!enabled) await requireUnneeded(deps, id);
  await putPluginState(deps.db, { id, enabled, error: null }, deps.clock.iso());
  await deps.counters.bump(deps.db, 'site', 'plugins');
}

async function requireUnneeded(deps: Pick<Deps, 'db' | 'config'>, id: string): Promise<void> {
  const states = await pluginStates(deps.db);
  for (const { definition } of await loadPlugins(deps.config)) {
    if (definition?.requires?.includes(id) && states.get(definition.id)?.enabled)
      throw new ConflictError('plugin.required', `${definition.name} needs it. Switch that off first.`);
  }
}
