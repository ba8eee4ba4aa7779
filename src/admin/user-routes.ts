import type { Request, Response, Router } from 'express';
import { ConflictError, InvalidError, NotFoundError } from '../errors.ts';
import { requireDeed } from '../http/visitor.ts';
import { countPosts } from '../posts/post-store.ts';
import { createUser, deleteUser, setRole } from '../users/accounts.ts';
import { isAuthor, type Role, roles, type User } from '../users/user.ts';
import { findUser, listUsers } from '../users/user-store.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf, textOf } from './admin-request.ts';
import { choice, field, refill, summarise } from './field.ts';
import { leaveNotice } from './notice.ts';
import { avatarUrlOf, initialOf, renderAdmin } from './render-admin.ts';
import type { FieldView, UserRowView, UsersView, UserView } from './view-models.ts';

/** The words of the command line, each with what it means. */
const roleTexts: readonly (readonly [Role, string])[] = [
  ['author', 'author: writes and publishes their own posts'],
  ['editor', 'editor: everybody’s posts, and the comments'],
  ['contributor', 'contributor: writes drafts, others publish'],
  ['subscriber', 'subscriber: has an account and nothing more'],
  ['admin', 'admin: owns the blog and may do everything, these settings included'],
];

const mostListed = 500;

async function presentRow(deps: AdminDeps, user: User, me: User): Promise<UserRowView> {
  return {
    id: user.id,
    name: user.name,
    username: user.username,
    email: user.email,
    role: user.role,
    disabled: user.disabled,
    posts: await countPosts(deps.db, {
      authorId: user.id,
      status: ['draft', 'review', 'scheduled', 'published', 'private'],
    }),
    href: `/admin/users/${user.id}`,
    avatarUrl: await avatarUrlOf(deps, user),
    initial: initialOf(user.name),
    isMe: user.id === me.id,
  };
}

function newUserFields(): FieldView[] {
  return [
    field({ name: 'name', label: 'Name', maxLength: 100, help: 'As readers see it.' }),
    field({
      name: 'username',
      label: 'Username',
      required: true,
      maxLength: 30,
      help: 'Part of their public address; it stays for ever. Letters, digits and underscores.',
    }),
    field({ name: 'email', label: 'E-mail', control: 'email', required: true, maxLength: 254 }),
    field({
      name: 'password',
      label: 'Password',
      control: 'password',
      required: true,
      autocomplete: 'new-password',
      help: 'At least 8 characters. Hand it over safely; they can change it in their profile.',
    }),
    choice({ name: 'role', label: 'Role', value: 'author', choices: roleTexts }),
  ];
}

async function showUsers(
  deps: AdminDeps,
  req: Request,
  res: Response,
  wrong?: Readonly<Record<string, string>>,
): Promise<void> {
  const me = requireDeed(req, 'site.manage');
  const rows = [];
  for (const user of await listUsers(deps.db, { limit: mostListed }))
    rows.push(await presentRow(deps, user, me));
  const fields = wrong ? refill(newUserFields(), bodyOf(req), wrong) : newUserFields();
  const data: UsersView = { rows, fields, summary: summarise(fields, wrong ?? {}) };
  await renderAdmin(deps, req, res, {
    view: 'users',
    heading: 'People',
    section: 'users',
    data,
    status: wrong ? 422 : 200,
  });
}

function readRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (!role) throw new InvalidError('user.invalid', 'Choose a role.', { role: 'Choose a role.' }, 422);
  return role;
}

async function addUser(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  requireDeed(req, 'site.manage');
  const body = bodyOf(req);
  const text = (name: string) => textOf(body, name).trim();
  try {
    const role = readRole(text('role'));
    const user = await createUser(deps, {
      username: text('username'),
      email: text('email'),
      password: textOf(body, 'password'),
      name: text('name') || undefined,
      role,
    });
    leaveNotice(deps, req, res, { text: `${user.name} can sign in now.` });
    res.redirect(303, '/admin/users');
  } catch (error) {
    if (error instanceof InvalidError) return showUsers(deps, req, res, error.fields);
    if (error instanceof ConflictError)
      return showUsers(deps, req, res, {
        [error.publicMessage.includes('username') ? 'username' : 'email']: error.publicMessage,
      });
    throw error;
  }
}

/** @throws NotFoundError `user.not_found` */
async function findAccount(deps: AdminDeps, req: Request): Promise<User> {
  const user = await findUser(deps.db, paramOf(req, 'id'));
  if (!user) throw new NotFoundError('user.not_found', 'There is no such account.');
  return user;
}

/** Somebody else's account: one's own role and existence are for others to change. */
async function findOther(deps: AdminDeps, req: Request): Promise<User> {
  const me = requireDeed(req, 'site.manage');
  const user = await findAccount(deps, req);
  if (user.id === me.id)
    throw new ConflictError('user.self', 'This is your own account; somebody else has to change that.');
  return user;
}

async function showUser(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  const me = requireDeed(req, 'site.manage');
  const user = await findAccount(deps, req);
  const row = await presentRow(deps, user, me);
  const others = (await listUsers(deps.db, { limit: mostListed })).filter(
    (other) => other.id !== user.id && isAuthor(other),
  );
  const consequences = await deps.hooks.filters.apply('page.slot', [], {
    slot: 'admin.user',
    subject: { kind: 'author', userId: user.id },
  });
  const data: UserView = {
    user: row,
    fields: [
      choice({
        name: 'role',
        label: 'Role',
        value: user.role,
        choices: roleTexts,
        help: 'A change signs them out.',
      }),
      field({
        name: 'disabled',
        label: 'Switched off',
        control: 'checkbox',
        checked: user.disabled,
        help: 'Cannot sign in. What is published stays.',
      }),
    ],
    summary: [],
    others: others.map((other) => ({
      value: other.id,
      label: `${other.name} (${other.username})`,
      selected: other.id === me.id,
    })),
    posts: row.posts,
    consequences: [...consequences],
  };
  await renderAdmin(deps, req, res, { view: 'user', heading: user.name, section: 'users', data });
}

/** Accounts: who is here and what they may do. */
export function addUserRoutes(router: Router, deps: AdminDeps): void {
  router.get('/admin/users', (req, res) => showUsers(deps, req, res));
  router.post('/admin/users', (req, res) => addUser(deps, req, res));
  router.get('/admin/users/:id', (req, res) => showUser(deps, req, res));
  router.post('/admin/users/:id', async (req, res) => {
    const user = await findOther(deps, req);
    const body = bodyOf(req);
    await setRole(deps, user.id, {
      role: readRole(textOf(body, 'role')),
      disabled: textOf(body, 'disabled') !== '',
    });
    leaveNotice(deps, req, res, { text: `Saved. ${user.name} is signed out where something changed.` });
    res.redirect(303, `/admin/users/${user.id}`);
  });
  router.post('/admin/users/:id/delete', async (req, res) => {
    const user = await findOther(deps, req);
    await deleteUser(deps, user.id, { reassignTo: textOf(bodyOf(req), 'reassignTo') });
    leaveNotice(deps, req, res, { text: `The account of ${user.name} is gone.` });
    res.redirect(303, '/admin/users');
  });
}
