import type { Deps } from '../deps.ts';
import { ConflictError } from '../errors.ts';
import { loadPlugins, pluginFolders } from '../plugin-host/load.ts';
import { pluginStates } from '../plugin-host/plugin-store.ts';
import { checkPostFields, readPostFields, readPostFieldWord } from '../plugin-host/post-fields.ts';
import type { PostFields } from '../posts/post.ts';
import { UsageError } from './usage-error.ts';

type Word = { pluginId: string; name: string; value: string };

function readWord(word: string): Word {
  const [, pluginId, name, value] = /^([^.=]+)\.([^.=]+)=(.*)$/su.exec(word) ?? [];
  if (pluginId === undefined || name === undefined || value === undefined)
    throw new UsageError(`--field ${word} cannot be read; give PLUGIN.NAME=VALUE.`);
  return { pluginId, name, value };
}

/**
 * What `--field PLUGIN.NAME=VALUE` says, checked by the plugins. Of a field given twice the last counts.
 * @param postId the post whose other values stay as they are, or null for a new one
 * @throws UsageError for a plugin or field that is not there
 * @throws InvalidError for a value that the plugin does not take
 */
export async function readFieldWords(
  deps: Pick<Deps, 'config' | 'db'>,
  words: readonly string[],
  postId: string | null,
): Promise<PostFields> {
  const asked = words.map(readWord);
  const ids = new Set(asked.map((word) => word.pluginId));
  if (ids.size === 0) return {};
  const places = new Set(pluginFolders(deps.config).map((place) => place.id));
  for (const id of ids) if (!places.has(id)) throw new UsageError(`There is no plugin ${id}.`);
  const states = await pluginStates(deps.db);
  const fields: Record<string, Record<string, unknown>> = {};
  for (const { id, definition, error } of await loadPlugins(deps.config, ids)) {
    if (!definition) throw new ConflictError('plugin.failed', error ?? `The plugin ${id} cannot be read.`);
    const members = definition.postFields?.shape ?? {};
    const change: Record<string, unknown> = {};
    for (const { name, value } of asked.filter((word) => word.pluginId === id)) {
      if (!definition.postFields || !Object.hasOwn(members, name)) {
        const known = Object.keys(members);
        const there = known.length > 0 ? `it has ${known.join(', ')}` : 'it has none';
        throw new UsageError(`The plugin ${id} has no field ${name}; ${there}.`);
      }
      change[name] = readPostFieldWord(definition.postFields, name, value);
    }
    if (!states.get(id)?.enabled)
      throw new ConflictError(
        'plugin.off',
        `The plugin ${id} is switched off. Switch it on with outpost plugin enable ${id}.`,
      );
    fields[id] = checkPostFields(definition, await readPostFields(deps, definition, postId), change);
  }
  return fields;
}
