import { parseCookie, stringifySetCookie } from 'cookie';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Deps } from '../deps.ts';
import { ForbiddenError, UnauthorizedError } from '../errors.ts';
import { findSession, type Session, sessionIdleMs } from '../users/session-store.ts';
import { type Deed, may, type User } from '../users/user.ts';

/** Who is asking. */
export type Visitor = {
  user: User | null;
  /** `csrfToken` goes into every form and is asked for on every change. */
  session: (Session & { csrfToken: string }) | null;
  /** The client's address, after trusted proxies. */
  ip: string;
};

declare global {
  namespace Express {
    interface Request {
      visitor: Visitor;
    }
  }
}

/** The cookie of a sign-in. Over https its name says that no subdomain can set it. */
export function sessionCookieName(origin: string): string {
  return origin.startsWith('https:') ? '__Host-outpost' : 'outpost';
}

/** Puts the token of a new session into the answer. */
export function setSessionCookie(res: Response, origin: string, token: string): void {
  res.append('Set-Cookie', cookieText(origin, token, sessionIdleMs / 1000));
}

/**
 * Lets the browser keep the cookie for as long from now as the session lives on: it counts from when it got it. Only for
 * answers that nobody stores.
 */
export function renewSessionCookie(req: Request, res: Response, origin: string): void {
  const token = parseCookie(req.headers.cookie ?? '')[sessionCookieName(origin)];
  if (token && req.visitor.session) setSessionCookie(res, origin, token);
}

/** Takes the cookie away. */
export function clearSessionCookie(res: Response, origin: string): void {
  res.append('Set-Cookie', cookieText(origin, '', 0));
}

function cookieText(origin: string, value: string, maxAge: number): string {
  return stringifySetCookie({
    name: sessionCookieName(origin),
    value,
    httpOnly: true,
    sameSite: 'lax',
    secure: origin.startsWith('https:'),
    path: '/',
    maxAge,
  });
}

/** Whether the request brings a sign-in at all; such a request never gets a page made for everybody. */
export function hasSessionCookie(cookies: string | undefined, origin: string): boolean {
  return cookies?.includes(`${sessionCookieName(origin)}=`) ?? false;
}

/** Finds out who is asking and puts it at `req.visitor`. */
export function visitorMiddleware(deps: Pick<Deps, 'db' | 'clock' | 'config' | 'secrets'>): RequestHandler {
  const name = sessionCookieName(deps.config.origin);
  return async (req: Request, _res: Response, next: NextFunction) => {
    const ip = req.ip ?? '';
    req.visitor = { user: null, session: null, ip };
    const token = req.headers.cookie ? parseCookie(req.headers.cookie)[name] : undefined;
    const found = token ? await findSession(deps.db, token, deps.clock.now()) : null;
    if (found) {
      const csrfToken = deps.secrets.sign('csrf', found.session.id);
      req.visitor = { user: found.user, session: { ...found.session, csrfToken }, ip };
    }
    next();
  };
}

/**
 * Who is signed in and may do that.
 * @throws UnauthorizedError where nobody is signed in
 * @throws ForbiddenError where the user may not
 */
export function requireDeed(req: Request, deed: Deed): User {
  const { user } = req.visitor;
  if (!user) throw new UnauthorizedError('auth.required', 'Sign in first.');
  if (!may(user, deed)) throw new ForbiddenError('auth.forbidden', 'Your account may not do this.');
  return user;
}

/**
 * Refuses a change that another site had this browser send: the origin must be ours where the browser names one,
 * and the form must carry the session's token.
 * @throws ForbiddenError `csrf`
 */
export function requireOwnForm(req: Request, origin: string, token: unknown): void {
  const refuse = () =>
    new ForbiddenError(
      'csrf',
      'This form has expired or came from another site. Go back, reload the page and send it again.',
    );
  if (!isSameOrigin(req, origin)) throw refuse();
  const expected = req.visitor.session?.csrfToken;
  const given = typeof token === 'string' ? token : req.get('x-csrf-token');
  if (!expected || given !== expected) throw refuse();
}

/** Whether the browser says that the request was made by one of our own pages; true where it says nothing. */
export function isSameOrigin(req: Request, origin: string): boolean {
  const site = req.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const from = req.get('origin');
  if (from === undefined) return true;
  return from === origin || from === `${req.protocol}://${req.get('host')}`;
}
