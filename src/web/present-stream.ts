import { countComments } from '../comments/comment-store.ts';
import { readingMinutes } from '../content/excerpt.ts';
import type { WebDeps } from '../http/server.ts';
import type { Post } from '../posts/post.ts';
import { renderPost, summaryOf } from '../posts/render-post.ts';
import type { User } from '../users/user.ts';
import { findUsers } from '../users/user-store.ts';
import { presentUser } from './present-author.ts';
import { findImages } from './present-image.ts';
import { directionOf } from './present-language.ts';
import { paths, type SiteFrame } from './present-page.ts';
import { labelOf } from './present-post.ts';
import type { EntryView, ImageView, PaginationView } from './view-models.ts';

type Company = { images: Map<string, ImageView>; authors: Map<string, User>; showAuthors: boolean };

async function presentEntry(
  deps: WebDeps,
  { settings, print }: SiteFrame,
  post: Post,
  company: Company,
): Promise<EntryView> {
  const { html } = await renderPost(deps, post, { idPrefix: `${post.slug}-` });
  const author = presentUser(company.authors.get(post.authorId), undefined);
  const language = post.language ?? settings.language;
  return {
    id: post.id,
    url: paths.post(post),
    title: post.title || null,
    label: labelOf(post, html),
    html: post.title === '' ? html : null,
    excerpt: post.title === '' ? '' : summaryOf(post, html),
    image: company.images.get(post.imageId ?? '') ?? null,
    author: company.showAuthors && author.url ? { title: author.name, url: author.url } : null,
    published: post.publishedAt === null ? null : print.day(post.publishedAt),
    minutes: readingMinutes(html),
    comments: await countComments(deps.db, { postId: post.id, status: 'approved' }),
    language,
    direction: directionOf(language),
  };
}

/** Posts for a list; the author is named with each unless the page says it once. */
export async function presentEntries(
  deps: WebDeps,
  frame: SiteFrame,
  posts: readonly Post[],
  { showAuthors }: { showAuthors: boolean },
): Promise<EntryView[]> {
  const images = await findImages(
    deps,
    posts.map((post) => post.imageId),
  );
  const authors = await findUsers(deps.db, [...new Set(posts.map((post) => post.authorId))]);
  const entries: EntryView[] = [];
  for (const post of posts)
    entries.push(await presentEntry(deps, frame, post, { images, authors, showAuthors }));
  return entries;
}

/** The counters under which a list with these posts is good. */
export function tagsOfList(posts: readonly Post[]): string[] {
  return ['site', ...posts.map((post) => `post:${post.id}`)];
}

/** The address of a list's page; the first has none of its own. */
export function pagePath(path: string, number: number): string {
  if (number <= 1) return path;
  return `${path}${path.includes('?') ? '&' : '?'}page=${number}`;
}

/** @param total how many pages there are, at least one */
export function presentPagination(path: string, number: number, total: number): PaginationView {
  return {
    number,
    total,
    newer: number > 1 ? pagePath(path, number - 1) : null,
    older: number < total ? pagePath(path, number + 1) : null,
  };
}
