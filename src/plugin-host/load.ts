import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../config.ts';
import type { PluginDefinition } from './api.ts';
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
  error: string | null;
};

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

async function read(folder: string, source: PluginSource): Promise<FoundPlugin> {
  const id = path.basename(folder);
  const found = { id, folder, source };
  const entry = entryOf(folder);
  if (!entry) return { ...found, definition: null, error: `${folder} has no plugin.ts or plugin.js.` };
  try {
    // A changed file is a new module; without this an update would need a restart.
    const version = source === 'installed' ? `?v=${statSync(entry).mtimeMs}` : '';
    const loaded: unknown = await import(pathToFileURL(entry).href + version);
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
        !entry.name.endsWith('~'),
    )
    .map((entry) => path.join(parent, entry.name))
    .sort();
}

/** The ids of all plugins that are there, without reading any. One with a bundled plugin's id is passed over. */
export function pluginFolders(
  config: Pick<Config, 'dataFolder'>,
): { id: string; folder: string; source: PluginSource }[] {
  const bundled = foldersIn(bundledFolder).map((folder) => ({
    id: path.basename(folder),
    folder,
    source: 'bundled' as const,
  }));
  const taken = new Set(bundled.map((plugin) => plugin.id));
  const installed = foldersIn(installedFolder(config)).map((folder) => ({
    id: path.basename(folder),
    folder,
    source: 'installed' as const,
  }));
  return [...bundled, ...installed.filter((plugin) => !taken.has(plugin.id))];
}

/** Reads the declarations of these plugins, or of all that are there. Nothing of them runs. */
export async function loadPlugins(
  config: Pick<Config, 'dataFolder'>,
  only?: ReadonlySet<string>,
): Promise<FoundPlugin[]> {
  resolvePluginApi();
  const folders = pluginFolders(config).filter(({ id }) => !only || only.has(id));
  return Promise.all(folders.map(({ folder, source }) => read(folder, source)));
}
