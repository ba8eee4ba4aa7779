import type { Database } from '../db/open.ts';
import type { Deps } from '../deps.ts';
import { ConfigError } from '../errors.ts';
import { getSetting, putSetting } from './setting-store.ts';

const key = 'origin.kept';
/** By database, so that several blogs in one process do not mix. */
const kept = new WeakSet<object>();

/** Remembers that others know this site by its present address. Cheap when it is known already. */
export async function keepOrigin({ db, config }: Pick<Deps, 'db' | 'config'>): Promise<void> {
  if (kept.has(db)) return;
  if ((await getSetting(db, key)) === undefined) await putSetting(db, key, config.origin);
  kept.add(db);
}

/**
 * Refuses to start under another address than the one that others know: every id would be another.
 * @throws ConfigError
 */
export async function requireKeptOrigin(db: Database, origin: string): Promise<void> {
  const known = await getSetting(db, key);
  if (typeof known !== 'string' || known === origin) return;
  throw new ConfigError(
    `OUTPOST_URL=${origin} cannot be used: other servers know this blog as ${known}, and its authors and posts would be strangers to them under another address; set OUTPOST_URL=${known}.`,
  );
}
