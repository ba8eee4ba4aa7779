import { expect, test } from 'vitest';
import { hookCatalogue } from '../../src/hooks/types.ts';
import { permissionNames } from '../../src/plugin-host/validate.ts';
import { namesIn, readDocument, rowsOf, sectionOf } from './fences.ts';

const document = readDocument('docs/plugins.md');
const api = readDocument('src/plugin-host/api.ts') + readDocument('src/plugin-host/plugin-context.ts');

/** The members of a type in the plugin API, by name. */
function membersOf(type: string): string[] {
  const start = api.indexOf(`export type ${type}<`);
  const body = api.slice(start, api.indexOf('\n};', start));
  return [...body.matchAll(/^ {2}(\w+)[?(:<]/gm)].map(([, name]) => name ?? '');
}

test('the table of hooks names every hook with its kind and its sentence', () => {
  const [, ...rows] = rowsOf(sectionOf(document, '## Hooks'));
  const told = Object.fromEntries(
    rows.map(([name = '', kind, , about]) => [namesIn(name)[0], { kind, about }]),
  );

  expect(told).toEqual(hookCatalogue);
});

test('the table of the declaration names every member', () => {
  const [, ...rows] = rowsOf(sectionOf(document, '## The declaration'));

  expect(rows.map(([name = '']) => namesIn(name)[0]).sort()).toEqual(membersOf('PluginDefinition').sort());
});

test('the tables of the context name every member and every permission', () => {
  const rows = rowsOf(sectionOf(document, '## What a plugin is handed'));
  const names = rows.flatMap(([name = '']) => namesIn(name)).map((name) => name.replace(/\(.*/, ''));

  expect(names.sort()).toEqual([...membersOf('BaseContext'), ...permissionNames].sort());
});

test('the table of permissions names what each gives', () => {
  const capabilities = readDocument('src/plugin-host/capabilities.ts');
  const rows = rowsOf(sectionOf(document, '## What a plugin is handed'));
  for (const permission of permissionNames) {
    const [, block = ''] =
      new RegExp(`^  ${permission}: \\{\\n([\\s\\S]*?)^  \\};`, 'm').exec(capabilities) ?? [];
    const members = [...block.matchAll(/^ {4}(\w+)[?(:<]/gm)].map(([, name]) => name ?? '');
    const told = rows.find(([name = '']) => name === `\`${permission}\``)?.[1] ?? '';
    const names = namesIn(told).map((name) => name.replace(/\W.*/, ''));

    expect(names, permission).toEqual(expect.arrayContaining(members));
  }
});

test('every link within the page leads to a heading', () => {
  const headings = [...document.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [, target] of document.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(target);
});
