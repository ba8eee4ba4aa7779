import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, inject, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type Core, createCore } from '../../src/core.ts';
import type { Dialect } from '../../src/db/open.ts';
import { createLog } from '../../src/log.ts';
import { type MovableClock, movableClock } from './movable-clock.ts';

/** The parts below the pages, on a database of their own, with a clock that stands still. */
export type TestCore = Core['deps'] & { core: Core; clock: MovableClock };

/** Opens the core for one test; it is closed and removed when the test ends. */
export type OpenCore = (env?: Readonly<Record<string, string>>) => Promise<TestCore>;

/** The address of a new PostgreSQL database: an empty one, or one that has the core's tables already. */
export async function newPostgresUrl(what: 'empty' | 'core' = 'empty'): Promise<string> {
  const address = new URL(what === 'core' ? 'core' : '', inject('newDatabaseAt'));
  const answer = await fetch(address, { method: 'POST' });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** Opens the core for one test; on SQLite where nothing else is said. */
export async function openTestCore(
  env: Readonly<Record<string, string>> = {},
  dialect: Dialect = 'sqlite',
): Promise<TestCore> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-core-'));
  const databaseUrl = dialect === 'postgres' ? await newPostgresUrl('core') : '';
  const config = readConfig({ NODE_ENV: 'test', OUTPOST_DATA: folder, DATABASE_URL: databaseUrl, ...env });
  const clock = movableClock();
  const core = await createCore(config, { clock, log: createLog('silent') });
  onTestFinished(async () => {
    await core.deps.jobs.stop(1000);
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...core.deps, clock, core };
}

/** Runs the same tests on SQLite and on PostgreSQL. */
export function forEachDatabase(tests: (openCore: OpenCore, dialect: Dialect) => void): void {
  describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
    tests((env = {}) => openTestCore(env, dialect), dialect);
  });
}
