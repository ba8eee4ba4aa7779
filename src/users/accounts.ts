import { z } from 'zod';
import type { Database } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { ConflictError, InvalidError, NotFoundError } from '../errors.ts';
import { newId } from '../ids.ts';
import { fitsPassword, hashPassword } from './password.ts';
import { removeSessionsOf } from './session-store.ts';
import { isAuthor, may, type Role, roles, type User } from './user.ts';
import {
  countAdmins,
  countUsers,
  findLogin,
  findUser,
  insertUser,
  loginKey,
  removeUser,
  savePasswordHash,
  saveUser,
} from './user-store.ts';

type AccountDeps = Pick<Deps, 'db' | 'clock' | 'hooks' | 'counters'>;

/** What an account is made from. */
export type AccountInput = {
  username: string;
  email: string;
  password: string;
  role: Role;
  name?: string | undefined;
};

const usernamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9_]{0,28}[A-Za-z0-9])?$/;
const emailAddress = z.email().max(254);

function checkPasswordForm(password: string): string | null {
  if ([...password].length < 8) return 'The password needs at least 8 characters.';
  if (Buffer.byteLength(password) > 1024) return 'The password may have up to 1,024 bytes.';
  return null;
}

function checkAccount(input: AccountInput): void {
  const fields: Record<string, string> = {};
  if (!usernamePattern.test(input.username)) {
    fields.username =
      'The username takes 1 to 30 letters, digits and underscores, and begins and ends with a letter or digit.';
  }
  if (!emailAddress.safeParse(input.email.trim()).success)
    fields.email = 'Give an e-mail address such as name@example.com.';
  const password = checkPasswordForm(input.password);
  if (password) fields.password = password;
  if (!roles.includes(input.role)) fields.role = `The role must be one of ${roles.join(', ')}.`;
  if ([...(input.name ?? '')].length > 100) fields.name = 'The name may have up to 100 characters.';
  if (Object.keys(fields).length > 0)
    throw new InvalidError('user.invalid', Object.values(fields).join(' '), fields, 422);
}

/**
 * Makes an account.
 * @throws InvalidError `user.invalid` with the fields that are wrong
 * @throws ConflictError `user.taken`
 */
export async function createUser(deps: AccountDeps, input: AccountInput): Promise<User> {
  checkAccount(input);
  const passwordHash = await hashPassword(input.password);
  const now = deps.clock.iso();
  return inTransaction(deps.db, async (trx) => {
    for (const [what, value] of [
      ['username', input.username],
      ['e-mail address', input.email],
    ] as const) {
      if (await findLogin(trx, value))
        throw new ConflictError('user.taken', `The ${what} ${value} is taken. Choose another.`);
    }
    const user: User = {
      id: newId(),
      username: input.username,
      name: input.name?.trim() || input.username,
      email: input.email.trim(),
      role: input.role,
      bio: '',
      avatarId: null,
      headerId: null,
      links: [],
      disabled: false,
      createdAt: now,
      updatedAt: now,
    };
    await insertUser(trx, user, passwordHash);
    await deps.hooks.actions.add(trx, 'user.created', { userId: user.id });
    return user;
  });
}

/** What a person can change about their own account. */
export type ProfileInput = Partial<Pick<User, 'name' | 'email' | 'bio' | 'avatarId' | 'headerId' | 'links'>>;

function checkProfile(input: ProfileInput): void {
  const fields: Record<string, string> = {};
  if (input.name !== undefined && (input.name.trim() === '' || [...input.name].length > 100))
    fields.name = 'Give a name of up to 100 characters.';
  if (input.email !== undefined && !emailAddress.safeParse(input.email.trim()).success)
    fields.email = 'Give an e-mail address such as name@example.com.';
  if (input.bio !== undefined && [...input.bio].length > 2000)
    fields.bio = 'The text about you may have up to 2,000 characters.';
  for (const link of input.links ?? []) {
    if (link.label.trim() === '' || [...link.label].length > 60)
      fields.links = 'Each link needs a label of up to 60 characters.';
    if (!URL.canParse(link.url) || !/^https?:/.test(link.url) || link.url.length > 2048)
      fields.links = `${link.url || 'An empty address'} is no web address; give one that begins with https://.`;
  }
  if ((input.links?.length ?? 0) > 8) fields.links = 'There is room for eight links.';
  if (Object.keys(fields).length > 0)
    throw new InvalidError('user.invalid', Object.values(fields).join(' '), fields, 422);
}

/** @throws ConflictError `user.last_admin` where nobody else may manage the site */
async function requireOtherAdmin(trx: Database, id: string): Promise<void> {
  if ((await countAdmins(trx, id)) > 0) return;
  throw new ConflictError(
    'user.last_admin',
    'Nobody else may manage the site. Make somebody else an admin first.',
  );
}

