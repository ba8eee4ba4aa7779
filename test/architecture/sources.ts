import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The project's folder. */
export const root = path.resolve(import.meta.dirname, '../..');

/** A file of the project; `path` is below the project's folder. */
export type Source = { path: string; text: string };

/** What a file imports: as written, and below the project's folder where it is a file of ours. */
export type Import = { from: string; specifier: string; target: string | null; isType: boolean };

/** The files below these folders, with one of these endings. */
export function readSources(folders: readonly string[], endings: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .filter((file) => !file.split(path.sep).includes('node_modules'))
      .map((file) => ({ path: file, text: readFileSync(path.join(root, file), 'utf8') })),
  );
}

const statement =
  /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)|\bimport\.meta\.resolve\('([^']+)'\)/gm;

/** All imports of a file, those of types and those made while it runs included. */
export function importsOf({ path: from, text }: Source): Import[] {
  return [...text.matchAll(statement)].map(([, type, ...specifiers]) => {
    const specifier = specifiers.find((found) => found !== undefined) ?? '';
    const target = specifier.startsWith('.') ? path.join(path.dirname(from), specifier) : null;
    return { from, specifier, target, isType: type !== undefined };
  });
}
