import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { prepareDataFolder, requireKeptDatabase } from '../src/data-folder.ts';
import { recordingLog } from './support/recording-log.ts';

function openFolder() {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'outpost-folder-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const { log, lines } = recordingLog();
  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
  const warnings = () => lines.filter(({ level }) => Number(level) >= 40).map(({ msg }) => msg);
  return { parent, folder: path.join(parent, 'data'), log, warnings, modeOf };
}

test('a new data folder is for its owner alone', () => {
  const { folder, log, modeOf } = openFolder();
  prepareDataFolder({ dataFolder: path.join(folder, 'deep', 'er') }, log);
  expect([modeOf(path.join(folder, 'deep', 'er')), modeOf(folder)]).toEqual(['700', '700']);
});

test.each([
  ['is empty', []],
  ['was used before', ['secret.key', 'outpost.sqlite']],
])('a folder that %s is closed to others', (_, files) => {
  const { folder, log, modeOf, warnings } = openFolder();
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  for (const file of files) writeFileSync(path.join(folder, file), '');
  prepareDataFolder({ dataFolder: folder }, log);
  expect([modeOf(folder), warnings()]).toEqual(['700', []]);
});

test('a folder that holds what is not ours keeps its mode, with a warning', () => {
  const { folder, log, modeOf, warnings } = openFolder();
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  writeFileSync(path.join(folder, 'letter.txt'), 'Dear');
  prepareDataFolder({ dataFolder: folder }, log);
  expect([modeOf(folder), warnings()]).toEqual([
    '755',
    ['the data folder can be read by others; give it the mode 0700'],
  ]);
});

test.each(['', '/below'])(
  'a path that names a file is refused in words, and the file is not touched',
  (below) => {
    const { folder, log, modeOf } = openFolder();
    writeFileSync(folder, 'a file');
    chmodSync(folder, 0o644);
    expect(() => prepareDataFolder({ dataFolder: folder + below }, log)).toThrow(
      `OUTPOST_DATA=${folder}${below} cannot be used: it is no folder; give the path of one.`,
    );
    expect(modeOf(folder)).toBe('644');
  },
);

test('a folder that has lost its database is no place for a new blog', () => {
  const { parent: folder } = openFolder();
  const config = { dataFolder: folder, databaseUrl: null };
  requireKeptDatabase(config);
  writeFileSync(path.join(folder, 'secret.key'), 'x');
  expect(() => requireKeptDatabase(config)).toThrow(/OUTPOST_DATA=.*outpost\.sqlite is missing/);
  requireKeptDatabase({ ...config, databaseUrl: 'postgres://localhost/blog' });
  writeFileSync(path.join(folder, 'outpost.sqlite'), '');
  requireKeptDatabase(config);
});
