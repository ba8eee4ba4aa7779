import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { list } from 'tar';
import { expect, test } from 'vitest';
import { backUp } from '../../src/backup/backup.ts';
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
