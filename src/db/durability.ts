import { AsyncLocalStorage } from 'node:async_hooks';

const level = new AsyncLocalStorage<'safe' | 'repeatable'>();

/**
 * Runs work that is done again where the power fails in its midst, because what asked for it is safe already. Its
 * commits need not wait for the disk: they reach it in order, with the next that does. A crash of the process alone
 * loses nothing in either case. SQLite only.
 */
export function repeatable<T>(work: () => T): T {
  return level.run('repeatable', work);
}

/** Runs work whose commits are on the disk when they return, inside of work that is repeatable too. */
export function safe<T>(work: () => T): T {
  return level.run('safe', work);
}

/** Whether what is written now may be lost with the power. */
export function isRepeatable(): boolean {
  return level.getStore() === 'repeatable';
}
