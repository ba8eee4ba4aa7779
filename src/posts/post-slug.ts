import type { Kysely } from 'kysely';
import { slugify } from '../content/slug.ts';
import type { Schema } from '../db/schema.ts';
import { isSlugFree } from './post-store.ts';

/** First parts of addresses that belong to the blog itself. */
const reserved = new Set([
  'admin',
  'api',
  'assets',
  'author',
  'category',
  'feed',
  'healthz',
  'login',
  'logout',
  'media',
  'metrics',
  'page',
  'pictures',
  'preview',
  'readyz',
  'robots-txt',
  'search',
  'setup',
  'sitemap-xml',
  'tag',
  'well-known',
  'favicon-ico',
  'comments',
  'ap',
]);

/**
 * A free address for a post, made from what the writer asked for, else from the title, else from the
 * moment; a number is put behind one that is taken.
 */
export async function chooseSlug(
  db: Kysely<Schema>,
  { wanted, title, id, now }: { wanted: string | undefined; title: string; id: string; now: string },
): Promise<string> {
  const moment = now.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const base = slugify(wanted?.trim() || title, { fallback: moment });
  const first = reserved.has(base) ? `${base}-1` : base;
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? first : `${base}-${number}`;
    if (!reserved.has(slug) && (await isSlugFree(db, slug, id))) return slug;
  }
}
