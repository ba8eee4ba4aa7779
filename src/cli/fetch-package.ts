import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ConflictError, NotFoundError } from '../errors.ts';

/** `outpost-plugin-name`, with or without `@version`. */
const packageName = /^(outpost-plugin-[a-z0-9][a-z0-9-]*)(?:@[\w.^~<>=*-]+)?$/;

/** Whether this names a package of npm that can hold a plugin. */
export function isPackage(source: string): boolean {
  return packageName.test(source);
}

const deadlineMs = 180_000;
const flags = [
  ...['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--no-save', '--legacy-peer-deps'],
  ...['--omit=dev', '--omit=peer', '--loglevel=error', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'],
];

/** What npm's complaint means, in a sentence. */
function sentence(source: string, complaint: string): string {
  if (/\bE404\b|ETARGET|is not in this registry|No matching version/.test(complaint))
    return `npm knows no package ${source}.`;
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ECONNRESET|network/i.test(complaint))
    return `npm cannot reach its registry, so ${source} was not fetched. Look at the network, or name a folder.`;
  const [line] = complaint
    .split('\n')
    .map((text) => text.replace(/^npm (?:error|ERR!)\s*/, '').trim())
    .filter((text) => text !== '' && !text.startsWith('code '));
  return `npm could not fetch ${source}: ${line ?? 'it did not say why'}.`;
}

function runNpm(source: string, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      'npm',
      ['install', ...flags, '--prefix', folder, source],
      { cwd: folder, timeout: deadlineMs, maxBuffer: 8 * 1024 * 1024 },
      (error, _stdout, stderr) => {
        if (!error) return resolve();
        const isMissing = 'code' in error && error.code === 'ENOENT';
        const text = isMissing
          ? 'npm is not installed here, so no package can be fetched. Name a folder.'
          : sentence(source, stderr || error.message);
        reject(
          /knows no package/.test(text)
            ? new NotFoundError('plugin.package', text)
            : new ConflictError('plugin.npm', text),
        );
      },
    );
  });
}

/**
 * Fetches a package from npm with what it depends on, runs none of its scripts, and hands over the folder that holds it
 * all; the folder is removed afterwards.
 * @throws NotFoundError, ConflictError in one sentence where npm cannot
 */
export async function withPackage<T>(source: string, work: (folder: string) => Promise<T>): Promise<T> {
  const name = packageName.exec(source)?.[1] ?? '';
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'outpost-package-'));
  try {
    await runNpm(source, temporary);
    const modules = path.join(temporary, 'node_modules');
    const folder = path.join(temporary, name);
    renameSync(path.join(modules, name), folder);
    // What it depends on comes to lie inside of it, below what it brought along itself.
    const inner = path.join(folder, 'node_modules');
    mkdirSync(inner, { recursive: true });
    const own = new Set(readdirSync(inner));
    for (const entry of readdirSync(modules))
      if (!own.has(entry)) renameSync(path.join(modules, entry), path.join(inner, entry));
    return await work(folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
