import { accessSync, constants, statSync } from 'node:fs';
import type { Command } from 'commander';
import { sql } from 'kysely';
import { migrate } from '../db/migrate.ts';
import type { Deps } from '../deps.ts';
import { failpointNames } from '../failpoints.ts';
import { deadJobs, queueDepth, reviveJob } from '../jobs/job-store.ts';
import { createContext } from '../plugin-host/context.ts';
import { withinDeadline } from '../plugin-host/deadline.ts';
import { decideFirstStates } from '../plugin-host/first-states.ts';
import { loadPlugins } from '../plugin-host/load.ts';
import { pluginStates } from '../plugin-host/plugin-store.ts';
import { isSetUp } from '../setup/set-up-site.ts';
import { type Finding, findingsForPeople } from './layout.ts';
import { print, withCore } from './run.ts';

const pluginCheckMs = 20_000;

const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail, remedy: null });

async function checkDatabase({ db, dialect }: Deps): Promise<Finding> {
  if (dialect === 'postgres') {
    await sql`select 1`.execute(db);
    return ok('database', 'PostgreSQL answers.');
  }
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check`.execute(db);
  const text = rows.map((row) => row.quick_check).join('; ');
  if (text === 'ok') return ok('database', 'The SQLite file is whole.');
  return {
    check: 'database',
    status: 'error',
    detail: text,
    remedy: 'Stop the blog and restore the newest backup.',
  };
}

function checkFolder({ config }: Deps): Finding {
  accessSync(config.dataFolder, constants.R_OK | constants.W_OK);
  const mode = statSync(config.dataFolder).mode & 0o777;
  if ((mode & 0o077) === 0) return ok('data folder', `${config.dataFolder} is for its owner alone.`);
  return {
    check: 'data folder',
    status: 'warning',
    detail: `Others on this machine can look into ${config.dataFolder}.`,
    remedy: `chmod 700 ${config.dataFolder}`,
  };
}

function checkOrigin({ config }: Deps): Finding {
  const { hostname, protocol } = new URL(config.origin);
  if (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]') {
    return {
      check: 'address',
      status: 'warning',
      detail: `${config.origin} is this machine alone; nobody outside can follow.`,
      remedy: 'Set OUTPOST_URL to the public address before the first post goes out.',
    };
  }
  if (protocol === 'http:') {
    return {
      check: 'address',
      status: 'warning',
      detail: `${config.origin} is not encrypted; most other servers will not talk to it.`,
      remedy: 'Put a proxy with HTTPS in front, and set OUTPOST_URL to the https address.',
    };
  }
  return ok('address', config.origin);
}

async function checkQueue({ db }: Deps): Promise<Finding> {
  const { queued, running, dead } = await queueDepth(db);
  const detail = `${queued} waiting, ${running} running, ${dead} given up`;
  const [last] = await deadJobs(db, 1);
  if (!last) return ok('queue', `${detail}.`);
  return {
    check: 'queue',
    status: 'warning',
    detail: `${detail}, the last for this reason: ${last.lastError}`,
    remedy: 'Mend the reason, then run outpost doctor --fix: it has all of them tried again.',
  };
}

const mostRevived = 10_000;

/** Does what can be done without asking: what was given up is tried again. */
async function fix({ db, clock }: Deps): Promise<void> {
  for (const job of await deadJobs(db, mostRevived)) await reviveJob(db, job.id, clock.iso());
}

async function checkPlugins(deps: Deps): Promise<Finding[]> {
  await decideFirstStates(deps);
  const states = await pluginStates(deps.db);
  const checks: Finding[] = [];
  for (const { id, definition, error, folder } of await loadPlugins(deps.config)) {
    const problem = error ?? states.get(id)?.error ?? null;
    if (problem)
      checks.push({
        check: `plugin ${id}`,
        status: 'error',
        detail: problem,
        remedy: `Mend it, then run outpost plugin enable ${id}.`,
      });
    if (!definition || !states.get(id)?.enabled || problem) continue;
    if (definition.migrations) await migrate(deps.db, id, definition.migrations);
    const context = createContext(deps, { definition, folder }, () => null);
    for (const { name, run } of definition.health ?? []) {
      const check = `${id}: ${name}`;
      const work = async () => {
        const { status, detail, remedy } = await run(context as never);
        return { check, status, detail, remedy: remedy ?? null };
      };
      checks.push(...(await attempt(check, () => withinDeadline(check, pluginCheckMs, work))));
    }
  }
  return checks;
}

/** Runs one check; what it throws is its result. */
async function attempt(
  check: string,
  work: () => Promise<Finding | Finding[]> | Finding,
): Promise<Finding[]> {
  try {
    return [await work()].flat();
  } catch (error) {
    return [
      {
        check,
        status: 'error',
        detail: error instanceof Error ? error.message : String(error),
        remedy: null,
      },
    ];
  }
}

/** `outpost doctor` */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look whether everything is in order')
    .option('--fix', 'have what was given up in the queue tried again')
    .option('--failpoints', 'list the places that tests of faults can make fail')
    .action((options: { fix?: boolean; failpoints?: boolean }, command: Command) =>
      withCore(async ({ deps }) => {
        if (options.failpoints)
          return print(
            command,
            [
              ...failpointNames,
              ...(await loadPlugins(deps.config)).flatMap(({ definition }) => definition?.failpoints ?? []),
            ].map((name) => ({ name })),
          );
        if (options.fix) await fix(deps);
        const setUp = (await isSetUp(deps.db))
          ? ok('set-up', 'The blog is set up.')
          : {
              check: 'set-up',
              status: 'warning' as const,
              detail: 'The blog is not set up yet.',
              remedy: 'Open the set-up link from the log, or run outpost setup.',
            };
        const checks = [
          setUp,
          ...(await attempt('database', () => checkDatabase(deps))),
          ...(await attempt('data folder', () => checkFolder(deps))),
          ...(await attempt('address', () => checkOrigin(deps))),
          ...(await attempt('queue', () => checkQueue(deps))),
          ...(await attempt('plugins', () => checkPlugins(deps))),
        ];
        print(command, checks, { text: findingsForPeople(checks) });
        if (checks.some((check) => check.status === 'error')) process.exitCode = 1;
      }),
    );
}
