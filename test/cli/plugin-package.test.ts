import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { create } from 'tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOutpost } from '../support/command-line.ts';
import { temporaryFolder, writeFiles } from '../support/write-plugin.ts';

const tarballs = new Map<string, { version: string; bytes: Buffer; dependencies: Record<string, string> }>();
let registry: Server;
let address = '';

beforeAll(async () => {
  registry = createServer((req, res) => {
    const [name = '', file] = (req.url ?? '').slice(1).split('/-/');
    const found = tarballs.get(decodeURIComponent(name));
    if (!found) return res.writeHead(404).end('{"error":"Not found"}');
    if (file) return res.end(found.bytes);
    const { version, bytes, dependencies } = found;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const scripts = { postinstall: 'touch was-run' };
    const dist = { tarball: `${address}/${name}/-/${name}-${version}.tgz`, integrity };
    const versions = { [version]: { name, version, dependencies, dist, scripts, hasInstallScript: true } };
    res.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const bound = registry.address();
  address = typeof bound === 'object' ? `http://127.0.0.1:${bound?.port}` : '';
});
afterAll(() => registry.close());

/** Puts a package into the registry. */
async function publish(
  name: string,
  files: Record<string, string>,
  dependencies: Record<string, string> = {},
): Promise<void> {
  const folder = temporaryFolder();
  const scripts = { postinstall: 'touch was-run' };
  const description = { name, version: '1.0.0', type: 'module', main: 'index.js', dependencies, scripts };
  writeFiles(path.join(folder, 'package'), { 'package.json': JSON.stringify(description), ...files });
  const file = path.join(folder, 'package.tgz');
  await create({ gzip: true, cwd: folder, file }, ['package']);
  tarballs.set(name, { version: '1.0.0', bytes: readFileSync(file), dependencies });
}

/** A blog's data folder, and the command line on it. */
async function openBlog(
  npm = address,
): Promise<{ folder: string; run: (...words: string[]) => ReturnType<typeof runOutpost> }> {
  const folder = temporaryFolder();
  const env = {
    OUTPOST_DATA: path.join(folder, 'data'),
    HOME: folder,
    npm_config_registry: npm,
    npm_config_cache: path.join(folder, 'cache'),
  };
  const run = (...words: string[]) => runOutpost(words, { env });
  const words = ['--title', 'Blog', '--username', 'alice', '--email', 'alice@blog.example'];
  await run('setup', ...words, '--password', 'correct horse battery');
  return { folder: env.OUTPOST_DATA, run };
}

test('a package of npm is fetched with what it needs, runs no script, and works', async () => {
  await publish('sample-words', { 'index.js': "export const word = 'Hello from afar';" });
  await publish(
    'outpost-plugin-afar',
    {
      'plugin.js': `import { definePlugin } from 'outpost/plugin';
        import { word } from 'sample-words';
        export default definePlugin({ id: 'afar', name: 'Afar', version: '1.0.0', apiVersion: 1,
          commands: [{ name: 'say', usage: 'say', about: 'a word', run: async () => ({ word }) }] });`,
    },
    { 'sample-words': '^1.0.0' },
  );
  const { folder, run } = await openBlog();
  const ran = await run('plugin', 'install', 'outpost-plugin-afar', '--json');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ran.stdout)).toMatchObject({ name: 'afar', source: 'installed', error: null });
  const target = path.join(folder, 'plugins', 'afar');
  expect(existsSync(path.join(target, 'plugin.js'))).toBe(true);
  for (const place of [target, path.join(target, 'node_modules/sample-words')])
    expect(existsSync(path.join(place, 'was-run'))).toBe(false);
  await run('plugin', 'enable', 'afar');
  expect(JSON.parse((await run('afar', 'say', '--json')).stdout)).toEqual({ word: 'Hello from afar' });
  expect((await run('plugin', 'install', 'outpost-plugin-afar@^1.0.0')).code).toBe(0);
  await run('plugin', 'remove', 'afar');
  expect(existsSync(target)).toBe(false);
}, 60_000);

test('what npm does not have, what is no plugin, and what has another name is refused in one sentence', async () => {
  await publish('outpost-plugin-empty', { 'index.js': '' });
  const { folder, run } = await openBlog();
  const refused = async (source: string) => {
    const { code, stdout, stderr } = await run('plugin', 'install', source);
    expect([code, stdout, stderr.split('\n').length]).toEqual([1, '', 2]);
    return stderr.trim();
  };
  expect(await refused('outpost-plugin-nothing')).toBe('npm knows no package outpost-plugin-nothing.');
  expect(await refused('outpost-plugin-empty')).toContain('has no plugin.ts or plugin.js');
  expect(await refused('left-pad')).toBe(
    'There is no folder left-pad. A package of npm that holds a plugin is called outpost-plugin-NAME.',
  );
  expect(existsSync(path.join(folder, 'plugins', 'empty'))).toBe(false);
}, 60_000);

test('without a network it says so', async () => {
  const { run } = await openBlog('http://127.0.0.1:1');
  expect(await run('plugin', 'install', 'outpost-plugin-afar')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'npm cannot reach its registry, so outpost-plugin-afar was not fetched. Look at the network, or name a folder.\n',
  });
}, 60_000);
