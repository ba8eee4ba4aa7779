import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hookCatalogue } from '../../src/hooks/types.ts';
import { readSources, root, type Source } from './sources.ts';

const core = readSources(['src'], ['.ts']);
const plugins = readSources(['plugins'], ['.ts']);
const views = readSources(['views'], ['.liquid', '.js', '.css']);
const bin = readSources(['bin'], ['.js']);

/** Each line of these files in which the pattern is found. */
function linesWith(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path: file, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

test('the core and its views name nothing of the Fediverse, and no plugin', () => {
  const ids = readdirSync(path.join(root, 'plugins'));
  expect(ids).toContain('federation');
  const quoted = new RegExp(`['"\`/](?:${ids.join('|')})['"\`/]`);
  expect(linesWith([...core, ...views, ...bin], quoted)).toEqual([]);
  const words = /federat|fediverse|activity ?pub|activitystreams|webfinger|nodeinfo|mastodon/i;
  expect(linesWith([...core, ...views, ...bin], words)).toEqual([]);
});

test('one place reads the environment', () => {
  expect(linesWith([...core, ...plugins, ...bin], /process\.env/).map((line) => line.split(':')[0])).toEqual([
    path.join('src', 'config.ts'),
  ]);
});

test('nobody asks another server but through the bounded fetch', () => {
  const elsewhere = [...core, ...plugins].filter(
    ({ path: file }) => !file.startsWith(path.join('src', 'net')),
  );
  expect(
    linesWith(elsewhere, /(?<![.\w])fetch\(|\bhttps?\.(?:get|request)\(|new XMLHttpRequest|net\.connect\(/),
  ).toEqual([]);
});

test('only src/content makes SafeHtml', () => {
  const elsewhere = [...core, ...plugins].filter(
    ({ path: file }) => !file.startsWith(path.join('src', 'content')),
  );
  expect(linesWith(elsewhere, /makeSafeHtml|as SafeHtml\b|as unknown as SafeHtml/)).toEqual([]);
  const rendering = linesWith(elsewhere, /trustRenderedView\(/).map((line) => line.split(':')[0]);
  expect(rendering).toEqual([path.join('src', 'http', 'views.ts')]);
});

test('no file has more than 300 lines', () => {
  const scripts = [...core, ...plugins, ...bin, ...views.filter(({ path: file }) => !file.endsWith('.css'))];
  const long = scripts.flatMap(({ path: file, text }) => {
    const lines = text.split('\n').length - 1;
    return lines > 300 ? [`${file}: ${lines}`] : [];
  });
  expect(long).toEqual([]);
});

test('nothing that node cannot strip, nothing that hides a type, nothing that swallows an error', () => {
  const sources = [...core, ...plugins];
  expect(
    linesWith(
      sources,
      /^\s*(?:export )?(?:const )?enum |^\s*(?:export )?namespace \w+ \{|constructor\((?:private|public|readonly)/,
    ).filter((line) => !line.includes('namespace Express')),
  ).toEqual([]);
  expect(linesWith(sources, /\.catch\(\(\) => \{\}\)|catch\s*(?:\(\w+\)\s*)?\{\s*\}/)).toEqual([]);
  expect(linesWith(sources, /@ts-(?:ignore|nocheck|expect-error)/)).toEqual([]);
});

test('every hook in the types is in the catalogue, with the sentence of its comment', () => {
  const types = core.find(({ path: file }) => file === path.join('src', 'hooks', 'types.ts'))?.text ?? '';
  const declared = (name: 'Actions' | 'Filters') => {
    const start = types.indexOf(`export interface ${name} {`);
    const body = types.slice(start, types.indexOf('\n}', start));
    return [...body.matchAll(/\/\*\* (.+) \*\/\n {2}'([\w.]+)':/g)].map(([, about, hook]) => [
      hook,
      { kind: name === 'Actions' ? 'action' : 'filter', about },
    ]);
  };
  expect(Object.fromEntries([...declared('Actions'), ...declared('Filters')])).toEqual(hookCatalogue);
});
