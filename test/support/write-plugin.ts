import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-plugin-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files below a folder; gives the folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

/**
 * Writes a plugin whose declaration has these members besides the ones that each must have; gives its folder.
 * @param members TypeScript, as it stands between the braces of `definePlugin({ … })`
 */
export function writePlugin(
  id: string,
  members = '',
  { parent = temporaryFolder(), above = '' }: { parent?: string; above?: string } = {},
): string {
  const declaration = `id: '${id}', name: '${id}', version: '1.0.0', apiVersion: 1,`;
  return writeFiles(path.join(parent, id), {
    'plugin.ts': `import * as outpost from 'outpost/plugin';\n${above}\nexport default outpost.definePlugin({ ${declaration}\n${members}\n});\n`,
  });
}
