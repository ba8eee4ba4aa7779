import type { Transaction } from 'kysely';
import { type AuthorsElsewhere, isMeant } from '../comments/authors-elsewhere.ts';
import type { ReactionRow, Schema } from '../db/schema.ts';
import type { Deps } from '../deps.ts';

type AsideDeps = Pick<Deps, 'counters'>;
type Given = { source: string; authors: AuthorsElsewhere };

const atOnce = 200;

/** Takes the likes and boosts of these people out of sight and out of the counts. @returns how many */
export async function setReactionsAside(
  deps: AsideDeps,
  trx: Transaction<Schema>,
  { source, authors }: Given,
): Promise<number> {
  const actors = await trx
    .selectFrom('reactions')
    .select('actor_id')
    .distinct()
    .where('source', '=', source)
    .execute();
  const meant = isMeant(authors);
  const ids = actors.map((row) => row.actor_id).filter(meant);
  const posts = new Set<string>();
  let count = 0;
  for (let start = 0; start < ids.length; start += atOnce) {
    const rows = await trx
      .deleteFrom('reactions')
      .where('source', '=', source)
      .where('actor_id', 'in', ids.slice(start, start + atOnce))
      .returningAll()
      .execute();
    for (let at = 0; at < rows.length; at += atOnce) {
      const values = rows.slice(at, at + atOnce).map((row) => ({
        id: row.id,
        post_id: row.post_id,
        source,
        actor_id: row.actor_id,
        content: JSON.stringify(row),
      }));
      await trx.insertInto('reactions_aside').values(values).execute();
    }
    for (const row of rows) posts.add(row.post_id);
    count += rows.length;
  }
  await deps.counters.bump(trx, ...[...posts].map((id) => `post:${id}`));
  return count;
}

/** Counts again what was set aside of these people, but for those who are still meant otherwise. @returns how many */
export async function bringReactionsBack(
  deps: AsideDeps,
  trx: Transaction<Schema>,
  { source, authors, except }: Given & { except: AuthorsElsewhere },
): Promise<number> {
  const [meant, kept] = [isMeant(authors), isMeant(except)];
  const all = await trx.selectFrom('reactions_aside').selectAll().where('source', '=', source).execute();
  const back = all.filter((row) => meant(row.actor_id) && !kept(row.actor_id));
  for (let start = 0; start < back.length; start += atOnce) {
    const some = back.slice(start, start + atOnce);
    await trx
      .insertInto('reactions')
      // Only `setReactionsAside` writes this column.
      .values(some.map((row) => JSON.parse(row.content) as ReactionRow))
      // Given anew meanwhile.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await trx
      .deleteFrom('reactions_aside')
      .where(
        'id',
        'in',
        some.map((row) => row.id),
      )
      .execute();
  }
  await deps.counters.bump(trx, ...new Set(back.map((row) => `post:${row.post_id}`)));
  return back.length;
}
