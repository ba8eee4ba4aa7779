import type { Request, Response, Router } from 'express';
import { ConflictError, ForbiddenError, InvalidError, NotFoundError } from '../errors.ts';
import { isSameOrigin } from '../http/visitor.ts';
import { isSetUp, isSetupToken, setUpSite } from '../setup/set-up-site.ts';
import type { AdminDeps } from './admin-deps.ts';
import { queryOf, textOf } from './admin-request.ts';
import { field, refill, summarise } from './field.ts';
import { takeForm } from './form-body.ts';
import { signIn } from './login-routes.ts';
import type { FieldView, SetupView } from './view-models.ts';

function setupFields(): FieldView[] {
  return [
    field({ name: 'title', label: 'Name of the blog', required: true, maxLength: 120 }),
    field({
      name: 'name',
      label: 'Your name',
      help: 'As readers see it.',
      autocomplete: 'name',
      maxLength: 100,
    }),
    field({
      name: 'username',
      label: 'Username',
      required: true,
      autocomplete: 'username',
      maxLength: 30,
      help: 'Part of your handle, for good, and one way to sign in. Letters, digits and underscores.',
    }),
    field({
      name: 'email',
      label: 'E-mail',
      control: 'email',
      required: true,
      autocomplete: 'email',
      maxLength: 254,
      help: 'For signing in and for messages to you. Never shown.',
    }),
    field({
      name: 'password',
      label: 'Password',
      control: 'password',
      required: true,
      autocomplete: 'new-password',
      help: 'At least 8 characters. A whole sentence is good.',
    }),
  ];
}

type Form = { fields: FieldView[]; summary: string[]; status: number };

async function showSetup(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { fields, summary, status }: Form,
): Promise<void> {
  const view: SetupView = {
    action: `/setup?${new URLSearchParams({ token: queryOf(req, 'token') })}`,
    fields,
    summary,
  };
  const html = await deps.admin.render('setup', { doorTitle: 'Set up your blog', view });
  res.setHeader('Cache-Control', 'no-store');
  // The address holds the token; nobody else is told of it.
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.status(status).type('html').send(html.toString());
}

/** @throws NotFoundError once the blog is set up, ForbiddenError without the token of the link */
async function requireToken(deps: AdminDeps, req: Request): Promise<void> {
  if (await isSetUp(deps.db)) throw new NotFoundError('page.not_found');
  if (!(await isSetupToken(deps.db, queryOf(req, 'token')))) {
    throw new ForbiddenError(
      'setup.token',
      'Open the set-up link that the log shows at the start; it holds a token that this address lacks.',
    );
  }
}

async function setUp(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  await requireToken(deps, req);
  // The page sends no referrer and so no origin; what a browser says of the request's site must still be right.
  if (req.get('origin') !== 'null' && !isSameOrigin(req, deps.config.origin))
    throw new ForbiddenError('csrf', 'This form came from another site.');
  const body = await takeForm(req, 64 * 1024);
  const text = (name: string) => textOf(body, name);
  try {
    const { user } = await setUpSite(deps, {
      title: text('title').trim(),
      username: text('username').trim(),
      email: text('email').trim(),
      password: text('password'),
      name: text('name').trim() || undefined,
    });
    await signIn(deps, req, res, user);
    res.redirect(303, '/admin');
  } catch (error) {
    if (error instanceof ConflictError && error.code === 'setup.done')
      throw new NotFoundError('page.not_found');
    if (!(error instanceof InvalidError)) throw error;
    const fields = refill(setupFields(), body, error.fields);
    await showSetup(deps, req, res, { fields, summary: summarise(fields, error.fields), status: 422 });
  }
}

/** The first page of a new blog. Opening it spends nothing; completing the form does. */
export function addSetupRoutes(router: Router, deps: AdminDeps): void {
  router.get('/setup', async (req, res) => {
    await requireToken(deps, req);
    await showSetup(deps, req, res, { fields: setupFields(), summary: [], status: 200 });
  });
  router.post('/setup', (req, res) => setUp(deps, req, res));
}
