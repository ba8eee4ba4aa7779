import { createServer, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Deps } from '../deps.ts';
import { InvalidError } from '../errors.ts';
import { mediaFolder } from '../media/add-media.ts';
import type { PluginHost } from '../plugin-host/host.ts';
import { type ErrorPage, errorHandler, notFound } from './errors.ts';
import { metricsHandler } from './metrics.ts';
import { createPageCache, type PageCache } from './page-cache.ts';
import {
  createRepresentations,
  pluginAssetHandler,
  pluginRouteHandler,
  type Representations,
  type SendPluginPage,
} from './plugin-routes.ts';
import { createRateLimiter, type RateLimiter } from './rate-limit.ts';
import { securityHeaders } from './security-headers.ts';
import { adminFolder, createViews, themeFolder, themeWords, type Views } from './views.ts';
import { hasSessionCookie, visitorMiddleware } from './visitor.ts';

/** What the pages' routes work with, besides what the use cases need. */
export type WebDeps = Deps & {
  plugins: PluginHost;
  pages: PageCache;
  representations: Representations;
  limits: RateLimiter;
  /** The theme that readers see. */
  theme: Views;
  admin: Views;
};

/** The routes that are put together into one site, and what it says when something goes wrong. */
export type Site = {
  /** Whether the blog was set up; until then every page says how. */
  isSetUp(): Promise<boolean>;
  isReady(): Promise<boolean>;
  addRoutes(router: Router, deps: WebDeps): void;
  notSetUp(req: Request, res: Response, deps: WebDeps): Promise<void>;
  errorPage(deps: WebDeps): ErrorPage;
  pluginPage(deps: WebDeps): SendPluginPage;
};

/** Under which a page made for everybody is kept: the path, and of the query only what changes the page. */
export function pageKey(url: string): string {
  const mark = url.indexOf('?');
  if (mark === -1) return url;
  const query = new URLSearchParams(url.slice(mark + 1));
  const kept = ['page', 'comment', 'answer'].flatMap((name) =>
    query.has(name) ? [`${name}=${query.get(name)}`] : [],
  );
  return kept.length === 0 ? url.slice(0, mark) : `${url.slice(0, mark)}?${kept.join('&')}`;
}

/** Whether a request may be answered with a page made for everybody. */
export function isForEverybody(
  req: { method?: string | undefined; headers: { cookie?: string | undefined } },
  origin: string,
): boolean {
  return (req.method === 'GET' || req.method === 'HEAD') && !hasSessionCookie(req.headers.cookie, origin);
}

const assetOptions = {
  maxAge: '1y',
  immutable: true,
  dotfiles: 'ignore',
  index: false,
  redirect: false,
} as const;

/** An address without its file's fingerprint, such as one script's import of another, is asked for again each time: it may be newer. */
function unlessVersioned(res: ServerResponse): void {
  if (!res.req.url?.includes('?v=')) res.setHeader('Cache-Control', 'no-cache');
}

/** No address of ours has a NUL, and PostgreSQL takes none. */
function refuseNul(req: Request, _res: Response, next: NextFunction): void {
  if (req.path.includes('%00')) notFound();
  if (req.url.includes('%00')) throw new InvalidError('request.malformed', 'The address cannot be read.');
  next();
}

/** Makes the web server; the caller makes it listen. */
export function createHttp(deps: Deps, plugins: PluginHost, site: Site): { server: Server; deps: WebDeps } {
  const web: WebDeps = {
    ...deps,
    plugins,
    pages: createPageCache(deps.counters),
    representations: createRepresentations(plugins),
    limits: createRateLimiter(deps.clock),
    theme: createViews({
      root: themeFolder,
      assets: { folder: path.join(themeFolder, 'assets'), url: '/assets/theme' },
      words: themeWords,
    }),
    admin: createViews({
      root: adminFolder,
      assets: { folder: path.join(adminFolder, 'assets'), url: '/assets/admin' },
    }),
  };
  plugins.onSwitch(() => web.pages.clear());

  const app = express();
  const router = express.Router({ caseSensitive: true, strict: false });
  const headers = new Map(Object.entries(securityHeaders(deps.config.origin)));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', deps.config.trustProxy);

  app.get('/healthz', (_req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    res.json({ status: 'ok', version: deps.config.version });
  });
  app.get('/readyz', async (_req, res) => {
    const ready = await site.isReady();
    res.setHeader('Cache-Control', 'no-store');
    res.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'not ready', version: deps.config.version });
  });
  app.get('/metrics', metricsHandler(deps, plugins));
  app.use(
    '/assets/theme',
    express.static(path.join(themeFolder, 'assets'), { ...assetOptions, setHeaders: unlessVersioned }),
  );
  app.use(
    '/assets/admin',
    express.static(path.join(adminFolder, 'assets'), { ...assetOptions, setHeaders: unlessVersioned }),
  );
  app.use(pluginAssetHandler(plugins));
  app.use(
    '/media',
    express.static(mediaFolder(deps.config), {
      ...assetOptions,
      setHeaders: (res) =>
        res.setHeader('Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'"),
    }),
  );
  app.use(refuseNul);
  app.use(visitorMiddleware(deps));
  app.use(async (req, res, next) => {
    if (req.path === '/setup' || req.path.startsWith('/assets/') || (await site.isSetUp())) return next();
    await site.notSetUp(req, res, web);
  });
  app.use(pluginRouteHandler(deps, plugins, site.pluginPage(web)));
  site.addRoutes(router, web);
  app.use(router);
  app.use(notFound);
  app.use(errorHandler(deps.log, site.errorPage(web)));

  let inFlight = 0;
  deps.jobs.giveWay(() => inFlight > 0);
  const server = createServer(
    { requestTimeout: 300_000, headersTimeout: 20_000, keepAliveTimeout: 65_000, maxHeaderSize: 32 * 1024 },
    (req, res) => {
      res.setHeaders(headers);
      // The way of most requests: a ready page, without going through the routes.
      const url = req.url ?? '/';
      const accept = req.headers.accept ?? '*/*';
      const isPlain = accept === '*/*' || (accept.includes('text/html') && !accept.includes('json'));
      if (isPlain && isForEverybody(req, deps.config.origin) && web.pages.serve(pageKey(url), req, res))
        return;
      inFlight += 1;
      res.once('close', () => {
        inFlight -= 1;
      });
      app(req, res);
    },
  );
  return { server, deps: web };
}
