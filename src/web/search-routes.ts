import type { Request, Response, Router } from 'express';
import { textOf } from '../content/sanitise.ts';
import { TooManyError } from '../errors.ts';
import { notFound } from '../http/errors.ts';
import { clientOf } from '../http/rate-limit.ts';
import type { WebDeps } from '../http/server.ts';
import type { Post } from '../posts/post.ts';
import { countPosts, listPosts } from '../posts/post-store.ts';
import { renderPost } from '../posts/render-post.ts';
import { readPageNumber, sendPage } from './answer-page.ts';
import { loadSite, paths, presentPage, presentSlots, presentViewer, type SiteFrame } from './present-page.ts';
import { labelOf } from './present-post.ts';
import { excerptAround, markWords, searchWords } from './present-search.ts';
import { presentPagination } from './present-stream.ts';
import type { ResultView } from './view-models.ts';

const limit = { max: 30, windowSeconds: 60 };
const longestQuery = 200;
const pageSize = 20;
const mostPages = 50;

async function presentResult(
  deps: WebDeps,
  { print }: SiteFrame,
  post: Post,
  words: readonly string[],
): Promise<ResultView> {
  const { html } = await renderPost(deps, post);
  return {
    url: paths.post(post),
    title: markWords(labelOf(post, html), words),
    excerpt: excerptAround(textOf(html.toString()), words),
    published: post.publishedAt === null ? null : print.day(post.publishedAt),
  };
}

async function search(deps: WebDeps, req: Request, res: Response): Promise<void> {
  const typed = req.query.q;
  const query = (typeof typed === 'string' ? typed : '').slice(0, longestQuery).toWellFormed().trim();
  const words = searchWords(query);
  const number = readPageNumber(req) ?? notFound();
  if (number > mostPages) notFound();
  if (words.length > 0) {
    const over = deps.limits.hit(`search:${clientOf(req.visitor.ip)}`, limit);
    if (over)
      throw new TooManyError(
        'search.too_many',
        'That were many searches in a short time. Wait a little and try again.',
        over.retryAfterSeconds,
      );
  }
  const filter = { status: 'published', search: words.join(' ') } as const;
  const count = words.length === 0 ? 0 : await countPosts(deps.db, filter);
  const posts =
    count === 0
      ? []
      : await listPosts(deps.db, { ...filter, limit: pageSize, offset: (number - 1) * pageSize });
  const frame = await loadSite(deps);
  const results: ResultView[] = [];
  for (const post of posts) results.push(await presentResult(deps, frame, post, words));
  const total = Math.min(mostPages, Math.max(1, Math.ceil(count / pageSize)));
  const html = await deps.theme.render('search', {
    site: frame.site,
    page: await presentPage(deps, frame, {
      title: query === '' ? frame.words.say('Search') : `${frame.words.say('Search')}: ${query}`,
      description: '',
      path: '/search',
      kind: 'website',
      subject: { kind: 'other' },
      robots: 'noindex',
    }),
    viewer: presentViewer(req),
    slots: await presentSlots(deps, { kind: 'other' }, []),
    query,
    count,
    results,
    pagination: presentPagination(`/search?q=${encodeURIComponent(query)}`, number, total),
  });
  sendPage(res, html);
}

/** The search, which is made anew each time. */
export function addSearchRoutes(router: Router, deps: WebDeps): void {
  router.get('/search', (req, res) => search(deps, req, res));
}
