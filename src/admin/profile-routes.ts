import type { Request, Response, Router } from 'express';
import { ConflictError, InvalidError, NotFoundError } from '../errors.ts';
import { setSessionCookie } from '../http/visitor.ts';
import { findMedium } from '../media/media-store.ts';
import { checkPassword, type ProfileInput, setPassword, updateProfile } from '../users/accounts.ts';
import { insertSession, listSessions, removeSession, removeSessionsOf } from '../users/session-store.ts';
import { isAuthor, may, type User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf, signedIn, textOf, textsOf } from './admin-request.ts';
import { deviceName } from './device-name.ts';
import { field, refill, summarise } from './field.ts';
import { chosenPicture } from './load-editor.ts';
import { leaveNotice } from './notice.ts';
import { pageFacts, renderAdmin } from './render-admin.ts';
import type { FieldView, ProfileView } from './view-models.ts';

function profileFields(user: User): FieldView[] {
  return [
    field({
      name: 'name',
      label: 'Name',
      value: user.name,
      required: true,
      autocomplete: 'name',
      maxLength: 100,
      help: 'As readers see it.',
    }),
    field({
      name: 'bio',
      label: 'About you',
      control: 'textarea',
      value: user.bio,
      maxLength: 2000,
      help: 'A sentence or two. Markdown works.',
    }),
    field({
      name: 'email',
      label: 'E-mail',
      control: 'email',
      value: user.email,
      required: true,
      autocomplete: 'email',
      maxLength: 254,
      help: 'For signing in and for messages to you. Never shown.',
    }),
  ];
}

function passwordFields(): FieldView[] {
  return [
    field({
      name: 'current',
      label: 'Present password',
      control: 'password',
      required: true,
      autocomplete: 'current-password',
    }),
    field({
      name: 'password',
      label: 'New password',
      control: 'password',
      required: true,
      autocomplete: 'new-password',
      help: 'At least 8 characters. A whole sentence is good.',
    }),
  ];
}

const emptyLinks = 2;

function linkViews(
  links: readonly { label: string; url: string }[],
  error: string | null,
): ProfileView['links'] {
  const room = Math.max(0, Math.min(emptyLinks, 8 - links.length));
  const isWrong = (link: { label: string; url: string }) =>
    link.label.trim() === '' || !/^https?:\/\//.test(link.url);
  const rows = links.map((link) => ({
    ...link,
    labelError: null,
    urlError: error && isWrong(link) ? error : null,
  }));
  return [
    ...rows,
    ...Array.from({ length: room }, () => ({ label: '', url: '', labelError: null, urlError: null })),
  ];
}

type Wrong = { profile?: Readonly<Record<string, string>>; password?: Readonly<Record<string, string>> };

async function showProfile(deps: AdminDeps, req: Request, res: Response, wrong: Wrong = {}): Promise<void> {
  const { user, session } = signedIn(req);
  const body = bodyOf(req);
  const { print } = await pageFacts(deps);
  const fields = wrong.profile ? refill(profileFields(user), body, wrong.profile) : profileFields(user);
  const changing = refill(passwordFields(), {}, wrong.password ?? {});
  const links = wrong.profile ? readLinks(body) : user.links;
  const data: ProfileView = {
    fields,
    links: linkViews(links, wrong.profile?.links ?? null),
    avatar: await chosenPicture(deps, wrong.profile ? textOf(body, 'avatarId') : user.avatarId),
    header: await chosenPicture(deps, wrong.profile ? textOf(body, 'headerId') : user.headerId),
    summary: summarise(fields, wrong.profile ?? {}),
    passwordFields: changing,
    passwordSummary: summarise(changing, wrong.password ?? {}),
    sessions: (await listSessions(deps.db, user.id)).map((one) => ({
      id: one.id,
      device: deviceName(one.userAgent),
      when: print(one.lastSeenAt),
      since: print(one.createdAt),
      current: one.id === session.id,
    })),
    pageUrl: isAuthor(user) ? `/author/${encodeURIComponent(user.username)}` : null,
    mayUpload: may(user, 'media.add'),
  };
  const status = wrong.profile || wrong.password ? 422 : 200;
  await renderAdmin(deps, req, res, {
    view: 'profile',
    heading: 'Your profile',
    section: 'profile',
    data,
    status,
  });
}

