import type { Transaction } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { type AuthorsElsewhere, isMeant } from './authors-elsewhere.ts';
import type { CommentStatus } from './comment.ts';
import { findComments } from './comment-store.ts';
import { moveTo } from './moderate-comments.ts';

type AsideDeps = Pick<Deps, 'hooks' | 'counters'>;
type Received = { source: string; authors: AuthorsElsewhere };

const note = 'Its author was blocked.';
const atOnce = 500;

async function inParts<T>(all: readonly T[], work: (some: readonly T[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < all.length; start += atOnce) await work(all.slice(start, start + atOnce));
}

/**
 * Takes what these authors said out of sight: what is public or waits goes to the trash, with a note. Answers to it stay.
 * @returns how many comments
 */
export async function setCommentsAside(
  deps: AsideDeps,
  trx: Transaction<Schema>,
  { source, authors }: Received,
): Promise<number> {
  const writers = await trx
    .selectFrom('comments')
    .select('external_author_id')
    .distinct()
    .where('source', '=', source)
    .execute();
  const meant = isMeant(authors);
  const ids = writers.flatMap(({ external_author_id: id }) => (id !== null && meant(id) ? [id] : []));
  let count = 0;
  await inParts(ids, async (some) => {
    const rows = await trx
      .selectFrom('comments')
      .select('id')
      .where('source', '=', source)
      .where('external_author_id', 'in', some)
      .where('status', 'in', ['approved', 'pending'])
      .execute();
    await inParts(rows, async (part) => {
      const comments = await findComments(
        trx,
        part.map((row) => row.id),
      );
      for (const comment of comments) {
        await moveTo(deps, trx, { ...comment, note: comment.note ?? note }, 'trash');
        const aside = {
          comment_id: comment.id,
          source,
          author_id: comment.externalAuthorId ?? '',
          status: comment.status,
        };
        await trx
          .insertInto('comments_aside')
          .values(aside)
          .onConflict((conflict) => conflict.column('comment_id').doUpdateSet({ status: comment.status }))
          .execute();
        count += 1;
      }
    });
  });
  return count;
}

/**
 * Brings back what was set aside of these authors, but for those who are still meant otherwise. What a moderator has
 * decided about since stays as it is.
 * @returns how many comments
 */
export async function bringCommentsBack(
  deps: AsideDeps,
  trx: Transaction<Schema>,
  { source, authors, except }: Received & { except: AuthorsElsewhere },
): Promise<number> {
  const [meant, kept] = [isMeant(authors), isMeant(except)];
  const rows = await trx.selectFrom('comments_aside').selectAll().where('source', '=', source).execute();
  const back = rows.filter((row) => meant(row.author_id) && !kept(row.author_id));
  const before = new Map(back.map((row) => [row.comment_id, row.status as CommentStatus]));
  let count = 0;
  await inParts([...before.keys()], async (some) => {
    for (const comment of await findComments(trx, some)) {
      const status = before.get(comment.id);
      if (comment.status !== 'trash' || !status) continue;
      await moveTo(deps, trx, { ...comment, note: comment.note === note ? null : comment.note }, status);
      count += 1;
    }
    await trx.deleteFrom('comments_aside').where('comment_id', 'in', some).execute();
  });
  return count;
}
