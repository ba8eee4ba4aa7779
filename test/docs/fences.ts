import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The project's folder. */
export const root = path.resolve(import.meta.dirname, '../..');

/** A block of code in a document: its language, the file it is to be written to, and the code. */
export type Fence = { language: string; file: string | null; code: string };

/** A document of the project. */
export function readDocument(name: string): string {
  return readFileSync(path.join(root, name), 'utf8');
}

/** The blocks of code of a document, in order. */
export function fencesOf(markdown: string): Fence[] {
  return [...markdown.matchAll(/^```(\w+)?(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language, file, code]) => ({
      language: language ?? '',
      file: file ?? null,
      code: code ?? '',
    }),
  );
}

/** What stands below a heading, up to the next heading of the same rank. */
export function sectionOf(markdown: string, heading: string): string {
  const rank = /^#+/.exec(heading)?.[0] ?? '#';
  const start = markdown.indexOf(`\n${heading}\n`);
  if (start === -1) throw new Error(`There is no heading ${heading}.`);
  const rest = markdown.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${rank.length}} `, 'm'));
  return end === -1 ? rest : rest.slice(0, end);
}

/** The rows of the tables in a text, as cells. */
export function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[-| ]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The names in code marks in a cell. */
export function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
}
