import type { Deps } from '../../src/deps.ts';

/** The names of the events that wait in the queue, in order. */
export async function eventsOf({ db }: Pick<Deps, 'db'>): Promise<string[]> {
  const rows = await db
    .selectFrom('jobs')
    .select('payload')
    .where('kind', '=', 'event')
    .orderBy('seq')
    .execute();
  return rows.map((row) => String(JSON.parse(row.payload).name));
}
