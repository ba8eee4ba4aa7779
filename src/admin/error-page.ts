import { STATUS_CODES } from 'node:http';
import type { ErrorPage } from '../http/errors.ts';
import type { AdminDeps } from './admin-deps.ts';
import { sameSitePath } from './same-site-path.ts';
import type { ErrorView } from './view-models.ts';

const headings: Readonly<Record<number, string>> = {
  400: 'That cannot be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'There is nothing here',
  409: 'Not possible right now',
  413: 'That is too large',
  415: 'That kind of file is not taken',
  422: 'Something is wrong with that',
  429: 'Too often',
  503: 'Not right now',
};

/** The path of the page that the browser came from, where it is ours. */
function backTo(referrer: string | undefined, origin: string): string {
  if (!referrer || !URL.canParse(referrer)) return '/admin';
  const url = new URL(referrer);
  return url.origin === origin ? sameSitePath(`${url.pathname}${url.search}`, '/admin') : '/admin';
}

/** What went wrong in the admin, on a page that leads back. */
export function adminErrorPage(deps: AdminDeps): ErrorPage {
  return async (req, res, error) => {
    const view: ErrorView = {
      status: error.status,
      heading:
        headings[error.status] ??
        (error.status < 500 ? (STATUS_CODES[error.status] ?? 'That did not work') : 'Something went wrong'),
      text: error.publicMessage,
      back: req.visitor?.user ? backTo(req.get('referer'), deps.config.origin) : '/login',
    };
    const html = await deps.admin.render('error', { doorTitle: view.heading, view });
    res.type('html').send(html.toString());
  };
}
