import type { Request, Response, Router } from 'express';
import { ForbiddenError, TooManyError } from '../errors.ts';
import { clearSessionCookie, isSameOrigin, requireOwnForm, setSessionCookie } from '../http/visitor.ts';
import { siteSettings } from '../settings/site-settings.ts';
import { checkPassword } from '../users/accounts.ts';
import { insertSession, removeSession } from '../users/session-store.ts';
import type { User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { queryOf, textOf } from './admin-request.ts';
import { field } from './field.ts';
import { takeForm } from './form-body.ts';
import { type KeptForm, parseKept, showKeptForm, takeLoginForm, writeKept } from './kept-form.ts';
import { countAttempt, noteSuccess, rememberDevice } from './login-throttle.ts';
import { sameSitePath } from './same-site-path.ts';
import type { LoginView } from './view-models.ts';

const maxFormBytes = 16 * 1024;

/** Begins a session with a new token; one that the browser brought along ends. From now on the request is theirs. */
export async function signIn(deps: AdminDeps, req: Request, res: Response, user: User): Promise<void> {
  if (req.visitor.session) await removeSession(deps.db, req.visitor.session.id);
  const { token, session } = await insertSession(deps.db, {
    userId: user.id,
    userAgent: req.get('user-agent') ?? '',
    now: deps.clock.now(),
  });
  setSessionCookie(res, deps.config.origin, token);
  const csrfToken = deps.secrets.sign('csrf', session.id);
  req.visitor = { ...req.visitor, user, session: { ...session, csrfToken } };
}

type Attempt = {
  next: string;
  login: string;
  message: string | null;
  status: number;
  /** What was typed elsewhere and waits for the sign-in. */
  kept?: KeptForm | null;
};

async function showLogin(
  deps: AdminDeps,
  res: Response,
  { next, login, message, status, kept = null }: Attempt,
): Promise<void> {
  const site = await siteSettings(deps.db);
  const view: LoginView = {
    siteTitle: site.title,
    siteUrl: '/',
    action: '/login',
    next,
    kept: writeKept(kept),
    message,
    fields: [
      field({
        name: 'login',
        label: 'Username or e-mail',
        required: true,
        value: login,
        autocomplete: 'username',
        maxLength: 300,
      }),
      field({
        name: 'password',
        label: 'Password',
        control: 'password',
        required: true,
        autocomplete: 'current-password',
      }),
    ],
  };
  const html = await deps.admin.render('login', { doorTitle: `Sign in · ${site.title}`, view });
  res.setHeader('Cache-Control', 'no-store');
  res.status(status).type('html').send(html.toString());
}

/** Asks somebody whose session has ended to sign in; what they typed comes along, and is there again afterwards. */
export async function showLoginWith(deps: AdminDeps, res: Response, kept: KeptForm): Promise<void> {
  const message = 'You were signed out meanwhile. Sign in, and what you typed is there again.';
  await showLogin(deps, res, { next: kept.path, login: '', message, status: 401, kept });
}

async function tryToSignIn(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  if (!isSameOrigin(req, deps.config.origin))
    throw new ForbiddenError('csrf', 'This form came from another site. Open the sign-in page itself.');
  const body = await takeLoginForm(req, maxFormBytes);
  const kept = parseKept(textOf(body, 'kept'));
  const login = textOf(body, 'login').trim();
  const next = sameSitePath(textOf(body, 'next'), '/admin');
  try {
    countAttempt(deps, req, login);
  } catch (error) {
    if (!(error instanceof TooManyError)) throw error;
    res.setHeader('Retry-After', String(error.retryAfterSeconds));
    await showLogin(deps, res, { next, login, message: error.publicMessage, status: 429, kept });
    return;
  }
  const user = await checkPassword(deps, login, textOf(body, 'password'));
  if (!user) {
    await showLogin(deps, res, {
      next,
      login,
      message: 'The name and the password do not go together.',
      status: 401,
      kept,
    });
    return;
  }
  noteSuccess(deps, req, login);
  await signIn(deps, req, res, user);
  rememberDevice(deps, res, login);
  if (kept) {
    await showKeptForm(deps, req, res, kept);
    return;
  }
  res.redirect(303, next);
}

/** Signing in and out. */
export function addLoginRoutes(router: Router, deps: AdminDeps): void {
  router.get('/login', async (req, res) => {
    const next = sameSitePath(queryOf(req, 'next'), '/admin');
    if (req.visitor.user) {
      res.redirect(303, next);
      return;
    }
    await showLogin(deps, res, { next, login: '', message: null, status: 200 });
  });
  router.post('/login', (req, res) => tryToSignIn(deps, req, res));
  router.post('/logout', async (req, res) => {
    const body = await takeForm(req, maxFormBytes);
    if (req.visitor.session) {
      requireOwnForm(req, deps.config.origin, textOf(body, 'csrf'));
      await removeSession(deps.db, req.visitor.session.id);
      clearSessionCookie(res, deps.config.origin);
    }
    res.redirect(303, '/');
  });
}
