import type { Kysely, Transaction } from 'kysely';

const effects = new WeakMap<object, (() => void)[]>();

/**
 * Runs `work` in one transaction. Inside it only `trx` may be used, and only for SQL: the outer
 * database does not answer until the transaction is over, and a fetch would stop every other query.
 * What was handed to `afterCommit` runs once the change is safe, and not at all if it is rolled back.
 */
export async function inTransaction<S, T>(
  db: Kysely<S>,
  work: (trx: Transaction<S>) => Promise<T>,
): Promise<T> {
  let queued: (() => void)[] = [];
  const result = await db.transaction().execute(async (trx) => {
    queued = [];
    effects.set(trx, queued);
    return work(trx);
  });
  for (const effect of queued) effect();
  return result;
}

/** Runs `effect` after the transaction's commit; at once where `db` is no transaction of `inTransaction`. */
export function afterCommit(db: object, effect: () => void): void {
  const queued = effects.get(db);
  if (queued) queued.push(effect);
  else effect();
}
