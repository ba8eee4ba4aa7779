import type { Request, Response } from 'express';
import { isSafeHtml } from '../content/safe-html.ts';
import type { WebDeps } from '../http/server.ts';
import type { ThemedPage } from '../plugin-host/api.ts';
import { sendPage } from './answer-page.ts';
import { loadSite, presentPage, presentSlots, presentViewer } from './present-page.ts';

/** Sends a page whose content a plugin has made, with the theme around it. It is made for this request alone. */
export async function sendPluginPage(
  deps: WebDeps,
  req: Request,
  res: Response,
  { page, status }: { page: ThemedPage; status: number },
): Promise<void> {
  if (!isSafeHtml(page.html))
    throw new Error('the html of a page must be SafeHtml, as views.render gives it');
  const frame = await loadSite(deps);
  const subject = { kind: 'other' } as const;
  const html = await deps.theme.render('plugin-page', {
    site: frame.site,
    page: await presentPage(deps, frame, {
      title: page.title,
      description: page.description ?? '',
      path: req.path,
      kind: 'website',
      subject,
      head: page.head ?? [],
      robots: page.indexed === true ? null : 'noindex',
    }),
    viewer: presentViewer(req),
    slots: await presentSlots(deps, subject, []),
    content: page.html,
  });
  sendPage(res, html, status);
}
