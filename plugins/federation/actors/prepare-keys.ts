import { SITE } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { ensureKey } from './keys.ts';

/** Orders keys for the authors who have none yet, so that nobody who asks for an actor has to wait for one. */
export async function orderKeys(context: FederationContext): Promise<void> {
  if ((await withoutKey(context)).length > 0) await context.jobs.add(null, 'keys', {}, { uniqueKey: 'keys' });
}

/** Makes the keys that are missing. */
export async function prepareKeys(_payload: unknown, context: FederationContext): Promise<void> {
  for (const userId of await withoutKey(context)) await ensureKey(context, userId);
}

async function withoutKey(context: FederationContext): Promise<string[]> {
  const rows = await tablesOf(context).selectFrom('plugin_federation_keys').select('user_id').execute();
  const known = new Set(rows.map((row) => row.user_id));
  const authors = (await context.users.list()).filter((user) => user.isAuthor);
  return [SITE, ...authors.map((user) => user.id)].filter((id) => !known.has(id));
}
