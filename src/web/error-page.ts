import { STATUS_CODES } from 'node:http';
import type { Request, Response } from 'express';
import type { OutpostError } from '../errors.ts';
import type { ErrorPage } from '../http/errors.ts';
import type { WebDeps } from '../http/server.ts';
import { sendPage } from './answer-page.ts';
import { loadSite, presentPage, presentSlots, presentViewer } from './present-page.ts';
import type { ErrorView } from './view-models.ts';

/** What is said above the sentence that the error brings, by status. */
const titles: Readonly<Record<number, string>> = {
  400: 'That cannot be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'There is nothing here',
  410: 'This is gone',
  413: 'That is too much',
  422: 'Something is missing',
  429: 'A little slower, please',
  500: 'Something went wrong here',
  503: 'Back in a moment',
};

const words404 = 'The address may have a slip in it, or what stood here was taken away. You can look for it:';

function presentError(error: OutpostError): ErrorView {
  const title = titles[error.status] ?? STATUS_CODES[error.status] ?? 'That did not work';
  // Every 404 says the same, so that nobody learns which address has something behind it.
  return { status: error.status, title, message: error.status === 404 ? words404 : error.publicMessage };
}

/** Shows errors on the public site's addresses. */
export function errorPage(deps: WebDeps): ErrorPage {
  return async (req: Request, res: Response, error: OutpostError) => {
    const frame = await loadSite(deps);
    const view = presentError(error);
    const html = await deps.theme.render('error', {
      site: frame.site,
      page: await presentPage(deps, frame, {
        title: frame.words.say(view.title),
        description: '',
        path: '/',
        kind: 'website',
        subject: { kind: 'other' },
        robots: 'noindex',
      }),
      viewer: presentViewer(req),
      slots: await presentSlots(deps, { kind: 'other' }, []),
      error: view,
    });
    sendPage(res, html, error.status);
  };
}

/** What every address says until the blog is set up. */
export async function notSetUpPage(_req: Request, res: Response, deps: WebDeps): Promise<void> {
  res.setHeader('Retry-After', '60');
  sendPage(res, await deps.theme.render('not-set-up', {}), 503);
}
