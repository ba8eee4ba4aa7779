import { setTimeout } from 'node:timers/promises';
import type SqliteDatabase from 'better-sqlite3';
import { type DatabaseConnection, type Driver, SqliteDriver } from 'kysely';
import { rememberStatements } from './statement-cache.ts';

/** How long somebody waits for another process to end its writing, in milliseconds. */
const patienceMs = 5000;
const longestPauseMs = 25;

/** Whether another process writes at this moment. Source: https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('SQLITE_BUSY')
  );
}

/** Gives the one connection to one after the other. */
function createTurns(): { take(): Promise<void>; give(): void } {
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    take() {
      if (taken) return new Promise((resolve) => waiting.push(resolve));
      taken = true;
      return Promise.resolve();
    },
    give() {
      const next = waiting.shift();
      if (next) next();
      else taken = false;
    },
  };
}

/**
 * Kysely's driver for SQLite that waits for another process's writing beside the event loop: SQLite's own waiting would
 * hold up every visitor. Between two tries the connection is lent to others, so that whoever only reads goes on.
 * The adapter beside it must say that there are several connections, or Kysely keeps this one to itself.
 */
export function createPatientDriver(sqlite: SqliteDatabase.Database): Driver {
  const inner = new SqliteDriver({ database: rememberStatements(sqlite) });
  const turns = createTurns();
  let patient: DatabaseConnection | null = null;

  function makePatient(connection: DatabaseConnection): DatabaseConnection {
    return {
      streamQuery: (...given) => connection.streamQuery(...given),
      async executeQuery(query) {
        const end = performance.now() + patienceMs;
        for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
          try {
            return await connection.executeQuery(query);
          } catch (error) {
            // Within a transaction nobody else may come in between; but there the right to write is ours already.
            if (!isBusy(error) || sqlite.inTransaction || performance.now() > end) throw error;
          }
          turns.give();
          await setTimeout(pauseMs);
          await turns.take();
        }
      },
    };
  }

  return {
    init: () => inner.init(),
    async acquireConnection() {
      await turns.take();
      try {
        patient ??= makePatient(await inner.acquireConnection());
        return patient;
      } catch (error) {
        turns.give();
        throw error;
      }
    },
    beginTransaction: (connection) => inner.beginTransaction(connection),
    commitTransaction: (connection) => inner.commitTransaction(connection),
    rollbackTransaction: (connection) => inner.rollbackTransaction(connection),
    savepoint: (...given) => inner.savepoint(...given),
    rollbackToSavepoint: (...given) => inner.rollbackToSavepoint(...given),
    releaseSavepoint: (...given) => inner.releaseSavepoint(...given),
    async releaseConnection() {
      turns.give();
    },
    destroy: () => inner.destroy(),
  };
}
