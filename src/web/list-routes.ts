import type { Router } from 'express';
import { excerptOf } from '../content/excerpt.ts';
import { NotFoundError } from '../errors.ts';
import { notFound } from '../http/errors.ts';
import type { WebDeps } from '../http/server.ts';
import { findTerm } from '../posts/term-store.ts';
import { isAuthor } from '../users/user.ts';
import { countUsers, findUserByUsername } from '../users/user-store.ts';
import { answerList } from './answer-list.ts';
import { presentProfile } from './present-author.ts';
import { paths } from './present-page.ts';
import { profileData, siteData } from './structured-data.ts';
import type { TermView } from './view-models.ts';

/** The home page and the archives of authors, tags and categories. */
export function addListRoutes(router: Router, deps: WebDeps): void {
  router.get('/', async (req, res) => {
    const showAuthors = (await countUsers(deps.db)) > 1;
    await answerList(deps, req, res, {
      view: 'home',
      path: '/',
      filter: {},
      mayBeEmpty: true,
      showAuthors,
      describe: async ({ site }) => ({
        page: {
          title: site.title,
          description: site.tagline,
          kind: 'website',
          subject: { kind: 'home' },
          jsonLd: siteData(deps.config.origin, site),
        },
        data: {},
      }),
    });
  });

  router.get('/author/:username', async (req, res) => {
    const user = await findUserByUsername(deps.db, req.params.username);
    const author = user && isAuthor(user) ? user : null;
    if (
      deps.representations.wanted(req, 'author') &&
      (await deps.representations.respond(req, res, 'author', author?.id ?? null))
    )
      return;
    if (!author) throw new NotFoundError('page.not_found', 'There is nothing at this address.');
    // One address for each author, however the name was typed.
    if (author.username !== req.params.username) {
      res.redirect(301, paths.author(author));
      return;
    }
    await answerList(deps, req, res, {
      view: 'author',
      path: paths.author(author),
      filter: { authorId: author.id },
      mayBeEmpty: true,
      showAuthors: false,
      describe: async (_frame, count) => {
        const profile = await presentProfile(deps, author, count);
        const description = profile.bio ? excerptOf(profile.bio, 200) : '';
        return {
          page: {
            title: author.name,
            description,
            kind: 'profile',
            subject: { kind: 'author', userId: author.id },
            image: profile.header,
            jsonLd: profileData(deps.config.origin, profile, description),
          },
          data: { profile },
        };
      },
    });
  });

  for (const kind of ['tag', 'category'] as const) {
    router.get(`/${kind}/:slug`, async (req, res) => {
      const term = (await findTerm(deps.db, kind, req.params.slug)) ?? notFound();
      const showAuthors = (await countUsers(deps.db)) > 1;
      await answerList(deps, req, res, {
        view: 'term',
        path: paths[kind](term.slug),
        filter: { [kind]: term.slug },
        // A tag that only drafts have is nobody's business.
        mayBeEmpty: false,
        showAuthors,
        describe: async (_frame, count) => {
          const view: TermView = { kind, name: term.name, url: paths[kind](term.slug), count };
          const title = kind === 'tag' ? `#${term.name}` : term.name;
          return {
            page: { title, description: '', kind: 'website', subject: { kind, slug: term.slug } },
            data: { term: view },
          };
        },
      });
    });
  }
}