async function changeUser(deps: AccountDeps, id: string, change: Partial<User>): Promise<User> {
  return inTransaction(deps.db, async (trx) => {
    const user = await findUser(trx, id);
    if (!user) throw new NotFoundError('user.not_found', `There is no user ${id}.`);
    if (
      change.email !== undefined &&
      loginKey(change.email) !== loginKey(user.email) &&
      (await findLogin(trx, change.email))
    ) {
      throw new ConflictError('user.taken', `The e-mail address ${change.email} is taken. Choose another.`);
    }
    const changed = { ...user, ...change, updatedAt: deps.clock.iso() };
    if (may(user, 'site.manage') && !may(changed, 'site.manage')) await requireOtherAdmin(trx, id);
    await saveUser(trx, changed);
    if (changed.disabled || changed.role !== user.role) await removeSessionsOf(trx, id);
    await deps.counters.bump(trx, 'site');
    await deps.hooks.actions.add(trx, 'user.updated', { userId: id });
    return changed;
  });
}

/**
 * Changes what others see of somebody, and where mail reaches them.
 * @throws InvalidError `user.invalid`
 */
export async function updateProfile(deps: AccountDeps, id: string, input: ProfileInput): Promise<User> {
  checkProfile(input);
  const { name, email, bio, avatarId, headerId, links } = input;
  const wanted: Partial<User> = { name: name?.trim(), email: email?.trim(), bio, avatarId, headerId, links };
  return changeUser(
    deps,
    id,
    Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
  );
}

/** Changes what somebody may do. Their other sessions end at once. */
export async function setRole(
  deps: AccountDeps,
  id: string,
  { role, disabled }: { role: Role; disabled: boolean },
): Promise<User> {
  return changeUser(deps, id, { role, disabled });
}

/** Sets a password and ends every session but the one given. */
export async function setPassword(
  deps: AccountDeps,
  id: string,
  password: string,
  keepSessionId: string | null = null,
): Promise<User> {
  const wrong = checkPasswordForm(password);
  if (wrong) throw new InvalidError('user.invalid', wrong, { password: wrong }, 422);
  const passwordHash = await hashPassword(password);
  return inTransaction(deps.db, async (trx) => {
    const user = await findUser(trx, id);
    if (!user) throw new NotFoundError('user.not_found', `There is no user ${id}.`);
    await savePasswordHash(trx, id, passwordHash);
    await removeSessionsOf(trx, id, keepSessionId);
    return user;
  });
}

/**
 * Removes an account; the posts go to somebody else, and those that are public are told as changed.
 * @throws InvalidError `user.reassign` when the heir is the one who leaves, or gets posts and cannot publish
 * @throws ConflictError `user.last_admin`
 */
export async function deleteUser(
  deps: AccountDeps,
  id: string,
  { reassignTo }: { reassignTo: string },
): Promise<User> {
  if (id === reassignTo)
    throw new InvalidError(
      'user.reassign',
      'The posts must go to somebody else.',
      { reassign: 'Choose somebody else.' },
      422,
    );
  return inTransaction(deps.db, async (trx) => {
    const user = await findUser(trx, id);
    const heir = await findUser(trx, reassignTo);
    if (!user || !heir)
      throw new NotFoundError('user.not_found', `There is no user ${user ? reassignTo : id}.`);
    if ((await countUsers(trx)) === 1)
      throw new ConflictError('user.last', 'The last account cannot be removed.');
    if (may(user, 'site.manage')) await requireOtherAdmin(trx, id);
    const posts = await trx
      .updateTable('posts')
      .set({ author_id: heir.id })
      .where('author_id', '=', id)
      .returning(['id', 'status'])
      .execute();
    if (posts.length > 0 && !isAuthor(heir)) throw noAuthor(heir);
    for (const post of posts) {
      if (post.status !== 'published') continue;
      await deps.counters.bump(trx, `post:${post.id}`);
      await deps.hooks.actions.add(trx, 'post.updated', { postId: post.id, quiet: false });
    }
    await trx.updateTable('media').set({ user_id: heir.id }).where('user_id', '=', id).execute();
    await trx
      .updateTable('comments')
      .set({ author_user_id: null })
      .where('author_user_id', '=', id)
      .execute();
    await removeUser(trx, id);
    await deps.counters.bump(trx, 'site');
    await deps.hooks.actions.add(trx, 'user.deleted', { userId: id });
    return user;
  });
}

function noAuthor({ username, disabled }: User): InvalidError {
  const why = disabled ? 'is switched off' : 'may not publish';
  const text = `${username} ${why}, so the posts cannot go there. Choose an author, an editor or an admin.`;
  return new InvalidError('user.reassign', text, { reassign: text }, 422);
}

/** A hash that no password fits, so that an unknown name takes as long as a wrong password. */
let decoy: Promise<string> | null = null;

/** The user whose name and password these are, or null. Takes the same time either way. */
export async function checkPassword(
  deps: Pick<Deps, 'db'>,
  login: string,
  password: string,
): Promise<User | null> {
  decoy ??= hashPassword(newId());
  const found = await findLogin(deps.db, login.slice(0, 300));
  const fits = await fitsPassword(password.slice(0, 1024), found?.passwordHash ?? (await decoy));
  return found && fits && !found.user.disabled ? found.user : null;
}
