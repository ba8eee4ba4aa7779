import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { list } from 'tar';
import { expect, test } from 'vitest';
import { backUp } from '../../src/backup/backup.ts';
import { restore } from '../../src/backup/restore.ts';
import { openTestCore } from '../support/databases.ts';
import { temporaryFolder } from '../support/write-plugin.ts';

test('a backup follows links to plugins, and minds no link that leads nowhere or round in a circle', async () => {
  const { core, config } = await openTestCore();
  const plugin = path.join(temporaryFolder(), 'linked');
  mkdirSync(path.join(plugin, 'node_modules'), { recursive: true });
  writeFileSync(path.join(plugin, 'plugin.ts'), '');
  symlinkSync(path.join(plugin, 'nowhere'), path.join(plugin, 'gone'));
  symlinkSync(plugin, path.join(plugin, 'node_modules', 'itself'));
  mkdirSync(path.join(config.dataFolder, 'plugins'));
  symlinkSync(plugin, path.join(config.dataFolder, 'plugins', 'linked'));

  const { file } = await backUp(core, path.join(temporaryFolder(), 'blog.tar.gz'));
  const entries: string[] = [];
  await list({ file, onReadEntry: (entry) => entries.push(entry.path) });
  expect(entries).toEqual(
    expect.arrayContaining(['outpost.sqlite', 'secret.key', 'backup.json', 'plugins/linked/plugin.ts']),
  );
  expect(entries.filter((entry) => /gone|itself/.test(entry))).toEqual([]);
});

const codeError = (code: string) => Object.assign(new Error(code), { code });

test('a restore also works where the data folder cannot be moved, because a disk is mounted there', async () => {
  const { core, config } = await openTestCore();
  const file = path.join(temporaryFolder(), 'blog.tar.gz');
  await backUp(core, file);
  const dataFolder = path.join(temporaryFolder(), 'disk');
  mkdirSync(path.join(dataFolder, 'lost+found'), { recursive: true });
  writeFileSync(path.join(dataFolder, 'secret.key'), 'of before');
  const move: typeof renameSync = (from, to) => {
    if (String(from) === dataFolder || path.dirname(String(to)) === path.dirname(dataFolder))
      throw codeError('EBUSY');
    renameSync(from, to);
  };
  const { before } = await restore({ ...config, dataFolder }, file, { move });
  expect(before).toMatch(/disk\/\.before-[\w-]+$/);
  expect(readFileSync(path.join(before ?? '', 'secret.key'), 'utf8')).toBe('of before');
  expect(readdirSync(dataFolder).filter((name) => !name.startsWith('.before-'))).toEqual(
    expect.arrayContaining(['lost+found', 'outpost.sqlite', 'secret.key']),
  );
  expect(readdirSync(dataFolder).some((name) => name.startsWith('.restoring-'))).toBe(false);
});

test('a restore into a folder that is empty or not there yet needs nothing beside it', async () => {
  const { core, config } = await openTestCore();
  const file = path.join(temporaryFolder(), 'blog.tar.gz');
  await backUp(core, file);
  const parent = temporaryFolder();
  mkdirSync(path.join(parent, 'empty'));
  for (const name of ['empty', 'new/below']) {
    const dataFolder = path.join(parent, name);
    expect(await restore({ ...config, dataFolder }, file)).toMatchObject({ before: null });
    expect(readdirSync(dataFolder)).toEqual(expect.arrayContaining(['outpost.sqlite', 'secret.key']));
  }
  expect(readdirSync(parent).sort()).toEqual(['empty', 'new']);
});
