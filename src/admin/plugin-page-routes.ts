import type { NextFunction, Request, Response, Router } from 'express';
import { NotFoundError } from '../errors.ts';
import { runHandler, toRouteRequest } from '../http/plugin-routes.ts';
import { requireDeed } from '../http/visitor.ts';
import type { AdminPage } from '../plugin-host/api.ts';
import type { ActivePlugin, AnyContext } from '../plugin-host/host.ts';
import { matchPath } from '../plugin-host/routing.ts';
import type { AdminDeps } from './admin-deps.ts';
import { queryOf } from './admin-request.ts';
import { leaveNotice } from './notice.ts';
import { deedForAccess, pluginPageHref, pluginPageKey } from './plugin-menu.ts';
import { renderAdmin } from './render-admin.ts';
import { sameSitePath } from './same-site-path.ts';

type Found = { page: AdminPage<AnyContext> & { plugin: ActivePlugin }; params: Record<string, string> };

/** The plugin's page at this address; a fixed path goes before one with names in it. */
function findPage(deps: AdminDeps, path: string): Found | null {
  const asked = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const pages = [...deps.plugins.adminPages()].sort(
    (a, b) => Number(a.path.includes(':')) - Number(b.path.includes(':')),
  );
  for (const page of pages) {
    const params = matchPath(pluginPageHref(page.plugin.definition.id, page.path).split('/').slice(1), asked);
    if (params) return { page, params };
  }
  return null;
}

/** Renders what the plugin made, in the admin's frame. */
async function show(deps: AdminDeps, req: Request, res: Response, { page, params }: Found): Promise<void> {
  const { plugin } = page;
  const where = `admin page ${page.path}`;
  const made = await runHandler(deps.plugins, plugin, where, async (signal) => {
    const { view, data, title } = await page.load(toRouteRequest(req, { params, signal }), plugin.context);
    const body = await plugin.context.views.render(view, {
      ...data,
      csrf: req.visitor.session?.csrfToken ?? '',
    });
    return { title: title ?? page.title, body };
  });
  await renderAdmin(deps, req, res, {
    view: 'plugin-page',
    heading: made.title,
    section: pluginPageKey(plugin.definition.id, page.path),
    data: made,
  });
}

/** Does a named deed of the page; its form was checked like every other. */
async function act(deps: AdminDeps, req: Request, res: Response, { page, params }: Found): Promise<void> {
  const name = queryOf(req, 'do');
  const deed = page.deeds && Object.hasOwn(page.deeds, name) ? page.deeds[name] : undefined;
  if (!deed) throw new NotFoundError('plugin.no_deed', 'This page cannot do that.');
  const { plugin } = page;
  const done = await runHandler(deps.plugins, plugin, `deed ${name} of ${page.path}`, (signal) =>
    deed({ ...toRouteRequest(req, { params, signal }), form: req.body ?? {} }, plugin.context),
  );
  if (done.notice) leaveNotice(deps, req, res, { text: done.notice });
  res.redirect(303, sameSitePath(done.to, req.path));
}

/** Pages that plugins add, at `/admin/<plugin id>/…`. They come after the admin's own. */
export function addPluginPageRoutes(router: Router, deps: AdminDeps): void {
  router.all('/admin/*rest', async (req: Request, res: Response, next: NextFunction) => {
    const found = findPage(deps, req.path);
    if (!found) return next();
    requireDeed(req, deedForAccess[found.page.access]);
    if (req.method === 'POST') return act(deps, req, res, found);
    if (req.method === 'GET' || req.method === 'HEAD') return show(deps, req, res, found);
    return next();
  });
}
