import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../src/plugin-host/free-port.ts';
import { until } from '../support/until.ts';
import { readSources, root } from './sources.ts';

test('Node loads every module as it is', async () => {
  const modules = readSources(['src', 'plugins'], ['.ts'])
    .map(({ path: file }) => file)
    .filter((file) => !file.endsWith('.d.ts') && !file.includes(`${path.sep}assets${path.sep}`));
  const program = `
    for (const file of ${JSON.stringify(modules)}) {
      try { await import(new URL(file, ${JSON.stringify(`file://${root}/`)}).href); }
      catch (error) { console.log(file + ': ' + error); }
    }
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
  });
  expect(stdout).toBe('');
});

test('the real program starts, and the last it says is the link for setting up', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-start-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const env = { PATH: process.env.PATH, OUTPOST_DATA: folder, PORT: String(port), HOST: '127.0.0.1' };
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: root, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const link = /Set up your blog at http:\/\/localhost:\d+\/setup\?token=[\w-]+\n$/;
  child.stdout.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  await until('the link is said', () => link.test(said));
  const [url = ''] = /http:\S+$/m.exec(said) ?? [];
  expect((await fetch(url)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
