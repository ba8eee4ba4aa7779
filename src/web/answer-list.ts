import type { Request, Response } from 'express';
import { notFound } from '../http/errors.ts';
import type { WebDeps } from '../http/server.ts';
import { countPosts, listPosts, type PostFilter } from '../posts/post-store.ts';
import { answerPage, readPageNumber } from './answer-page.ts';
import {
  loadSite,
  type PageInput,
  presentPage,
  presentSlots,
  presentViewer,
  type SiteFrame,
} from './present-page.ts';
import { pagePath, presentEntries, presentPagination, tagsOfList } from './present-stream.ts';

/** A list of public posts over several pages. */
type List = {
  view: string;
  /** The address of its first page. */
  path: string;
  filter: Omit<PostFilter, 'type' | 'status'>;
  /** Whether the list has a page of its own while it is empty. */
  mayBeEmpty: boolean;
  showAuthors: boolean;
  /** What the page says about itself, and what its view gets besides the list. */
  describe(frame: SiteFrame, count: number): Promise<{ page: Omit<PageInput, 'path'>; data: object }>;
};

/** Answers with one page of a list. A page beyond the last does not exist. */
export async function answerList(deps: WebDeps, req: Request, res: Response, list: List): Promise<void> {
  const number = readPageNumber(req) ?? notFound();
  const frame = await loadSite(deps);
  const size = frame.settings.postsPerPage;
  const filter = { ...list.filter, type: 'post', status: 'published' } as const;
  const count = await countPosts(deps.db, filter);
  const total = Math.max(1, Math.ceil(count / size));
  if (number > total || (count === 0 && !list.mayBeEmpty)) notFound();

  const path = pagePath(list.path, number);
  const posts = await listPosts(deps.db, { ...filter, limit: size, offset: (number - 1) * size });
  const { page, data } = await list.describe(frame, count);
  await answerPage(deps, req, res, {
    key: path,
    tags: tagsOfList(posts),
    subject: page.subject,
    render: async () => {
      const title = number > 1 ? `${page.title} (page ${number})` : page.title;
      return deps.theme.render(list.view, {
        site: frame.site,
        page: await presentPage(deps, frame, { ...page, title, path }),
        viewer: presentViewer(req),
        slots: await presentSlots(
          deps,
          page.subject,
          page.subject.kind === 'author' ? ['author.header'] : [],
        ),
        entries: await presentEntries(deps, frame, posts, { showAuthors: list.showAuthors }),
        pagination: presentPagination(list.path, number, total),
        ...data,
      });
    },
  });
}
