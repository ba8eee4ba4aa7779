import type { FederationDatabase } from '../context.ts';

/** Those who wait for an inbox are sent nothing more: it said that it is gone. @param now ISO 8601 */
export async function suspendFollowersAt(
  db: FederationDatabase,
  inbox: string,
  now: string,
): Promise<number> {
  const result = await db
    .updateTable('plugin_federation_followers')
    .set({ state: 'suspended', suspended_at: now, suspended_why: 'gone' })
    .where('inbox', '=', inbox)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** The people on servers that have not answered for long are sent nothing more. Gives how many those are. */
export async function suspendSilentFollowers(
  db: FederationDatabase,
  host: string,
  now: string,
): Promise<number> {
  const result = await db
    .updateTable('plugin_federation_followers')
    .set({ state: 'suspended', suspended_at: now, suspended_why: 'silent' })
    .where('host', '=', host)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** A server that was silent speaks: its people are there as well. */
export async function resumeSilentFollowers(
  db: FederationDatabase,
  hosts: readonly string[],
): Promise<number> {
  const result = await db
    .updateTable('plugin_federation_followers')
    .set({ state: 'accepted', suspended_at: null, suspended_why: null })
    .where('host', 'in', hosts)
    .where('state', '=', 'suspended')
    .where('suspended_why', '=', 'silent')
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Takes a suspension back by hand, whatever it was for: of a server's people, or of one account. */
export async function resumeFollowers(
  db: FederationDatabase,
  which: { host: string } | { actorId: string },
): Promise<number> {
  let query = db
    .updateTable('plugin_federation_followers')
    .set({ state: 'accepted', suspended_at: null, suspended_why: null })
    .where('state', '=', 'suspended');
  query =
    'host' in which ? query.where('host', '=', which.host) : query.where('actor_id', '=', which.actorId);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}
