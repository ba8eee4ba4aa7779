import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pluginTemplate } from '../../src/plugin-host/template.ts';
import { createClient } from '../support/create-test-app.ts';
import { type OutpostProcess, owner, startOutpost } from '../support/outpost-process.ts';
import { type Fence, fencesOf, readDocument, root, sectionOf } from './fences.ts';

const run = promisify(execFile);
const document = readDocument('docs/plugins.md');
const tutorial = sectionOf(document, '## A first plugin in ten minutes');

let blog: OutpostProcess;

beforeAll(async () => {
  blog = await startOutpost();
  await blog.run(
    'post',
    'create',
    '--author',
    owner.username,
    '--title',
    'A walk',
    '--file',
    writeText('Up the hill and down.'),
    '--publish',
  );
});
afterAll(() => blog.close());

function writeText(text: string): string {
  const file = path.join(blog.dataFolder, 'walk.md');
  writeFileSync(file, text);
  return file;
}

async function until<T>(look: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await look();
    if (isThere(found)) return found;
    if (Date.now() > end) throw new Error(`It did not come to be: ${String(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const page = async (address: string) => (await fetch(blog.url + address)).text();

/** Does what the reader is told to: runs each command, writes each file. */
async function follow({ language, file, code }: Fence, folder: string): Promise<void> {
  if (file) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), code);
    return;
  }
  if (language !== 'sh') throw new Error(`The tutorial has a block that nobody can follow: ${code}`);
  for (const line of code.trim().split('\n')) {
    const [npx, program, ...words] = line.split(' ');
    if (npx !== 'npx' || program !== 'outpost')
      throw new Error(`The tutorial has a command that nobody tries: ${line}`);
    await blog.run(...words);
  }
}

test('whoever follows the tutorial sees what it promises', async () => {
  const folder = path.join(blog.dataFolder, 'plugins/word-count');
  const [begin, first, view, enable, second, again, remove, ...more] = fencesOf(tutorial);
  if (!begin || !first || !view || !enable || !second || !again || !remove)
    throw new Error('A step is missing.');
  expect(more).toEqual([]);

  await follow(begin, folder);
  await follow(first, folder);
  await follow(view, folder);
  await follow(enable, folder);
  const words = await until(
    () => page('/a-walk'),
    (html) => html.includes('word-count'),
  );
  expect(words).toContain('<p class="word-count">Words: 5</p>');

  const admin = createClient(blog.url);
  const door = await admin.page('/login');
  const csrf = /name="csrf" value="([^"]+)"/.exec(door)?.[1];
  await admin.post('/login', { login: owner.username, password: owner.password, ...(csrf && { csrf }) });
  expect(await admin.page('/admin/plugins/word-count')).toContain('What stands before the number');
  const saved = await admin.post('/admin/plugins/word-count/settings', { label: 'Length in words' });
  expect(saved.status).toBe(303);
  expect(await page('/a-walk')).toContain('<p class="word-count">Length in words: 5</p>');

  await follow(second, folder);
  await follow(again, folder);
  const json = await until(
    () => page('/words.json'),
    (text) => text.startsWith('{"posts"'),
  );
  expect(JSON.parse(json)).toEqual({ posts: 1, words: 5 });
  await blog.run(
    'post',
    'create',
    '--author',
    owner.username,
    '--title',
    'Home',
    '--file',
    writeText('Tea.'),
    '--publish',
  );
  await until(
    async () => blog.log(),
    (log) => log.includes('another post') && log.includes('"words":1'),
  );
  expect(await page('/words.json')).toBe('{"posts":2,"words":6}');

  await follow(remove, folder);
  await until(
    async () => (await fetch(`${blog.url}/words.json`)).status,
    (status) => status === 404,
  );
  expect(await page('/a-walk')).not.toContain('word-count');
});

test('the plugin of the tutorial has types in the editor, and its own test passes', async () => {
  const parent = mkdtempSync(path.join(tmpdir(), 'outpost-plugin-'));
  const folder = path.join(parent, 'word-count');
  try {
    mkdirSync(folder);
    for (const [file, content] of Object.entries(pluginTemplate('word-count')))
      writeFileSync(path.join(folder, file), content);
    for (const fence of [...fencesOf(tutorial), ...fencesOf(sectionOf(document, '## Testing'))])
      if (fence.file) await follow(fence, folder);
    // What `npm install --save-dev ../outpost` does.
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(root, path.join(folder, 'node_modules/outpost'));

    const tsc = path.join(root, 'test/node_modules/.bin/tsc');
    const { stdout: found } = await run(process.execPath, [tsc, '-p', folder], { cwd: parent }).catch(
      (error: { stdout: string }) => error,
    );
    expect(found.split('\n').filter((line) => line.startsWith('word-count'))).toEqual([]);
    const { stdout } = await run(process.execPath, ['--test'], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    });
    expect(stdout).toMatch(/pass 1\b/);

    expect(await blog.run('plugin', 'install', folder)).toMatchObject({
      name: 'word-count',
      source: 'installed',
    });
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}, 60_000);

test('the parts shown in the reference make a plugin that works', async () => {
  const parts = fencesOf(document).filter(({ language, file }) => language === 'ts' && file === null);
  expect(parts).toHaveLength(4);
  const folder = path.join(blog.dataFolder, 'plugins/guestbook');
  mkdirSync(path.join(folder, 'views'), { recursive: true });
  writeFileSync(path.join(folder, 'views', 'note.liquid'), '<p>{{ mood }}: {{ note }}</p>');
  writeFileSync(
    path.join(folder, 'plugin.ts'),
    `import { definePlugin, TooManyError, z } from 'outpost/plugin';
     export default definePlugin({ id: 'guestbook', name: 'Guestbook', version: '1.0.0', apiVersion: 1, views: 'views',
       ${parts.map(({ code }) => code).join('\n')}
       commands: [{ name: 'entries', usage: 'entries <page>', about: 'what was written', run: async ({ args }) => args }],
       health: [{ name: 'entries', run: async () => ({ status: 'ok', detail: 'All is well.' }) }],
     });`,
  );
  const sign = () =>
    fetch(`${blog.url}/guestbook/front`, {
      method: 'POST',
      body: new URLSearchParams({ text: 'Hello' }),
      redirect: 'manual',
    });

  await blog.run('plugin', 'enable', 'guestbook');
  await until(
    async () => (await sign()).status,
    (status) => status === 303,
  );

  await until(
    async () => (await sign()).status,
    (status) => status === 429,
  );
  const words = ['--field', 'guestbook.mood=loud', '--field', 'guestbook.note=Come at five'];
  const post = ['--author', 'alice', '--title', 'With a note', '--file', '/dev/null', '--publish'];
  await blog.run('post', 'create', ...post, ...words);
  expect(await (await fetch(`${blog.url}/with-a-note`)).text()).toContain('<p>loud: Come at five</p>');

  expect(await blog.run('guestbook', 'entries', 'front')).toEqual(['front']);
  expect(await blog.run('doctor')).toContainEqual(
    expect.objectContaining({ check: 'guestbook: entries', detail: 'All is well.' }),
  );
});
