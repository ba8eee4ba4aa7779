import type { Kysely } from 'kysely';
import { slugify } from '../content/slug.ts';
import type { Schema } from '../db/schema.ts';
import { startsWith } from '../db/starts-with.ts';
import { newId } from '../ids.ts';
import type { Term } from './post.ts';

export type TermKind = 'tag' | 'category';

/** Tags and categories of each of these posts, in the writer's order. */
export async function termsOfPosts(
  db: Kysely<Schema>,
  postIds: readonly string[],
): Promise<Map<string, { tags: Term[]; categories: Term[] }>> {
  const found = new Map<string, { tags: Term[]; categories: Term[] }>();
  if (postIds.length === 0) return found;
  const rows = await db
    .selectFrom('post_terms')
    .innerJoin('terms', 'terms.id', 'post_terms.term_id')
    .select(['post_terms.post_id', 'terms.kind', 'terms.name', 'terms.slug'])
    .where('post_terms.post_id', 'in', postIds)
    .orderBy('post_terms.position')
    .execute();
  for (const row of rows) {
    let terms = found.get(row.post_id);
    if (!terms) {
      terms = { tags: [], categories: [] };
      found.set(row.post_id, terms);
    }
    (row.kind === 'tag' ? terms.tags : terms.categories).push({ name: row.name, slug: row.slug });
  }
  return found;
}

/** A tag or category that has this slug. */
export async function findTerm(db: Kysely<Schema>, kind: TermKind, slug: string): Promise<Term | null> {
  const row = await db
    .selectFrom('terms')
    .select(['name', 'slug'])
    .where('kind', '=', kind)
    .where('slug', '=', slug)
    .executeTakeFirst();
  return row ?? null;
}

/** Tags or categories with the number of public posts (pages stand in no archive), by name. */
export async function listTerms(
  db: Kysely<Schema>,
  kind: TermKind,
  { prefix = '', limit = 1000 }: { prefix?: string; limit?: number } = {},
): Promise<(Term & { count: number })[]> {
  const rows = await db
    .selectFrom('terms')
    .leftJoin('post_terms', 'post_terms.term_id', 'terms.id')
    .leftJoin('posts', (join) =>
      join
        .onRef('posts.id', '=', 'post_terms.post_id')
        .on('posts.status', '=', 'published')
        .on('posts.type', '=', 'post'),
    )
    .select((eb) => ['terms.name', 'terms.slug', eb.fn.count<number>('posts.id').as('count')])
    .where('terms.kind', '=', kind)
    .where(startsWith('terms.slug', prefix))
    .groupBy(['terms.id', 'terms.name', 'terms.slug'])
    .orderBy('terms.name')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ name: row.name, slug: row.slug, count: Number(row.count) }));
}

/** Gives a post exactly these tags or categories, making those that are new. Names that come to the same slug count once. */
export async function setTerms(
  db: Kysely<Schema>,
  postId: string,
  kind: TermKind,
  names: readonly string[],
): Promise<Term[]> {
  const wanted = new Map<string, string>();
  for (const name of names) {
    const trimmed = name.replace(/^#+/, '').replace(/\s+/gu, ' ').trim().slice(0, 100).toWellFormed();
    if (trimmed === '') continue;
    const slug = slugify(trimmed, {
      fallback: encodeURIComponent(trimmed).replaceAll('%', '').toLowerCase(),
    });
    if (!wanted.has(slug)) wanted.set(slug, trimmed);
  }
  await db
    .deleteFrom('post_terms')
    .where('post_id', '=', postId)
    .where('term_id', 'in', (eb) => eb.selectFrom('terms').select('id').where('kind', '=', kind))
    .execute();
  const terms: Term[] = [];
  for (const [slug, name] of wanted) {
    await db
      .insertInto('terms')
      .values({ id: newId(), kind, name, slug })
      .onConflict((conflict) => conflict.columns(['kind', 'slug']).doNothing())
      .execute();
    const term = await db
      .selectFrom('terms')
      .selectAll()
      .where('kind', '=', kind)
      .where('slug', '=', slug)
      .executeTakeFirstOrThrow();
    await db
      .insertInto('post_terms')
      .values({ post_id: postId, term_id: term.id, position: terms.length })
      .execute();
    terms.push({ name: term.name, slug: term.slug });
  }
  return terms;
}
