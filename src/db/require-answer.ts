import { sql } from 'kysely';
import { ConfigError } from '../errors.ts';
import type { Database } from './open.ts';

/** A database's address without the password. */
export function maskedUrl(url: string): string {
  return url.replace(/\/\/[^@]*@/, '//…@');
}

/**
 * Asks the database whether it is there, before anything relies on it.
 * @throws ConfigError that names the address without its password
 */
export async function requireAnswer(db: Database, url: string): Promise<void> {
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/gu, ' ') : String(error);
    throw new ConfigError(`DATABASE_URL=${maskedUrl(url)} cannot be used: ${reason}.`);
  }
}
