import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { Deps } from '../deps.ts';
import { ConflictError, InvalidError, NotFoundError } from '../errors.ts';
import { createPluginHost, type PluginListing } from '../plugin-host/host.ts';
import { installedFolder, loadPlugins, pluginIdOf } from '../plugin-host/load.ts';
import { switchPlugin } from '../plugin-host/switch-plugin.ts';
import { pluginTemplate } from '../plugin-host/template.ts';
import { isPackage, withPackage } from './fetch-package.ts';
import { print, withBlog } from './run.ts';

function present({ id, name, version, status, source, error }: PluginListing): object {
  return { name: id, version, title: name, status, source, error };
}

async function listed(deps: Deps): Promise<PluginListing[]> {
  return createPluginHost(deps).list();
}

async function listedOne(deps: Deps, id: string): Promise<object> {
  const found = (await listed(deps)).find((plugin) => plugin.id === id);
  if (!found) throw new NotFoundError('plugin.not_found', `There is no plugin ${id}.`);
  return present(found);
}

/** Copies a plugin's folder to the owner's plugins: whole or not at all, the one before kept until the new one is there. */
async function install(deps: Deps, from: string): Promise<string> {
  const source = path.resolve(from);
  if (!existsSync(source))
    throw new NotFoundError(
      'plugin.source',
      `There is no folder ${from}. A package of npm that holds a plugin is called outpost-plugin-NAME.`,
    );
  const id = pluginIdOf(source);
  const folder = installedFolder(deps.config);
  const target = path.join(folder, id);
  const draft = `${target}.new~`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  rmSync(draft, { recursive: true, force: true });
  // Outpost itself, linked in for a plugin's tests, stays where it is.
  const filter = (file: string) => path.relative(source, file) !== path.join('node_modules', 'outpost');
  cpSync(source, draft, { recursive: true, dereference: true, filter });
  const before = `${target}.old~`;
  rmSync(before, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, before);
  renameSync(draft, target);
  const [found] = await loadPlugins(deps.config, new Set([id]));
  if (!found?.definition || found.source !== 'installed') {
    rmSync(target, { recursive: true, force: true });
    if (existsSync(before)) renameSync(before, target);
    throw new ConflictError(
      'plugin.failed',
      found?.source === 'bundled'
        ? `A plugin ${id} comes with Outpost already.`
        : (found?.error ?? `${from} holds no plugin.`),
    );
  }
  rmSync(before, { recursive: true, force: true });
  // One that is on is read anew.
  await deps.counters.bump(deps.db, 'plugins');
  return id;
}

/** `outpost plugin …` */
export function addPluginCommands(program: Command): void {
  const plugin = program.command('plugin').description('what extends the blog');
  plugin
    .command('list')
    .description('all plugins that are there')
    .action((_: object, command: Command) =>
      withBlog(async (deps) => print(command, (await listed(deps)).map(present))),
    );
  for (const [name, enabled, about] of [
    ['enable', true, 'switch a plugin on'],
    ['disable', false, 'switch a plugin off'],
  ] as const) {
    plugin
      .command(`${name} <name>`)
      .description(about)
      .action((id: string, _: object, command: Command) =>
        withBlog(async (deps) => {
          await switchPlugin(deps, id, enabled);
          print(command, await listedOne(deps, id));
        }),
      );
  }
  plugin
    .command('new <name>')
    .description('begin a plugin of your own in the data folder')
    .action((id: string, _: object, command: Command) =>
      withBlog(async (deps) => {
        if (!/^[a-z][a-z0-9-]{0,39}$/.test(id))
          throw new InvalidError(
            'plugin.id',
            `${id} cannot be a plugin's name: use lower-case letters, digits and hyphens.`,
          );
        const folder = path.join(installedFolder(deps.config), id);
        if (existsSync(folder)) throw new ConflictError('plugin.exists', `${folder} is there already.`);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        for (const [file, content] of Object.entries(pluginTemplate(id)))
          writeFileSync(path.join(folder, file), content);
        print(command, await listedOne(deps, id), { more: { folder } });
      }),
    );
  plugin
    .command('install <path-or-package>')
    .description('copy a plugin into the data folder, or fetch outpost-plugin-NAME from npm')
    .action((from: string, _: object, command: Command) =>
      withBlog(async (deps) => {
        const isFetched = isPackage(from) && !existsSync(from);
        const put = (folder: string) => install(deps, folder);
        print(command, await listedOne(deps, await (isFetched ? withPackage(from, put) : put(from))));
      }),
    );
  plugin
    .command('remove <name>')
    .description('switch a plugin off and remove its files; its data stays')
    .action((id: string, _: object, command: Command) =>
      withBlog(async (deps) => {
        const found = (await listed(deps)).find((one) => one.id === id);
        if (!found) throw new NotFoundError('plugin.not_found', `There is no plugin ${id}.`);
        if (found.source === 'bundled')
          throw new ConflictError('plugin.bundled', `${id} comes with Outpost; disable it instead.`);
        await switchPlugin(deps, id, false);
        rmSync(found.folder, { recursive: true, force: true });
        print(command, { ...present(found), status: 'removed' });
      }),
    );
}
