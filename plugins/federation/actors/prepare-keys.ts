import { SITE } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { ensureKey } from './keys.ts';

/** Long enough for a start to be over: making a key takes a core for as long as many pages do. */
const PAUSE_MS = 15_000;

/**
 * Orders keys for the authors who have none yet, so that hardly anybody who asks for an actor has to wait for one; who
 * asks sooner gets theirs made at once.
 */
export async function orderKeys(context: FederationContext): Promise<void> {
  if ((await withoutKey(context)).length === 0) return;
  const runAt = new Date(context.now().getTime() + PAUSE_MS);
  await context.jobs.add(null, 'keys', {}, { uniqueKey: 'keys', runAt });
}

/** Makes the keys that are missing. */
export async function prepareKeys(_payload: unknown, context: FederationContext): Promise<void> {
  for (const userId of await withoutKey(context)) await ensureKey(context, userId);
}

async function withoutKey(context: FederationContext): Promise<string[]> {
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_keys')
    .select('user_id')
    .where('proof_sealed', 'is not', null)
    .execute();
  const known = new Set(rows.map((row) => row.user_id));
  const authors = (await context.users.list()).filter((user) => user.isAuthor);
  return [SITE, ...authors.map((user) => user.id)].filter((id) => !known.has(id));
}
