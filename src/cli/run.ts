import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { type Core, createCore } from '../core.ts';
import type { Deps } from '../deps.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { createLog } from '../log.ts';
import { isSetUp } from '../setup/set-up-site.ts';
import type { User } from '../users/user.ts';
import { findUserByUsername } from '../users/user-store.ts';
import { forPeople } from './layout.ts';
import { UsageError } from './usage-error.ts';

/** Opens the blog's core for one command; the log is for what goes wrong only. */
export async function withCore<T>(work: (core: Core) => Promise<T>): Promise<T> {
  const config = readConfig();
  const core = await createCore(config, { log: createLog('silent') });
  try {
    return await work(core);
  } finally {
    await core.close();
  }
}

/** The same, for commands that make sense only once there is a blog. */
export async function withBlog<T>(work: (deps: Deps, core: Core) => Promise<T>): Promise<T> {
  return withCore(async (core) => {
    if (!(await isSetUp(core.deps.db)))
      throw new ConflictError(
        'setup.missing',
        'The blog is not set up yet. Run outpost setup, or open the set-up link from the log.',
      );
    return work(core.deps, core);
  });
}

/** What people are told otherwise than scripts are. */
type ToPeople = {
  /** Said besides what a record holds. */
  more?: object;
  /** A sentence below the result: what comes next. */
  next?: string | null;
  /** The result in a layout of its own. */
  text?: string;
};

/** Prints a result: as one JSON document with --json, else as a table or lines for people. */
export function print(command: Command, value: unknown, { more = {}, next, text }: ToPeople = {}): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  if (json) {
    process.stdout.write(`${JSON.stringify(value ?? null, null, 2)}\n`);
    return;
  }
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const told = text ?? forPeople(isRecord ? { ...value, ...more } : value);
  process.stdout.write(next ? `${told}\n\n${next}\n` : `${told}\n`);
}

/** Adds `--limit` and `--after` to a command that lists. */
export function asList(command: Command): Command {
  return command
    .option('--limit <number>', 'how many at most, up to 10,000', '50')
    .option('--after <id>', 'those after this one');
}

/** @throws InvalidError for a limit that is no number from 1 to 10,000 */
export function readList(options: { limit: string; after?: string }): {
  limit: number;
  after: string | undefined;
} {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new UsageError(`--limit ${options.limit} cannot be used: give a number from 1 to 10000.`);
  return { limit, after: options.after };
}

/** The user with that name. */
export async function userNamed(deps: Pick<Deps, 'db'>, username: string): Promise<User> {
  const user = await findUserByUsername(deps.db, username.replace(/^@/, ''));
  if (!user) throw new NotFoundError('user.not_found', `There is no user ${username}.`);
  return user;
}

/** For options that may be given several times. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
