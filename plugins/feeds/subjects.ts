import { NotFoundError, type PageSubject, type PublicUser } from 'outpost/plugin';
import type { FeedsContext } from './context.ts';
import { type FeedFormat, feedFormats } from './feed.ts';

/** Which posts a feed is of: all, an author's, a tag's or a category's. */
export type FeedSubject =
  | { kind: 'site' }
  | { kind: 'author'; author: PublicUser }
  | { kind: 'tag' | 'category'; slug: string; name: string };

/** Where feeds stand: at the root and below the archives. */
export const feedScopes = [
  { kind: 'site', path: '' },
  { kind: 'author', path: '/author/:name' },
  { kind: 'tag', path: '/tag/:slug' },
  { kind: 'category', path: '/category/:slug' },
] as const;

export type FeedScope = (typeof feedScopes)[number]['kind'];

/**
 * What the address names.
 * @throws NotFoundError for an unknown author, and for a term that no public post has
 */
export async function findSubject(
  { users, posts }: FeedsContext,
  scope: FeedScope,
  params: Readonly<Record<string, string>>,
): Promise<FeedSubject> {
  if (scope === 'site') return { kind: 'site' };
  if (scope === 'author') {
    const author = await users.findByUsername(params.name ?? '');
    if (!author?.isAuthor) throw nothingHere();
    return { kind: 'author', author };
  }
  const term = await posts.findTerm(scope, params.slug ?? '');
  // A tag that only drafts have is nobody's business.
  if (!term || (await posts.count({ [scope]: term.slug })) === 0) throw nothingHere();
  return { kind: scope, ...term };
}

function nothingHere(): NotFoundError {
  return new NotFoundError('feed.not_found', 'There is no feed at this address.');
}

/** The subject of a page's own feed, or null for a page that has none. */
export async function subjectOfPage(
  { users, posts }: FeedsContext,
  page: PageSubject,
): Promise<FeedSubject | null> {
  switch (page.kind) {
    case 'home':
    case 'post':
      return { kind: 'site' };
    case 'author': {
      const author = await users.find(page.userId);
      return author && { kind: 'author', author };
    }
    case 'tag':
    case 'category': {
      const term = await posts.findTerm(page.kind, page.slug);
      return term && { kind: page.kind, ...term };
    }
    case 'other':
      return null;
  }
}

/** The title of a subject's feed. */
export function feedTitle(subject: FeedSubject, siteTitle: string): string {
  if (subject.kind === 'site') return siteTitle;
  if (subject.kind === 'author') return `${subject.author.name} – ${siteTitle}`;
  return `${subject.kind === 'tag' ? '#' : ''}${subject.name} – ${siteTitle}`;
}

/** The page that a subject's feed follows. */
export function pageUrl({ urls }: Pick<FeedsContext, 'urls'>, subject: FeedSubject): string {
  if (subject.kind === 'site') return urls.home();
  return subject.kind === 'author' ? urls.author(subject.author) : urls[subject.kind](subject.slug);
}

/** The address of a subject's feed in one form. */
export function feedUrl(
  context: Pick<FeedsContext, 'urls'>,
  subject: FeedSubject,
  format: FeedFormat,
): string {
  return `${pageUrl(context, subject).replace(/\/$/, '')}/feed${feedFormats[format].suffix}`;
}
