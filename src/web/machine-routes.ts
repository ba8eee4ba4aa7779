import type { Router } from 'express';
import { escapeHtml } from '../content/escape.ts';
import type { WebDeps } from '../http/server.ts';
import { countPosts, listPosts, type PostPage } from '../posts/post-store.ts';
import { listTerms } from '../posts/term-store.ts';
import { siteSettings } from '../settings/site-settings.ts';
import { createUrls } from '../urls.ts';
import { isAuthor } from '../users/user.ts';
import { listUsers } from '../users/user-store.ts';
import { accentStylesheet } from './accent-stylesheet.ts';

/** What one sitemap may list. Source: sitemaps.org, protocol, "Sitemap file limits". */
const mostAddresses = 50_000;
const chunk = 500;

type Address = { url: string; changedAt: string | null };

async function postAddresses(deps: WebDeps, most: number): Promise<Address[]> {
  const urls = createUrls(deps.config.origin);
  const addresses: Address[] = [];
  const page: PostPage = { status: 'published', order: 'created', limit: chunk };
  let after: string | undefined;
  while (addresses.length < most) {
    const posts = await listPosts(deps.db, after === undefined ? page : { ...page, after });
    for (const post of posts) addresses.push({ url: urls.post(post), changedAt: post.updatedAt });
    after = posts.at(-1)?.id;
    if (posts.length < chunk) break;
  }
  return addresses.slice(0, most);
}

async function listAddresses(deps: WebDeps): Promise<Address[]> {
  const urls = createUrls(deps.config.origin);
  const addresses: Address[] = [{ url: urls.home(), changedAt: null }];
  for (const user of await listUsers(deps.db, { limit: 1000 })) {
    const hasPosts =
      isAuthor(user) &&
      (await countPosts(deps.db, { authorId: user.id, type: 'post', status: 'published' })) > 0;
    if (hasPosts) addresses.push({ url: urls.author(user), changedAt: null });
  }
  for (const kind of ['tag', 'category'] as const) {
    for (const term of await listTerms(deps.db, kind))
      if (term.count > 0) addresses.push({ url: urls[kind](term.slug), changedAt: null });
  }
  return [...addresses, ...(await postAddresses(deps, mostAddresses - addresses.length))];
}

function sitemap(addresses: readonly Address[]): string {
  const entries = addresses.map(
    ({ url, changedAt }) =>
      `<url><loc>${escapeHtml(url)}</loc>${changedAt ? `<lastmod>${changedAt}</lastmod>` : ''}</url>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('\n')}\n</urlset>\n`;
}

function robots(origin: string): string {
  return `User-agent: *\nDisallow: /admin\nDisallow: /login\nDisallow: /search\n\nSitemap: ${origin}/sitemap.xml\n`;
}

/** What machines ask for: the sitemap, robots.txt, and the stylesheet with the owner's accent. */
export function addMachineRoutes(router: Router, deps: WebDeps): void {
  router.get('/sitemap.xml', (req, res) =>
    deps.pages.make('/sitemap.xml', req, res, async () => ({
      body: Buffer.from(sitemap(await listAddresses(deps))),
      headers: {
        'Content-Type': 'application/xml; charset=utf-8',
        'Cache-Control': 'no-cache',
        Vary: 'Accept-Encoding',
      },
      tags: ['site'],
    })),
  );

  router.get('/robots.txt', (_req, res) => {
    res.setHeader('Cache-Control', 'public, max-age=3600');
    res.type('text/plain').send(robots(deps.config.origin));
  });

  router.get('/assets/accent.css', async (req, res) => {
    const asked =
      typeof req.query.hue === 'string' && /^\d{1,3}(\.\d{1,4})?$/.test(req.query.hue)
        ? Number(req.query.hue)
        : null;
    const isKnown = asked !== null && asked <= 360;
    const hue = isKnown ? asked : (await siteSettings(deps.db)).accentHue;
    res.setHeader('Cache-Control', isKnown ? 'public, max-age=31536000, immutable' : 'no-cache');
    res.type('text/css').send(accentStylesheet(hue));
  });
}
