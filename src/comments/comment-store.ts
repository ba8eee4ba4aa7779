import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { CommentRow, Schema } from '../db/schema.ts';
import type { Comment, CommentStatus } from './comment.ts';
import { readEmojis, readPoll, writeParts } from './remote-parts.ts';

/** Which comments are asked for. Absent members do not narrow. */
export type CommentFilter = {
  status?: CommentStatus | readonly CommentStatus[] | undefined;
  postId?: string | undefined;
  source?: string | undefined;
  /** Only below posts that everybody may see. */
  onPublicPosts?: boolean | undefined;
  /** Only answers to this comment; null for those to the post itself. */
  parentId?: string | null | undefined;
  /** Only what can be known to those who sent comments of this source: these, and what users of this site wrote. */
  knownTo?: string | undefined;
  /** Words that text or author must contain, each. */
  search?: string | undefined;
};

function toComment(row: CommentRow): Comment {
  return {
    id: row.id,
    postId: row.post_id,
    parentId: row.parent_id,
    // Only our own code writes these columns.
    status: row.status as CommentStatus,
    source: row.source,
    author: {
      name: row.author_name,
      url: row.author_url,
      handle: row.author_handle,
      avatarUrl: row.author_avatar_url,
      ...(row.author_emojis !== null && { emojis: readEmojis(row.author_emojis) }),
    },
    authorUserId: row.author_user_id,
    authorEmail: row.author_email,
    html: row.html,
    text: row.text,
    raw: row.raw,
    externalId: row.external_id,
    externalUrl: row.external_url,
    externalAuthorId: row.external_author_id,
    language: row.language,
    note: row.note,
    statusBefore: row.status_before as CommentStatus | null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    warning: row.warning,
    emojis: readEmojis(row.emojis),
    poll: readPoll(row.poll),
    ...(row.version !== null && { version: row.version }),
  };
}

function toRow(comment: Comment): CommentRow {
  return {
    id: comment.id,
    post_id: comment.postId,
    parent_id: comment.parentId,
    status: comment.status,
    source: comment.source,
    author_name: comment.author.name,
    author_url: comment.author.url,
    author_handle: comment.author.handle,
    author_avatar_url: comment.author.avatarUrl,
    author_user_id: comment.authorUserId,
    author_email: comment.authorEmail,
    html: comment.html,
    text: comment.text,
    raw: comment.raw,
    external_id: comment.externalId,
    external_url: comment.externalUrl,
    external_author_id: comment.externalAuthorId,
    language: comment.language,
    note: comment.note,
    status_before: comment.statusBefore,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    warning: comment.warning,
    emojis: writeParts(comment.emojis),
    author_emojis: writeParts(comment.author.emojis),
    poll: comment.poll && JSON.stringify(comment.poll),
    version: comment.version ?? null,
  };
}

export async function findComment(db: Kysely<Schema>, id: string): Promise<Comment | null> {
  const row = await db.selectFrom('comments').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toComment(row) : null;
}

export async function findComments(db: Kysely<Schema>, ids: readonly string[]): Promise<Comment[]> {
  if (ids.length === 0) return [];
  return (await db.selectFrom('comments').selectAll().where('id', 'in', ids).execute()).map(toComment);
}

/** The comment that a plugin received under that id. */
export async function findReceivedComment(
  db: Kysely<Schema>,
  source: string,
  externalId: string,
): Promise<Comment | null> {
  const row = await db
    .selectFrom('comments')
    .selectAll()
    .where('source', '=', source)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
  return row ? toComment(row) : null;
}

type CommentQuery<O> = SelectQueryBuilder<Schema, 'comments', O>;

