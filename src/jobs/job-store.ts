import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db/open.ts';
import type { JobRow, Schema } from '../db/schema.ts';
import { newId } from '../ids.ts';
import type { Job, JobInput } from './job.ts';

/** Adds a job, or hurries the one that waits under the same unique key. */
export async function insertJob(db: Kysely<Schema>, input: JobInput, now: string): Promise<void> {
  await insertJobs(db, [input], now);
}

/** Adds many jobs in as few statements as possible. */
export async function insertJobs(
  db: Kysely<Schema>,
  inputs: readonly JobInput[],
  now: string,
): Promise<void> {
  for (let start = 0; start < inputs.length; start += 200) {
    const rows = inputs.slice(start, start + 200).map((input) => ({
      id: newId(),
      kind: input.kind,
      payload: JSON.stringify(input.payload ?? null),
      subject: input.subject ?? null,
      unique_key: input.uniqueKey ?? null,
      state: 'queued',
      run_at: input.runAt?.toISOString() ?? now,
      attempts: 0,
      max_attempts: input.maxAttempts ?? 10,
      claimed_by: null,
      run_again: 0,
      last_error: null,
      created_at: now,
    }));
    const earlier = sql<string>`case when jobs.run_at < excluded.run_at then jobs.run_at else excluded.run_at end`;
    await db
      .insertInto('jobs')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['kind', 'unique_key'])
          .where(sql<boolean>`state <> 'dead'`)
          .doUpdateSet({
            payload: (eb) => eb.ref('excluded.payload'),
            // While it runs, the moment is kept for the run after this one.
            run_at: sql<string>`case when jobs.state = 'running' and jobs.run_again = 0 then excluded.run_at else ${earlier} end`,
            run_again: sql<number>`case when jobs.state = 'running' then 1 else 0 end`,
          }),
      )
      .execute();
  }
}

/** The kinds that have something waiting, and since or until when. */
export async function waitingKinds(db: Kysely<Schema>): Promise<{ kind: string; runAt: string }[]> {
  const rows = await db
    .selectFrom('jobs')
    .select((eb) => ['kind', eb.fn.min('run_at').as('run_at')])
    .where('state', '=', 'queued')
    .groupBy('kind')
    .execute();
  return rows.map((row) => ({ kind: row.kind, runAt: row.run_at }));
}

/** When the first waiting job of a kind may run; null where none waits. */
export async function nextRunAt(db: Kysely<Schema>, kind: string): Promise<string | null> {
  const row = await db
    .selectFrom('jobs')
    .select('run_at')
    .where('state', '=', 'queued')
    .where('kind', '=', kind)
    .orderBy('run_at')
    .limit(1)
    .executeTakeFirst();
  return row?.run_at ?? null;
}

/** Takes up to `limit` due jobs of one kind for a node, oldest first; for each subject only the first. */
export async function claimJobs(
  db: Kysely<Schema>,
  {
    kind,
    node,
    now,
    limit,
    dialect,
  }: { kind: string; node: string; now: string; limit: number; dialect: Dialect },
): Promise<Job[]> {
  const skipLocked = dialect === 'postgres' ? sql`for update skip locked` : sql``;
  const { rows } = await sql<JobRow>`
    update jobs set state = 'running', claimed_by = ${node}, attempts = attempts + 1
    where seq in (
      select j.seq from jobs j
      where j.state = 'queued' and j.kind = ${kind} and j.run_at <= ${now}
        and (j.subject is null or not exists (
          select 1 from jobs o where o.kind = j.kind and o.subject = j.subject and o.seq < j.seq and o.state in ('queued', 'running')))
      order by j.run_at, j.seq limit ${limit} ${skipLocked})
    returning *`.execute(db);
  return rows.sort((a, b) => Number(a.seq) - Number(b.seq)).map(toJob);
}

function toJob(row: Omit<JobRow, 'seq'>): Job {
  return {
    id: row.id,
    kind: row.kind,
    payload: JSON.parse(row.payload),
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    createdAt: row.created_at,
  };
}

/** Removes jobs that are done; one that was asked for again meanwhile goes back to waiting. */
export async function finishJobs(db: Kysely<Schema>, ids: readonly string[]): Promise<void> {
  const gone = await db
    .deleteFrom('jobs')
    .where('id', 'in', ids)
    .where('run_again', '=', 0)
    .executeTakeFirst();
  if (Number(gone.numDeletedRows) === ids.length) return;
  await db
    .updateTable('jobs')
    .set({ state: 'queued', claimed_by: null, run_again: 0, attempts: 0 })
    .where('id', 'in', ids)
    .execute();
}

/** Puts a running job back, to run at `runAt` or earlier if it was asked for meanwhile. */
export async function requeueJob(
  db: Kysely<Schema>,
  id: string,
  { runAt, error, countAttempt }: { runAt: string; error: string | null; countAttempt: boolean },
): Promise<void> {
  await db
    .updateTable('jobs')
    .set((eb) => ({
      state: 'queued',
      claimed_by: null,
      run_at: sql<string>`case when run_again = 1 and run_at < ${runAt} then run_at else ${runAt} end`,
      run_again: 0,
      last_error: error,
      attempts: countAttempt
        ? eb.ref('attempts')
        : sql<number>`case when attempts > 0 then attempts - 1 else 0 end`,
    }))
    .where('id', '=', id)
    .execute();
}

/** Gives a job up: it stays for a person to look at and to try again. */
export async function buryJob(db: Kysely<Schema>, id: string, error: string): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ state: 'dead', claimed_by: null, last_error: error })
    .where('id', '=', id)
    .execute();
}

/** Gives back whatever is held by nodes that are not alive any more. */
export async function freeOrphans(db: Kysely<Schema>, aliveAfter: string): Promise<number> {
  const result = await db
    .updateTable('jobs')
    .set({ state: 'queued', claimed_by: null })
    .where('state', '=', 'running')
    .where('claimed_by', 'not in', (eb) =>
      eb.selectFrom('nodes').select('id').where('heartbeat_at', '>', aliveAfter),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** How many jobs wait, run and were given up, and how old the oldest waiting one is. */
export async function queueDepth(
  db: Kysely<Schema>,
): Promise<{ queued: number; running: number; dead: number; oldestDueAt: string | null }> {
  const rows = await db
    .selectFrom('jobs')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count'), eb.fn.min('run_at').as('oldest')])
    .groupBy('state')
    .execute();
  const of = (state: string) => rows.find((row) => row.state === state);
  return {
    queued: Number(of('queued')?.count ?? 0),
    running: Number(of('running')?.count ?? 0),
    dead: Number(of('dead')?.count ?? 0),
    oldestDueAt: of('queued')?.oldest ?? null,
  };
}

/** Jobs that were given up, newest first, for the admin. */
export async function deadJobs(db: Kysely<Schema>, limit: number): Promise<(Job & { lastError: string })[]> {
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('state', '=', 'dead')
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...toJob(row), lastError: row.last_error ?? '' }));
}

/** Tries a job again that was given up. */
export async function reviveJob(db: Kysely<Schema>, id: string, now: string): Promise<boolean> {
  const result = await db
    .updateTable('jobs')
    .set({ state: 'queued', attempts: 0, run_at: now, last_error: null })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}
