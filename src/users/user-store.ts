import { type Kysely, sql } from 'kysely';
import type { Schema, UserRow } from '../db/schema.ts';
import type { ProfileLink, Role, User } from './user.ts';

function toUser(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    email: row.email,
    // Only our own code writes these columns.
    role: row.role as Role,
    bio: row.bio,
    avatarId: row.avatar_id,
    headerId: row.header_id,
    links: JSON.parse(row.links) as ProfileLink[],
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The form of a username or e-mail address under which two count as the same. */
export function loginKey(text: string): string {
  return text.trim().normalize('NFKC').toLowerCase();
}

export async function findUser(db: Kysely<Schema>, id: string): Promise<User | null> {
  const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toUser(row) : null;
}

export async function findUsers(db: Kysely<Schema>, ids: readonly string[]): Promise<Map<string, User>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('users').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, toUser(row)]));
}

export async function findUserByUsername(db: Kysely<Schema>, username: string): Promise<User | null> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('username_key', '=', loginKey(username))
    .executeTakeFirst();
  return row ? toUser(row) : null;
}

/** By username or e-mail address, with the hash of the password. */
export async function findLogin(
  db: Kysely<Schema>,
  login: string,
): Promise<{ user: User; passwordHash: string } | null> {
  const key = loginKey(login);
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where((eb) => eb.or([eb('username_key', '=', key), eb('email_key', '=', key)]))
    .orderBy(sql`case when username_key = ${key} then 0 else 1 end`)
    .executeTakeFirst();
  return row ? { user: toUser(row), passwordHash: row.password_hash } : null;
}

/** Everybody with an account, newest first. */
export async function listUsers(
  db: Kysely<Schema>,
  { limit = 50, after }: { limit?: number; after?: string | undefined } = {},
): Promise<User[]> {
  let query = db.selectFrom('users').selectAll().orderBy('id', 'desc').limit(limit);
  if (after !== undefined) query = query.where('id', '<', after);
  return (await query.execute()).map(toUser);
}

export async function countUsers(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** How many may manage the site, besides that one. */
export async function countAdmins(db: Kysely<Schema>, exceptId: string): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .where('id', '<>', exceptId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function insertUser(db: Kysely<Schema>, user: User, passwordHash: string): Promise<void> {
  await db
    .insertInto('users')
    .values({ ...toRow(user), password_hash: passwordHash })
    .execute();
}

export async function saveUser(db: Kysely<Schema>, user: User): Promise<void> {
  const { id, ...columns } = toRow(user);
  await db.updateTable('users').set(columns).where('id', '=', id).execute();
}

export async function savePasswordHash(db: Kysely<Schema>, id: string, passwordHash: string): Promise<void> {
  await db.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).execute();
}

export async function removeUser(db: Kysely<Schema>, id: string): Promise<void> {
  await db.deleteFrom('users').where('id', '=', id).execute();
}

function toRow(user: User): Omit<UserRow, 'password_hash'> {
  return {
    id: user.id,
    username: user.username,
    username_key: loginKey(user.username),
    name: user.name,
    email: user.email,
    email_key: loginKey(user.email),
    role: user.role,
    bio: user.bio,
    avatar_id: user.avatarId,
    header_id: user.headerId,
    links: JSON.stringify(user.links),
    disabled: user.disabled ? 1 : 0,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}
