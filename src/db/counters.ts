import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Database } from './open.ts';
import { afterCommit } from './transaction.ts';

/**
 * Numbers that grow when what they name has changed: `site` for what is on every page, `post:ID` for
 * one post's page. A ready page is good as long as its numbers are. The database has the truth; this
 * process keeps a copy, renewed by its own commits and by `refresh`.
 */
export type Counters = {
  /** Says, in the caller's transaction, that these have changed. */
  bump(trx: Database, ...names: string[]): Promise<void>;
  /** The number as this process knows it; 0 for what never changed. */
  get(name: string): number;
  /** Grows whenever any number grows in this process's eyes. */
  generation(): number;
  /** Reads what other processes have changed. Tells whether anything had. */
  refresh(): Promise<boolean>;
};

/** Makes the counters; call `refresh` once before use. */
export function createCounters(db: Database, clock: Clock): Counters {
  const values = new Map<string, number>();
  let seenUntil = '';
  let generation = 0;

  async function refresh(): Promise<boolean> {
    // A commit may become visible later than its time says.
    const since = seenUntil && new Date(Date.parse(seenUntil) - 5000).toISOString();
    const rows = await db.selectFrom('counters').selectAll().where('changed_at', '>=', since).execute();
    let changed = false;
    for (const row of rows) {
      if ((values.get(row.name) ?? 0) < row.value) {
        values.set(row.name, row.value);
        changed = true;
        generation += 1;
      }
      if (row.changed_at > seenUntil) seenUntil = row.changed_at;
    }
    return changed;
  }

  /** Never before what is known already: a process whose clock is behind would change what nobody looks for any more. */
  function stamp(): string {
    const now = clock.iso();
    return now > seenUntil ? now : seenUntil;
  }

  return {
    async bump(trx, ...names) {
      for (const name of names) {
        const changed_at = stamp();
        const row = await trx
          .insertInto('counters')
          .values({ name, value: 1, changed_at })
          .onConflict((conflict) =>
            conflict.column('name').doUpdateSet({ value: sql<number>`counters.value + 1`, changed_at }),
          )
          .returning('value')
          .executeTakeFirstOrThrow();
        afterCommit(trx, () => {
          generation += 1;
          if ((values.get(name) ?? 0) < row.value) values.set(name, row.value);
        });
      }
    },
    generation: () => generation,
    get: (name) => values.get(name) ?? 0,
    refresh,
  };
}
