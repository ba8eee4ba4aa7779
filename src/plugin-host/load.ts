import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../config.ts';
import type { PluginDefinition } from './api.ts';
import { runAs } from './attribution.ts';
import { withinDeadline } from './deadline.ts';
import { resolvePluginApi } from './resolve.ts';
import { checkDefinition } from './validate.ts';

/** Where a plugin was found: with Outpost, or installed by the owner. */
export type PluginSource = 'bundled' | 'installed';

/** A plugin that was found. `definition` is null where it could not be read, and `error` says why. */
export type FoundPlugin = {
  id: string;
  folder: string;
  source: PluginSource;
  definition: PluginDefinition | null;
  /** Differs after an update of the plugin's files. */
  stamp: string;
  error: string | null;
};

const importDeadlineMs = 10_000;

const bundledFolder = path.resolve(import.meta.dirname, '../../plugins');

/** Where the owner's plugins lie. */
export function installedFolder(config: Pick<Config, 'dataFolder'>): string {
  return path.join(config.dataFolder, 'plugins');
}

function entryOf(folder: string): string | null {
  return (
    ['plugin.ts', 'plugin.js', 'plugin.mjs']
      .map((name) => path.join(folder, name))
      .find((file) => existsSync(file)) ?? null
  );
}

/** What tells an updated plugin from the one before. Those that come with Outpost change with Outpost. */
export function stampOf(folder: string): string {
  const entry = folder.startsWith(bundledFolder + path.sep) ? null : entryOf(folder);
  return entry ? `${statSync(entry).mtimeMs}` : '';
}

type Place = { id: string; folder: string; source: PluginSource };

async function read(place: Place): Promise<FoundPlugin> {
  const { id, folder } = place;
  const stamp = stampOf(folder);
  const found = { ...place, stamp };
  const entry = entryOf(folder);
  if (!entry) return { ...found, definition: null, error: `${folder} has no plugin.ts or plugin.js.` };
  let loaded: unknown;
  try {
    // A changed file is a new module; without this an update would need a restart.
    const address = pathToFileURL(entry).href + (stamp && `?v=${stamp}`);
    loaded = await withinDeadline(`import of ${id}`, importDeadlineMs, () =>
      runAs(id, () => import(address)),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...found, definition: null, error: `${id}/${path.basename(entry)} cannot be read: ${reason}` };
  }
  try {
    return { ...found, definition: checkDefinition(loaded, id), error: null };
  } catch (error) {
    return { ...found, definition: null, error: error instanceof Error ? error.message : String(error) };
  }
}

function foldersIn(parent: string): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter(
      (entry) =>
        (entry.isDirectory() || entry.isSymbolicLink()) &&
        !entry.name.startsWith('.') &&
        !entry.name.endsWith('~') &&
        entry.name !== 'node_modules',
    )
    .map((entry) => path.join(parent, entry.name))
    .sort();
}

const packagePrefix = 'outpost-plugin-';

/** The id of the plugin in a folder or package of that name: `outpost-plugin-stats` holds `stats`. */
export function pluginIdOf(folder: string): string {
  const name = path.basename(folder);
  return name.startsWith(packagePrefix) ? name.slice(packagePrefix.length) : name;
}

/**
 * The ids of all plugins that are there, without reading any: those that come with Outpost, then the owner's, then
 * packages `outpost-plugin-…` that npm has installed beside them. Of two with the same id the first counts.
 */
export function pluginFolders(config: Pick<Config, 'dataFolder'>): Place[] {
  const own = installedFolder(config);
  const packages = foldersIn(path.join(own, 'node_modules')).filter((folder) =>
    path.basename(folder).startsWith(packagePrefix),
  );
  const places = new Map<string, Place>();
  for (const folder of [...foldersIn(bundledFolder), ...foldersIn(own), ...packages]) {
    const id = pluginIdOf(folder);
    const source = folder.startsWith(bundledFolder + path.sep) ? 'bundled' : 'installed';
    if (!places.has(id)) places.set(id, { id, folder, source });
  }
  return [...places.values()];
}

/** Reads the declarations of these plugins, or of all that are there. Nothing of them runs. */
export async function loadPlugins(
  config: Pick<Config, 'dataFolder'>,
  only?: ReadonlySet<string>,
): Promise<FoundPlugin[]> {
  resolvePluginApi();
  const places = pluginFolders(config).filter(({ id }) => !only || only.has(id));
  return Promise.all(places.map(read));
}