function narrow<O>(query: CommentQuery<O>, filter: CommentFilter): CommentQuery<O> {
  let narrowed = query;
  if (filter.status !== undefined) {
    narrowed =
      typeof filter.status === 'string'
        ? narrowed.where('status', '=', filter.status)
        : narrowed.where('status', 'in', filter.status);
  }
  if (filter.postId !== undefined) narrowed = narrowed.where('post_id', '=', filter.postId);
  if (filter.source !== undefined) narrowed = narrowed.where('source', '=', filter.source);
  if (filter.onPublicPosts)
    narrowed = narrowed.where('post_id', 'in', (eb) =>
      eb.selectFrom('posts').select('posts.id').where('posts.status', '=', 'published'),
    );
  const { parentId, knownTo } = filter;
  if (parentId !== undefined)
    narrowed =
      parentId === null
        ? narrowed.where('parent_id', 'is', null)
        : narrowed.where('parent_id', '=', parentId);
  if (knownTo !== undefined)
    narrowed = narrowed.where((eb) =>
      eb.or([
        eb('author_user_id', 'is not', null),
        eb.and([eb('source', '=', knownTo), eb('external_id', 'is not', null)]),
      ]),
    );
  for (const word of (filter.search ?? '').toLowerCase().split(/\s+/u).filter(Boolean).slice(0, 8)) {
    const pattern = `%${word.slice(0, 100).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    narrowed = narrowed.where(
      sql<boolean>`(lower(text) like ${pattern} escape '\\' or lower(author_name) like ${pattern} escape '\\' or lower(author_handle) like ${pattern} escape '\\')`,
    );
  }
  return narrowed;
}

/** Comments that fit, newest first where nothing else is said. */
export async function listComments(
  db: Kysely<Schema>,
  page: CommentFilter & { limit: number; after?: string | undefined; oldestFirst?: boolean | undefined },
): Promise<Comment[]> {
  const isUp = page.oldestFirst === true;
  let query = narrow(db.selectFrom('comments').selectAll(), page)
    .orderBy('id', isUp ? 'asc' : 'desc')
    .limit(page.limit);
  if (page.after !== undefined) query = query.where('id', isUp ? '>' : '<', page.after);
  return (await query.execute()).map(toComment);
}

/** The public comments of a post, oldest first. */
export async function listThread(db: Kysely<Schema>, postId: string, limit = 2000): Promise<Comment[]> {
  const rows = await db
    .selectFrom('comments')
    .selectAll()
    .where('post_id', '=', postId)
    .where('status', '=', 'approved')
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toComment);
}

/** What the comments answer that public comments answer and that are not public themselves, and so on upwards, by their ids. */
export async function findHiddenParents(
  db: Kysely<Schema>,
  shown: readonly Pick<Comment, 'id' | 'parentId'>[],
): Promise<Map<string, string | null>> {
  const known = new Set(shown.map(({ id }) => id));
  const hidden = new Map<string, string | null>();
  let missing = [...new Set(shown.flatMap(({ parentId }) => parentId ?? []))].filter((id) => !known.has(id));
  for (let level = 0; missing.length > 0 && level < 50; level += 1) {
    const rows = await db
      .selectFrom('comments')
      .select(['id', 'parent_id'])
      .where('id', 'in', missing.slice(0, 500))
      .execute();
    for (const row of rows) hidden.set(row.id, row.parent_id);
    const above = new Set(rows.flatMap((row) => row.parent_id ?? []));
    missing = [...above].filter((id) => !known.has(id) && !hidden.has(id));
  }
  return hidden;
}

export async function countComments(db: Kysely<Schema>, filter: CommentFilter): Promise<number> {
  const row = await narrow(
    db.selectFrom('comments').select((eb) => eb.fn.countAll<number>().as('count')),
    filter,
  ).executeTakeFirstOrThrow();
  return Number(row.count);
}

/** How many comments there are in each state. */
export async function countCommentsByStatus(
  db: Kysely<Schema>,
  filter: Omit<CommentFilter, 'status'> = {},
): Promise<Record<CommentStatus, number>> {
  const rows = await narrow(
    db.selectFrom('comments').select((eb) => ['status', eb.fn.countAll<number>().as('count')]),
    filter,
  )
    .groupBy('status')
    .execute();
  const counts = { pending: 0, approved: 0, spam: 0, trash: 0 };
  for (const row of rows) counts[row.status as CommentStatus] = Number(row.count);
  return counts;
}

/** Stores a comment; false where the same was received before. */
export async function insertComment(db: Kysely<Schema>, comment: Comment): Promise<boolean> {
  const result = await db
    .insertInto('comments')
    .values(toRow(comment))
    .onConflict((conflict) => conflict.columns(['source', 'external_id']).doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

export async function saveComment(db: Kysely<Schema>, comment: Comment): Promise<void> {
  const { id, ...columns } = toRow(comment);
  await db.updateTable('comments').set(columns).where('id', '=', id).execute();
}

/** Removes comments for good. Answers to them stay, and answer from then on what those answered. */
export async function removeComments(db: Kysely<Schema>, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += 500) {
    const some = ids.slice(start, start + 500);
    await liftAnswers(db, some);
    const rows = await db.deleteFrom('comments').where('id', 'in', some).returning('post_id').execute();
    const posts = [...new Set(rows.map((row) => row.post_id))];
    if (posts.length === 0) continue;
    await db.deleteFrom('reactions').where('post_id', 'in', posts).where('comment_id', 'in', some).execute();
  }
}

async function liftAnswers(db: Kysely<Schema>, ids: readonly string[]): Promise<void> {
  const parents = (among: 'id' | 'parent_id') =>
    db.selectFrom('comments').select(['id', 'parent_id']).where(among, 'in', ids).execute();
  const above = new Map((await parents('id')).map((row) => [row.id, row.parent_id]));
  for (const answer of await parents('parent_id')) {
    if (above.has(answer.id)) continue;
    let parent = answer.parent_id;
    // A circle ends after as many steps as there are comments in it.
    for (let step = 0; parent !== null && above.has(parent) && step <= above.size; step += 1)
      parent = above.get(parent) ?? null;
    await db
      .updateTable('comments')
      .set({ parent_id: parent === answer.id ? null : parent })
      .where('id', '=', answer.id)
      .execute();
  }
}

/** Puts a comment below another of the same post, or below the post itself; false where it would stand below itself. */
export async function moveComment(
  db: Kysely<Schema>,
  { id, parentId }: { id: string; parentId: string | null },
): Promise<boolean> {
  const seen = new Set<string>();
  for (let above = parentId; above !== null && !seen.has(above); ) {
    if (above === id) return false;
    seen.add(above);
    const row = await db
      .selectFrom('comments')
      .select('parent_id')
      .where('id', '=', above)
      .executeTakeFirst();
    above = row?.parent_id ?? null;
  }
  await db.updateTable('comments').set({ parent_id: parentId }).where('id', '=', id).execute();
  return true;
}
