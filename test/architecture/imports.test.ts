import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Import, importsOf, readSources, root } from './sources.ts';

const core = readSources(['src'], ['.ts']).filter(({ path: file }) => !file.endsWith('.d.ts'));
const plugins = readSources(['plugins'], ['.ts']).filter(({ path: file }) => !file.endsWith('.d.ts'));
const packageJson: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
);

const ground = ['errors', 'clock', 'ids', 'urls'];
const base = [
  ...ground,
  'config',
  'log',
  'secrets',
  'failpoints',
  'deps',
  'net',
  'content',
  'db',
  'jobs',
  'hooks',
];
const domains = ['settings', 'users', 'media', 'posts', 'comments', 'pictures', 'reactions', 'mail', 'setup'];
/** What plugins are run by, and how requests reach them: each side needs the other's types. */
const host = ['plugin-host', 'http'];

/** What each folder, and each file beside the folders, may import: what lies below it, and nothing above. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  clock: [],
  ids: [],
  urls: [],
  net: ground,
  content: ground,
  config: [...ground, 'net'],
  log: ['config'],
  failpoints: ['config'],
  secrets: ground,
  'data-folder': [...ground, 'config', 'db', 'log', 'secrets'],
  db: [...ground, 'config'],
  jobs: [...ground, 'db', 'log'],
  hooks: [...ground, 'content', 'db', 'jobs', 'log'],
  deps: base,
  core: [...base, 'data-folder', 'settings'],
  settings: base,
  users: base,
  media: base,
  posts: [...base, 'media'],
  comments: [...base, 'mail', 'posts', 'settings', 'users'],
  pictures: [...base, 'comments', 'media'],
  reactions: [...base, 'comments', 'posts'],
  mail: [...base, 'settings'],
  setup: [...base, 'posts', 'settings', 'users'],
  backup: [...base, ...domains, 'core'],
  http: [...base, ...domains, ...host],
  'plugin-host': [...base, ...domains, ...host],
  web: [...ground, 'content', 'hooks', 'secrets', ...domains, ...host],
  admin: [...ground, 'deps', 'content', 'hooks', 'jobs', ...domains, ...host],
  app: [...base, ...domains, ...host, 'core', 'web', 'admin'],
  cli: [...base, ...domains, 'core', 'backup', 'plugin-host', 'main'],
  main: [...ground, 'config', 'app', 'backup'],
};

/** The folder below `src`, or the file beside the folders. */
function partOf(file: string): string {
  return (file.split(path.sep)[1] ?? '').replace(/\.ts$/, '');
}

function describeImport({ from, specifier }: Import): string {
  return `${from} imports ${specifier}`;
}

test('each file imports only what lies below it', () => {
  const upwards = core.flatMap(importsOf).filter(({ from, target }) => {
    if (target === null) return false;
    const [part, imported] = [partOf(from), partOf(target)];
    // A plugin's test starts a whole blog.
    if (from === path.join('src', 'plugin-host', 'testing.ts')) return false;
    return part !== imported && !mayImport[part]?.includes(imported);
  });
  expect(upwards.map(describeImport)).toEqual([]);
});

test('the table above names what there is', () => {
  const parts = new Set(core.map(({ path: file }) => partOf(file)));
  expect(Object.keys(mayImport).sort()).toEqual([...parts].sort());
});

test('nothing in src imports a plugin, the tests, or a file outside', () => {
  const strange = core
    .flatMap(importsOf)
    .filter(({ target }) => target !== null && !target.startsWith(`src${path.sep}`));
  expect(strange.map(describeImport)).toEqual([]);
});

test('a plugin imports outpost/plugin, its own folder, packages and Node, and nothing else', () => {
  const strange = plugins.flatMap(importsOf).filter(({ from, specifier, target }) => {
    const own = from.split(path.sep).slice(0, 2).join(path.sep) + path.sep;
    if (target !== null) return !target.startsWith(own);
    if (specifier === 'outpost/plugin' || isBuiltin(specifier)) return false;
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    return !Object.hasOwn(packageJson.dependencies, name);
  });
  expect(strange.map(describeImport)).toEqual([]);
});

test('every file that is imported is there', () => {
  const missing = [...core, ...plugins]
    .flatMap(importsOf)
    .filter(({ target }) => target !== null && !existsSync(path.join(root, target)));
  expect(missing.map(describeImport)).toEqual([]);
});

test.each([
  ['pages know no SQL', ['web', 'admin'], ['kysely', 'pg', 'better-sqlite3']],
  [
    'what a blog consists of knows no HTTP',
    [...domains, 'backup', 'content', 'jobs', 'hooks', 'db'],
    ['express', 'node:http', 'cookie'],
  ],
  [
    'only the bounded fetch asks other servers',
    Object.keys(mayImport).filter((part) => part !== 'net'),
    ['undici', 'node:https', 'node:http2', 'axios', 'got', 'node-fetch'],
  ],
])('%s', (_, parts, forbidden) => {
  const found = core
    .flatMap(importsOf)
    .filter(({ from, specifier }) => parts.includes(partOf(from)) && forbidden.includes(specifier));
  expect(found.map(describeImport)).toEqual([]);
});

test('no file needs itself to be loaded first', () => {
  const graph = new Map<string, string[]>();
  for (const source of [...core, ...plugins])
    graph.set(
      source.path,
      importsOf(source).flatMap(({ target, isType }) => (target === null || isType ? [] : [target])),
    );
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
  expect(circles).toEqual([]);
});
