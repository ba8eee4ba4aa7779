import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { PostRow, Schema } from '../db/schema.ts';
import type { Post, PostStatus, PostType, Term } from './post.ts';
import { termsOfPosts } from './term-store.ts';

/** Which posts are asked for. Absent members do not narrow. */
export type PostFilter = {
  type?: PostType;
  status?: PostStatus | readonly PostStatus[];
  authorId?: string;
  /** A tag's slug. */
  tag?: string;
  /** A category's slug. */
  category?: string;
  /** Words that title or text must contain, each. */
  search?: string;
};

export type PostPage = PostFilter & {
  limit: number;
  offset?: number;
  /** The id of the last post of the page before. */
  after?: string;
  /** `published` for readers, `created` for lists by id, `updated` for writers. Newest first. */
  order?: 'published' | 'created' | 'updated';
};

function toPost(row: PostRow, terms: { tags: Term[]; categories: Term[] } | undefined): Post {
  return {
    id: row.id,
    // The columns hold what `PostType` and `PostStatus` name; only our own code writes them.
    type: row.type as PostType,
    status: row.status as PostStatus,
    slug: row.slug,
    title: row.title,
    bodyMarkdown: row.body_markdown,
    excerpt: row.excerpt,
    authorId: row.author_id,
    imageId: row.image_id,
    language: row.language,
    commentsOpen: row.comments_open === 1,
    tags: terms?.tags ?? [],
    categories: terms?.categories ?? [],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    publishedAt: row.published_at,
    scheduledAt: row.scheduled_at,
    publication: row.publication,
    statusBeforeTrash: row.status_before_trash as PostStatus | null,
    version: row.version,
  };
}

/** The row of a post; its terms are kept apart. */
export function toPostRow(post: Post): PostRow {
  return {
    id: post.id,
    type: post.type,
    status: post.status,
    slug: post.slug,
    title: post.title,
    body_markdown: post.bodyMarkdown,
    excerpt: post.excerpt,
    author_id: post.authorId,
    image_id: post.imageId,
    language: post.language,
    comments_open: post.commentsOpen ? 1 : 0,
    created_at: post.createdAt,
    updated_at: post.updatedAt,
    published_at: post.publishedAt,
    scheduled_at: post.scheduledAt,
    publication: post.publication,
    status_before_trash: post.statusBeforeTrash,
    version: post.version,
  };
}

async function withTerms(db: Kysely<Schema>, rows: readonly PostRow[]): Promise<Post[]> {
  const terms = await termsOfPosts(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => toPost(row, terms.get(row.id)));
}

async function one(db: Kysely<Schema>, row: PostRow | undefined): Promise<Post | null> {
  return row ? ((await withTerms(db, [row]))[0] ?? null) : null;
}

/** The post with that id, in whatever state. */
export async function findPost(db: Kysely<Schema>, id: string): Promise<Post | null> {
  return one(db, await db.selectFrom('posts').selectAll().where('id', '=', id).executeTakeFirst());
}

/** The post at that address, in whatever state. */
export async function findPostBySlug(db: Kysely<Schema>, slug: string): Promise<Post | null> {
  return one(db, await db.selectFrom('posts').selectAll().where('slug', '=', slug).executeTakeFirst());
}

/** The post that once had that address. */
export async function findPostByOldSlug(db: Kysely<Schema>, slug: string): Promise<Post | null> {
  const row = await db.selectFrom('old_slugs').select('post_id').where('slug', '=', slug).executeTakeFirst();
  return row ? findPost(db, row.post_id) : null;
}

/** A text in which `%`, `_` and the escape sign stand for themselves in LIKE … ESCAPE '\'. */
function literalLike(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}

type PostQuery<O> = SelectQueryBuilder<Schema, 'posts', O>;

function narrow<O>(query: PostQuery<O>, filter: PostFilter): PostQuery<O> {
  let narrowed = query;
  if (filter.type) narrowed = narrowed.where('posts.type', '=', filter.type);
  if (filter.status !== undefined) {
    narrowed =
      typeof filter.status === 'string'
        ? narrowed.where('posts.status', '=', filter.status)
        : narrowed.where('posts.status', 'in', filter.status);
  }
  if (filter.authorId) narrowed = narrowed.where('posts.author_id', '=', filter.authorId);
  for (const [kind, slug] of [
    ['tag', filter.tag],
    ['category', filter.category],
  ] as const) {
    if (slug === undefined) continue;
    narrowed = narrowed.where('posts.id', 'in', (eb) =>
      eb
        .selectFrom('post_terms')
        .innerJoin('terms', 'terms.id', 'post_terms.term_id')
        .select('post_terms.post_id')
        .where('terms.kind', '=', kind)
        .where('terms.slug', '=', slug),
    );
  }
  for (const word of (filter.search ?? '').toLowerCase().split(/\s+/u).filter(Boolean).slice(0, 8)) {
    const pattern = `%${literalLike(word.slice(0, 100))}%`;
    narrowed = narrowed.where(
      sql<boolean>`(lower(posts.title) like ${pattern} escape '\\' or lower(posts.body_markdown) like ${pattern} escape '\\')`,
    );
  }
  return narrowed;
}

