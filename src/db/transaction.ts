import { setTimeout } from 'node:timers/promises';
import { type Kysely, PostgresAdapter, type Transaction } from 'kysely';

const effects = new WeakMap<object, (() => void)[]>();

const maxTries = 12;

/** Whether PostgreSQL asks to try the whole transaction again: others changed what it had read, or each waited for the other. */
function isCollision(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40001' || error.code === '40P01');
}

/**
 * Runs `work` in one transaction, as if no other ran at the same time; on PostgreSQL it may therefore be run more
 * than once. Inside it only `trx` may be used, and only for SQL: the outer database does not answer until the
 * transaction is over, and a fetch would stop every other query. What was handed to `afterCommit` runs once the
 * change is safe, and not at all if it is rolled back.
 */
export async function inTransaction<S, T>(
  db: Kysely<S>,
  work: (trx: Transaction<S>) => Promise<T>,
): Promise<T> {
  // SQLite has one writer at a time and needs no more than that.
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  for (let tries = 1; ; tries += 1) {
    const queued: (() => void)[] = [];
    const transaction = isPostgres ? db.transaction().setIsolationLevel('serializable') : db.transaction();
    try {
      const result = await transaction.execute(async (trx) => {
        effects.set(trx, queued);
        return work(trx);
      });
      for (const effect of queued) effect();
      return result;
    } catch (error) {
      if (!isCollision(error) || tries >= maxTries) throw error;
      await setTimeout(Math.random() * 10 * tries);
    }
  }
}

/** Runs `effect` after the transaction's commit; at once where `db` is no transaction of `inTransaction`. */
export function afterCommit(db: object, effect: () => void): void {
  const queued = effects.get(db);
  if (queued) queued.push(effect);
  else effect();
}
