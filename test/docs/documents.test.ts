import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { runCommandLine } from '../../src/cli.ts';
import { namesIn, readDocument, root, rowsOf, sectionOf } from './fences.ts';

const inFolder = (folder: string) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name));

const documents = [
  ...inFolder('.'),
  ...inFolder('docs'),
  ...inFolder('docs/decisions'),
  'plugins/federation/FEDERATION.md',
];

test.each(documents)('every link of %s leads to something that is there', (name) => {
  const targets = [...readDocument(name).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  for (const target of targets.filter((one) => !/^(https?:|mailto:|#)/.test(one))) {
    const [file = '', heading] = target.split('#');
    const place = path.join(path.dirname(name), file);
    expect(existsSync(path.join(root, place)), `${target} in ${name}`).toBe(true);
    if (heading === undefined) continue;
    const headings = [...readDocument(place).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(headings, `${target} in ${name}`).toContain(heading);
  }
});

test('the README names every variable that is read from the environment', () => {
  const read = [
    ...readDocument('src/config.ts').matchAll(/'((?:OUTPOST_|DATABASE_|LOG_)[A-Z_]+|PORT|HOST)'/g),
  ];
  const section = sectionOf(readDocument('README.md'), '## Settings from the environment');

  expect(
    [
      ...new Set(namesIn(section).filter((name) => /^[A-Z][A-Z_]+$/.test(name) && name !== 'NODE_ENV')),
    ].sort(),
  ).toEqual([...new Set(read.map(([, name]) => name))].sort());
  for (const [name = '', value = ''] of rowsOf(section).slice(1)) expect([name, value]).not.toContain('');
});

/** What `outpost … --help` prints. */
async function helpOf(...words: string[]): Promise<string> {
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await runCommandLine(['node', 'outpost', ...words, '--help']);
    return printed.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    printed.mockRestore();
    process.exitCode = 0;
  }
}

test('every command in the documents exists, with the options that are shown', async () => {
  const text = documents.map(readDocument).join('\n');
  const commands = [...text.matchAll(/^npx outpost ([a-z]+)(?: ([a-z]+))?(.*)$/gm)];

  expect(commands.length).toBeGreaterThan(20);
  for (const [line, noun = '', verb, rest = ''] of commands) {
    const about = await helpOf(noun);
    const isVerb = verb !== undefined && new RegExp(`^  ${verb}\\b`, 'm').test(about);
    // A word that is no verb must be something that the command takes.
    if (!isVerb && verb !== undefined) expect(about, line).toMatch(/^Usage: .* [<[](?!options|command)/m);
    const shown = isVerb ? await helpOf(noun, verb) : about;
    expect(shown, line).toMatch(/^Usage: outpost /);
    for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(shown, line).toContain(option);
  }
});

/** The commands that a help lists. */
const commandsIn = (help: string) =>
  [...(help.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');

test('the table of commands names all that there are', async () => {
  const rows = rowsOf(sectionOf(readDocument('docs/operators.md'), '### All commands'));
  const told = new Map<string, string[]>();
  for (const [first = '', second = ''] of rows) {
    const noun = namesIn(first)[0]?.replace('outpost ', '') ?? '';
    told.set(noun, [...(told.get(noun) ?? []), ...namesIn(second)]);
  }

  expect([...told.keys()].sort()).toEqual(commandsIn(await helpOf()).sort());
  for (const [noun, verbs] of told) {
    expect(verbs.sort(), noun).toEqual(commandsIn(await helpOf(noun)).sort());
  }
});

test('every picture in the documents is in the repository', () => {
  const pictures = documents.flatMap((name) =>
    [...readDocument(name).matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g)].map(([, , file = '']) =>
      path.join(path.dirname(name), file),
    ),
  );

  expect(pictures.length).toBeGreaterThan(0);
  for (const picture of pictures) expect(existsSync(path.join(root, picture)), picture).toBe(true);
});