function readLinks(body: Readonly<Record<string, unknown>>): { label: string; url: string }[] {
  const labels = textsOf(body, 'linkLabel');
  const urls = textsOf(body, 'linkUrl');
  return labels
    .map((label, index) => ({ label: label.trim(), url: (urls[index] ?? '').trim() }))
    .filter((link) => link.label !== '' || link.url !== '')
    .slice(0, 9);
}

/** A picture that was chosen; one that is not there is none. */
async function readPicture(
  deps: AdminDeps,
  body: Readonly<Record<string, unknown>>,
  name: string,
): Promise<string | null | undefined> {
  if (!Object.hasOwn(body, name)) return undefined;
  const id = textOf(body, name);
  if (id === '') return null;
  const medium = await findMedium(deps.db, id);
  return medium?.mimeType.startsWith('image/') ? medium.id : null;
}

async function saveProfile(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  const { user } = signedIn(req);
  const body = bodyOf(req);
  const input: ProfileInput = {
    name: textOf(body, 'name'),
    bio: textOf(body, 'bio').replaceAll('\r\n', '\n'),
    email: textOf(body, 'email'),
    links: readLinks(body),
    avatarId: await readPicture(deps, body, 'avatarId'),
    headerId: await readPicture(deps, body, 'headerId'),
  };
  try {
    await updateProfile(deps, user.id, input);
  } catch (error) {
    if (error instanceof InvalidError) return showProfile(deps, req, res, { profile: error.fields });
    if (error instanceof ConflictError)
      return showProfile(deps, req, res, { profile: { email: error.publicMessage } });
    throw error;
  }
  leaveNotice(deps, req, res, { text: 'Saved.' });
  res.redirect(303, '/admin/profile');
}

async function changePassword(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  const { user } = signedIn(req);
  const body = bodyOf(req);
  const key = `password of ${user.id}`;
  const limit = { max: 10, windowSeconds: 900 };
  // Counted before it is checked, so that many at once do not slip by.
  if (deps.limits.hit(key, limit))
    return showProfile(deps, req, res, {
      password: { current: 'Too many attempts. Try again in a quarter of an hour.' },
    });
  if (!(await checkPassword(deps, user.username, textOf(body, 'current'))))
    return showProfile(deps, req, res, { password: { current: 'That is not your present password.' } });
  deps.limits.forget(key);
  try {
    await setPassword(deps, user.id, textOf(body, 'password'));
  } catch (error) {
    if (error instanceof InvalidError) return showProfile(deps, req, res, { password: error.fields });
    throw error;
  }
  // Every session has ended, this one too; it goes on under a new token.
  const { token, session } = await insertSession(deps.db, {
    userId: user.id,
    userAgent: req.get('user-agent') ?? '',
    now: deps.clock.now(),
  });
  setSessionCookie(res, deps.config.origin, token);
  req.visitor.session = { ...session, csrfToken: deps.secrets.sign('csrf', session.id) };
  leaveNotice(deps, req, res, { text: 'Password changed. You are signed out everywhere else.' });
  res.redirect(303, '/admin/profile');
}

/** One's own account. */
export function addProfileRoutes(router: Router, deps: AdminDeps): void {
  router.get('/admin/profile', (req, res) => showProfile(deps, req, res));
  router.post('/admin/profile', (req, res) => saveProfile(deps, req, res));
  router.post('/admin/profile/password', (req, res) => changePassword(deps, req, res));
  router.post('/admin/sessions/end-others', async (req, res) => {
    const { user, session } = signedIn(req);
    await removeSessionsOf(deps.db, user.id, session.id);
    leaveNotice(deps, req, res, { text: 'Signed out everywhere else.' });
    res.redirect(303, '/admin/profile#sessions');
  });
  router.post('/admin/sessions/:id/end', async (req, res) => {
    const { user } = signedIn(req);
    const own = (await listSessions(deps.db, user.id)).find((one) => one.id === paramOf(req, 'id'));
    if (!own) throw new NotFoundError('session.not_found', 'There is no such session.');
    await removeSession(deps.db, own.id);
    leaveNotice(deps, req, res, { text: 'Signed out there.' });
    res.redirect(303, '/admin/profile#sessions');
  });
}
