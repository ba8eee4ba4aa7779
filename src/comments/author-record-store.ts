import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Comment } from './comment.ts';

/** What is known of somebody from their comments here. `since` is when the first one came. */
export type AuthorRecord = { approved: number; pending: number; spam: number; since: string | null };

type Column = 'external_author_id' | 'author_user_id' | 'author_email';

/** By what somebody is recognised: an identity elsewhere, an account here, or the address they typed, which proves nothing. */
function identityOf(comment: Comment): { column: Column; value: string } | null {
  if (comment.externalAuthorId !== null)
    return { column: 'external_author_id', value: comment.externalAuthorId };
  if (comment.authorUserId !== null) return { column: 'author_user_id', value: comment.authorUserId };
  if (comment.authorEmail !== null) return { column: 'author_email', value: comment.authorEmail };
  return null;
}

async function recordsBy(
  db: Kysely<Schema>,
  column: Column,
  values: readonly string[],
  sources: readonly string[] = [],
): Promise<Map<string, AuthorRecord>> {
  const records = new Map<string, AuthorRecord>();
  if (values.length === 0) return records;
  let query = db
    .selectFrom('comments')
    .select((eb) => [
      column,
      'status',
      eb.fn.countAll<number>().as('count'),
      eb.fn.min('created_at').as('since'),
    ])
    .where(column, 'in', values)
    .groupBy([column, 'status']);
  // By the index, which begins with the source.
  if (sources.length > 0) query = query.where('source', 'in', sources);
  for (const row of await query.execute()) {
    const key = row[column];
    if (key === null) continue;
    const record = records.get(key) ?? { approved: 0, pending: 0, spam: 0, since: null };
    if (row.status === 'approved' || row.status === 'pending' || row.status === 'spam')
      record[row.status] = Number(row.count);
    if (record.since === null || row.since < record.since) record.since = row.since;
    records.set(key, record);
  }
  return records;
}

/** For each of these comments, by its id, what else its author has sent; nobody's record where the author cannot be recognised. */
export async function authorRecords(
  db: Kysely<Schema>,
  comments: readonly Comment[],
): Promise<Map<string, AuthorRecord>> {
  const wanted: Record<Column, Set<string>> = {
    external_author_id: new Set(),
    author_user_id: new Set(),
    author_email: new Set(),
  };
  for (const comment of comments) {
    const identity = identityOf(comment);
    if (identity) wanted[identity.column].add(identity.value);
  }
  const found = {
    external_author_id: await recordsBy(
      db,
      'external_author_id',
      [...wanted.external_author_id],
      [...new Set(comments.map((comment) => comment.source))],
    ),
    author_user_id: await recordsBy(db, 'author_user_id', [...wanted.author_user_id]),
    author_email: await recordsBy(db, 'author_email', [...wanted.author_email]),
  };
  const records = new Map<string, AuthorRecord>();
  for (const comment of comments) {
    const identity = identityOf(comment);
    const record = identity && found[identity.column].get(identity.value);
    if (record) records.set(comment.id, record);
  }
  return records;
}
