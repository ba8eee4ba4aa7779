import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db/open.ts';
import type { JobRow, Schema } from '../db/schema.ts';
import { newId } from '../ids.ts';
import type { Job, JobInput } from './job.ts';

/** Of jobs with the same unique key the last, at the earliest of their moments: a statement may touch each row once. */
function withoutRepeats(inputs: readonly JobInput[]): JobInput[] {
  const kept = new Map<string, JobInput>();
  for (const [index, input] of inputs.entries()) {
    const key = input.uniqueKey === undefined ? `${index}` : `${input.kind} ${input.uniqueKey}`;
    const before = kept.get(key);
    const isLater = before !== undefined && (before.runAt?.getTime() ?? 0) < (input.runAt?.getTime() ?? 0);
    kept.set(key, isLater ? { ...input, runAt: before.runAt } : input);
  }
  return [...kept.values()];
}

/** Adds jobs in as few statements as possible; one that waits under the same unique key is hurried instead. */
export async function insertJobs(
  db: Kysely<Schema>,
  inputs: readonly JobInput[],
  now: string,
): Promise<void> {
  const wanted = withoutRepeats(inputs);
  for (let start = 0; start < wanted.length; start += 200) {
    const rows = wanted.slice(start, start + 200).map((input) => ({
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

/** That no earlier job `o` of the subject of `j` waits or runs. */
const isFirstOfSubject = sql<boolean>`(j.subject is null or not exists (
  select 1 from jobs o where o.kind = j.kind and o.subject = j.subject and o.seq < j.seq and o.state in ('queued', 'running')))`;

/** Whether a job of these kinds could be begun now. */
export async function hasDueJob(db: Kysely<Schema>, kinds: readonly string[], now: string): Promise<boolean> {
  if (kinds.length === 0) return false;
  const { rows } = await sql`
    select 1 from jobs j
    where j.state = 'queued' and j.kind in (${sql.join(kinds)}) and j.run_at <= ${now} and ${isFirstOfSubject}
    limit 1`.execute(db);
  return rows.length > 0;
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
  // Materialized, so that PostgreSQL looks once and the limit holds.
  const { rows } = await sql<JobRow>`
    with due as materialized (
      select j.seq from jobs j
      where j.state = 'queued' and j.kind = ${kind} and j.run_at <= ${now} and ${isFirstOfSubject}
      order by j.run_at, j.seq limit ${limit} ${skipLocked})
    update jobs set state = 'running', claimed_by = ${node}, attempts = attempts + 1
    where seq in (select seq from due)
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

/** Gives a job up: it stays for a person to look at and to try again. One that was asked for again meanwhile begins anew. */
export async function buryJob(db: Kysely<Schema>, id: string, error: string): Promise<void> {
  await db
    .updateTable('jobs')
    .set({
      state: sql<string>`case when run_again = 1 then 'queued' else 'dead' end`,
      attempts: sql<number>`case when run_again = 1 then 0 else attempts end`,
      run_again: 0,
      claimed_by: null,
      last_error: error,
    })
    .where('id', '=', id)
    .execute();
}

/** Gives back what a node holds but for the jobs that it still works on. */
export async function giveBackJobs(
  db: Kysely<Schema>,
  node: string,
  except: readonly string[],
): Promise<void> {
  let query = db
    .updateTable('jobs')
    .set({ state: 'queued', claimed_by: null })
    .where('claimed_by', '=', node)
    .where('state', '=', 'running');
  if (except.length > 0) query = query.where('id', 'not in', except);
  await query.execute();
}

/** Gives back whatever is held by nodes that are not alive any more. What has taken its node down each time it was tried is given up. */
export async function freeOrphans(db: Kysely<Schema>, aliveAfter: string): Promise<number> {
  const result = await db
    .updateTable('jobs')
    .set({
      state: sql<string>`case when attempts >= max_attempts then 'dead' else 'queued' end`,
      last_error: sql<string>`case when attempts >= max_attempts then 'The process ended each time it was tried.' else last_error end`,
      claimed_by: null,
    })
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

/** A job that was given up, with what was wrong the last time. */
export type DeadJob = Job & { subject: string | null; lastError: string };

/** Jobs that were given up, newest first, for the admin. */
export async function deadJobs(db: Kysely<Schema>, limit: number): Promise<DeadJob[]> {
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('state', '=', 'dead')
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...toJob(row), subject: row.subject, lastError: row.last_error ?? '' }));
}

/** How many jobs were given up. */
export async function countDeadJobs(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', '=', 'dead')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Removes a job that was given up. False where there is no such job. */
export async function dropJob(db: Kysely<Schema>, id: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('jobs')
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .executeTakeFirst();
  return Number(gone.numDeletedRows) === 1;
}

/** Tries a job again that was given up; where the same was asked for since, that one stands for both. False where there is no such job. */
export async function reviveJob(db: Kysely<Schema>, id: string, now: string): Promise<boolean> {
  const newer = sql<boolean>`exists (select 1 from jobs o where o.kind = jobs.kind and o.unique_key = jobs.unique_key and o.state <> 'dead')`;
  const dropped = await db
    .deleteFrom('jobs')
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .where(newer)
    .executeTakeFirst();
  if (Number(dropped.numDeletedRows) === 1) return true;
  const result = await db
    .updateTable('jobs')
    .set({ state: 'queued', attempts: 0, run_at: now, last_error: null })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}
