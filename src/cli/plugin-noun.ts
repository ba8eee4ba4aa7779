import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { ConflictError } from '../errors.ts';
import type { Command as PluginCommand, PluginDefinition } from '../plugin-host/api.ts';
import { createContext } from '../plugin-host/context.ts';
import { decideFirstStates } from '../plugin-host/first-states.ts';
import type { AnyContext } from '../plugin-host/host.ts';
import { type FoundPlugin, loadPlugins, pluginFolders } from '../plugin-host/load.ts';
import { pluginStates } from '../plugin-host/plugin-store.ts';
import { asList, collect, print, readList, withBlog } from './run.ts';

/** Adds the commands of the plugin that has this name, where there is one. */
export async function addPluginNoun(program: Command, id: string): Promise<void> {
  const config = readConfig();
  if (!pluginFolders(config).some((plugin) => plugin.id === id)) return;
  const [found] = await loadPlugins(config, new Set([id]));
  if (!found?.definition) {
    throw new ConflictError('plugin.failed', found?.error ?? `The plugin ${id} cannot be read.`);
  }
  addCommands(program, found, found.definition);
}

/** Adds the commands of every plugin that has some, for those who ask what can be said. */
export async function addPluginNouns(program: Command): Promise<void> {
  for (const found of await loadPlugins(readConfig())) {
    if (found.definition?.commands?.length) addCommands(program, found, found.definition);
  }
}

function addCommands(program: Command, { id, folder }: FoundPlugin, definition: PluginDefinition): void {
  const noun = program.command(id).description(definition.description ?? definition.name);
  for (const command of definition.commands ?? []) {
    const sub = asList(noun.command(command.usage).description(command.about));
    for (const { flags, about, repeat } of command.options ?? []) {
      if (repeat) sub.option(flags, about, collect);
      else sub.option(flags, about);
    }
    sub.action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const options = self.opts<{ limit: string; after?: string }>();
      await withBlog(async (deps) => {
        await decideFirstStates(deps);
        if (!(await pluginStates(deps.db)).get(id)?.enabled) {
          throw new ConflictError(
            'plugin.off',
            `The plugin ${id} is switched off. Switch it on with outpost plugin enable ${id}.`,
          );
        }
        if (definition.migrations) {
          const { migrate } = await import('../db/migrate.ts');
          await migrate(deps.db, id, definition.migrations);
        }
        const context = createContext(deps, { definition, folder }, () => null) as AnyContext;
        const run = command as unknown as PluginCommand<AnyContext>;
        const given = await run.run({ args: self.args, options, ...readList(options) }, context);
        print(self, given, { next: run.next?.(given) ?? null });
      });
    });
  }
}
