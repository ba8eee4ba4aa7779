import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Counters } from './db/counters.ts';
import type { Database, Dialect } from './db/open.ts';
import type { Failpoint } from './failpoints.ts';
import type { Hooks } from './hooks/hooks.ts';
import type { Jobs } from './jobs/worker.ts';
import type { Logger } from './log.ts';
import type { SafeFetch } from './net/safe-fetch.ts';
import type { Secrets } from './secrets.ts';

/** What use cases work with. Each takes these as its first argument and uses what it needs. */
export type Deps = {
  config: Config;
  db: Database;
  dialect: Dialect;
  /** Resolves when what was committed is on the disk. */
  flush(): Promise<void>;
  clock: Clock;
  log: Logger;
  hooks: Hooks;
  jobs: Jobs;
  counters: Counters;
  fetch: SafeFetch;
  secrets: Secrets;
  failpoint: Failpoint;
};