const orderColumns = {
  published: 'posts.published_at',
  created: 'posts.id',
  updated: 'posts.updated_at',
} as const;

/** Posts that fit, newest first; those that were never published come last where they are ordered by that. */
export async function listPosts(db: Kysely<Schema>, page: PostPage): Promise<Post[]> {
  const column = orderColumns[page.order ?? 'published'];
  const mayBeNull = column === 'posts.published_at' && page.status !== 'published';
  let query = narrow(db.selectFrom('posts').selectAll('posts'), page)
    .orderBy(column, (order) => (mayBeNull ? order.desc().nullsLast() : order.desc()))
    .orderBy('posts.id', 'desc')
    .limit(page.limit);
  if (page.offset) query = query.offset(page.offset);
  if (page.after !== undefined) {
    const last = await db.selectFrom('posts').selectAll().where('id', '=', page.after).executeTakeFirst();
    if (!last) return [];
    const values = {
      'posts.id': last.id,
      'posts.updated_at': last.updated_at,
      'posts.published_at': last.published_at,
    };
    const value = values[column];
    query = query.where((eb) => {
      const lesserId = eb('posts.id', '<', last.id);
      if (value === null) return eb.and([eb(column, 'is', null), lesserId]);
      const older = eb.or([eb(column, '<', value), eb.and([eb(column, '=', value), lesserId])]);
      return mayBeNull ? eb.or([older, eb(column, 'is', null)]) : older;
    });
  }
  return withTerms(db, await query.execute());
}

/** How many posts fit. */
export async function countPosts(db: Kysely<Schema>, filter: PostFilter): Promise<number> {
  const row = await narrow(
    db.selectFrom('posts').select((eb) => eb.fn.countAll<number>().as('count')),
    filter,
  ).executeTakeFirstOrThrow();
  return Number(row.count);
}

/** How many posts there are in each state. */
export async function countPostsByStatus(
  db: Kysely<Schema>,
  filter: Pick<PostFilter, 'type' | 'authorId'>,
): Promise<Record<PostStatus, number>> {
  const rows = await narrow(
    db.selectFrom('posts').select((eb) => ['posts.status', eb.fn.countAll<number>().as('count')]),
    filter,
  )
    .groupBy('posts.status')
    .execute();
  const counts = { draft: 0, review: 0, scheduled: 0, published: 0, private: 0, trash: 0 };
  for (const row of rows) counts[row.status as PostStatus] = Number(row.count);
  return counts;
}

/** The public posts before and after this one in time. */
export async function findNeighbours(
  db: Kysely<Schema>,
  post: Post,
): Promise<{ previous: Post | null; next: Post | null }> {
  const at = post.publishedAt ?? '';
  const stream = db
    .selectFrom('posts')
    .selectAll()
    .where('type', '=', 'post')
    .where('status', '=', 'published')
    .limit(1);
  const previous = await stream
    .where((eb) =>
      eb.or([eb('published_at', '<', at), eb.and([eb('published_at', '=', at), eb('id', '<', post.id)])]),
    )
    .orderBy('published_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const next = await stream
    .where((eb) =>
      eb.or([eb('published_at', '>', at), eb.and([eb('published_at', '=', at), eb('id', '>', post.id)])]),
    )
    .orderBy('published_at', 'asc')
    .orderBy('id', 'asc')
    .executeTakeFirst();
  return { previous: await one(db, previous), next: await one(db, next) };
}

/** Whether a slug is free: no post has it, and none had it that can still be reached there. */
export async function isSlugFree(
  db: Kysely<Schema>,
  slug: string,
  exceptPostId: string | null,
): Promise<boolean> {
  const taken = await db.selectFrom('posts').select('id').where('slug', '=', slug).executeTakeFirst();
  if (taken && taken.id !== exceptPostId) return false;
  const old = await db.selectFrom('old_slugs').select('post_id').where('slug', '=', slug).executeTakeFirst();
  return !old || old.post_id === exceptPostId;
}

export async function insertPost(db: Kysely<Schema>, post: Post): Promise<void> {
  await db.insertInto('posts').values(toPostRow(post)).execute();
}

/** Writes all of a post but its terms. */
export async function savePost(db: Kysely<Schema>, post: Post): Promise<void> {
  const { id, ...columns } = toPostRow(post);
  await db.updateTable('posts').set(columns).where('id', '=', id).execute();
}

/** Remembers an address that a post had, so that links to it go on working. */
export async function keepOldSlug(
  db: Kysely<Schema>,
  slug: string,
  postId: string,
  now: string,
): Promise<void> {
  await db
    .insertInto('old_slugs')
    .values({ slug, post_id: postId, created_at: now })
    .onConflict((conflict) => conflict.column('slug').doUpdateSet({ post_id: postId, created_at: now }))
    .execute();
}

export async function removePost(db: Kysely<Schema>, id: string): Promise<void> {
  await db.deleteFrom('posts').where('id', '=', id).execute();
}
