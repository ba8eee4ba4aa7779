import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { User } from './user.ts';
import { findUser } from './user-store.ts';

/** How long somebody stays signed in without coming by, in milliseconds. */
export const sessionIdleMs = 30 * 24 * 3_600_000;

/** A sign-in on one device. `id` is no secret: it is the hash of the cookie's token. */
export type Session = {
  id: string;
  userId: string;
  createdAt: string;
  expiresAt: string;
  lastSeenAt: string;
  userAgent: string;
};

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Begins a session. The token goes into the cookie and is stored nowhere. */
export async function insertSession(
  db: Kysely<Schema>,
  { userId, userAgent, now }: { userId: string; userAgent: string; now: Date },
): Promise<{ token: string; session: Session }> {
  const token = randomBytes(32).toString('base64url');
  const session: Session = {
    id: idOf(token),
    userId,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + sessionIdleMs).toISOString(),
    lastSeenAt: now.toISOString(),
    userAgent: userAgent.slice(0, 300),
  };
  await db
    .insertInto('sessions')
    .values({
      id: session.id,
      user_id: userId,
      created_at: session.createdAt,
      expires_at: session.expiresAt,
      last_seen_at: session.lastSeenAt,
      user_agent: session.userAgent,
    })
    .execute();
  return { token, session };
}

/** Who the cookie's token belongs to; null when it is unknown, has run out, or its user may not sign in. Seen at most once an hour, it lives on. */
export async function findSession(
  db: Kysely<Schema>,
  token: string,
  now: Date,
): Promise<{ user: User; session: Session } | null> {
  const row = await db.selectFrom('sessions').selectAll().where('id', '=', idOf(token)).executeTakeFirst();
  if (!row || row.expires_at <= now.toISOString()) return null;
  const user = await findUser(db, row.user_id);
  if (!user || user.disabled) return null;
  if (now.getTime() - Date.parse(row.last_seen_at) > 3_600_000) {
    await db
      .updateTable('sessions')
      .set({
        last_seen_at: now.toISOString(),
        expires_at: new Date(now.getTime() + sessionIdleMs).toISOString(),
      })
      .where('id', '=', row.id)
      .execute();
  }
  const session = {
    id: row.id,
    userId: row.user_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastSeenAt: row.last_seen_at,
    userAgent: row.user_agent,
  };
  return { user, session };
}

/** A user's sessions, last seen first. */
export async function listSessions(db: Kysely<Schema>, userId: string): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('last_seen_at', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastSeenAt: row.last_seen_at,
    userAgent: row.user_agent,
  }));
}

export async function removeSession(db: Kysely<Schema>, id: string): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', id).execute();
}

/** Ends all of a user's sessions, but for one that may stay. */
export async function removeSessionsOf(
  db: Kysely<Schema>,
  userId: string,
  exceptId: string | null = null,
): Promise<void> {
  let query = db.deleteFrom('sessions').where('user_id', '=', userId);
  if (exceptId !== null) query = query.where('id', '<>', exceptId);
  await query.execute();
}

export async function removeExpiredSessions(db: Kysely<Schema>, now: string): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
}
