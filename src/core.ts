import { type Clock, createClock } from './clock.ts';
import type { Config } from './config.ts';
import { prepareDataFolder, requireKeptDatabase } from './data-folder.ts';
import { coreMigrations } from './db/core-migrations.ts';
import { createCounters } from './db/counters.ts';
import { migrate } from './db/migrate.ts';
import { type OpenDatabase, openDatabase } from './db/open.ts';
import { requireAnswer } from './db/require-answer.ts';
import type { Deps } from './deps.ts';
import { createFailpoint } from './failpoints.ts';
import { createHooks } from './hooks/hooks.ts';
import { createJobs } from './jobs/worker.ts';
import { createLog, type Logger } from './log.ts';
import type { SafeFetch } from './net/safe-fetch.ts';
import { openSecrets } from './secrets.ts';
import { requireKeptOrigin } from './settings/kept-origin.ts';

/** What tests may put in place of the real thing. */
export type Overrides = { clock?: Clock; log?: Logger };

/** Everything below the pages: the database, the queue, the hooks. Commands work with this alone. */
export type Core = { deps: Deps; database: OpenDatabase; close(): Promise<void> };

/** The bounded fetch, read and opened at the first request: most commands make none. */
function fetchWhenNeeded(config: Config): SafeFetch & { close(): Promise<void> } {
  let opened: Promise<SafeFetch & { close(): Promise<void> }> | null = null;
  const open = async () => {
    const { createSafeFetch } = await import('./net/safe-fetch.ts');
    const userAgent = `Outpost/${config.version} (+${config.origin}/)`;
    return createSafeFetch({ userAgent, allow: config.privateNetwork, hosts: config.hosts });
  };
  const fetch: SafeFetch = async (url, request) => {
    opened ??= open();
    return (await opened)(url, request);
  };
  return Object.assign(fetch, { close: async () => (await opened)?.close() });
}

/** Opens the core and brings its tables up to date. */
export async function createCore(config: Config, overrides: Overrides = {}): Promise<Core> {
  const log = overrides.log ?? createLog(config.logLevel);
  prepareDataFolder(config, log);
  requireKeptDatabase(config);
  const clock = overrides.clock ?? createClock(config.clockOffsetSeconds);
  const database = await openDatabase(config, (error) =>
    log.warn({ err: error }, 'a connection to the database was lost'),
  );
  const { db, dialect, flush } = database;
  if (config.databaseUrl) await requireAnswer(db, config.databaseUrl);
  await migrate(db, 'core', coreMigrations);
  await requireKeptOrigin(db, config.origin);
  const jobs = createJobs({ db, dialect, clock, log });
  const hooks = createHooks({ db, jobs, log, trace: config.traceHooks });
  const counters = createCounters(db, clock);
  await counters.refresh();
  const fetch = fetchWhenNeeded(config);
  const secrets = openSecrets(config.dataFolder);
  const failpoint = createFailpoint(config.faults);
  const deps: Deps = {
    config,
    db,
    dialect,
    flush,
    clock,
    log,
    hooks,
    jobs,
    counters,
    fetch,
    secrets,
    failpoint,
  };
  return {
    deps,
    database,
    async close() {
      await fetch.close();
      await database.close();
    },
  };
}
