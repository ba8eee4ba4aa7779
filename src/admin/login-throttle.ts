import { randomBytes } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import { TooManyError } from '../errors.ts';
import { clientOf, type RateLimiter } from '../http/rate-limit.ts';
import { loginKey } from '../users/user-store.ts';

const limit = { max: 10, windowSeconds: 15 * 60 };
const cookieName = 'outpost_device';
const cookieDays = 365;

type ThrottleDeps = Pick<Deps, 'config' | 'secrets'> & { limits: RateLimiter };

/** The device that this account has signed in from before, or null. Its word is signed and good for one account only. */
function knownDevice(deps: ThrottleDeps, req: Request, account: string): string | null {
  const text = req.headers.cookie ? parseCookie(req.headers.cookie)[cookieName] : undefined;
  const [device, signature] = text?.split('.') ?? [];
  if (!device || !signature) return null;
  return deps.secrets.verify('known device', `${device} ${account}`, signature) ? device : null;
}

/** Remembers, in the browser, that the account signed in from here. */
export function rememberDevice(deps: ThrottleDeps, res: Response, login: string): void {
  const device = randomBytes(18).toString('base64url');
  const value = `${device}.${deps.secrets.sign('known device', `${device} ${loginKey(login)}`)}`;
  const secure = deps.config.origin.startsWith('https:');
  const cookie = {
    name: cookieName,
    value,
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/login',
    maxAge: cookieDays * 86_400,
  } as const;
  res.append('Set-Cookie', stringifySetCookie(cookie));
}

/**
 * The counters that a failed attempt raises. Strangers share an account's counter; a device that has signed in before has
 * its own, so that nobody can lock the owner out.
 */
function keysFor(deps: ThrottleDeps, req: Request, login: string): { account: string; client: string } {
  const account = loginKey(login).slice(0, 300);
  const device = knownDevice(deps, req, account);
  return {
    account: device ? `login device ${device}` : `login account ${account}`,
    client: `login client ${clientOf(req.visitor.ip)}`,
  };
}

/**
 * Counts an attempt as failed until it is known to be good: many that come at once do not slip by while the first are
 * still being checked.
 * @throws TooManyError when this account or this client has failed too often
 */
export function countAttempt(deps: ThrottleDeps, req: Request, login: string): void {
  const { account, client } = keysFor(deps, req, login);
  const over = deps.limits.peek(client, limit) ?? deps.limits.peek(account, limit);
  if (over) {
    const minutes = Math.ceil(over.retryAfterSeconds / 60);
    throw new TooManyError(
      'login.throttled',
      `Too many attempts. Try again in ${minutes} minutes.`,
      over.retryAfterSeconds,
    );
  }
  deps.limits.hit(account, limit);
  deps.limits.hit(client, limit);
}

/** Forgets the failures of an account whose owner has got in. The client's other failures stay. */
export function noteSuccess(deps: ThrottleDeps, req: Request, login: string): void {
  const { account, client } = keysFor(deps, req, login);
  deps.limits.forget(account);
  deps.limits.takeBack(client);
}
