import { forgetOldKeys } from './actors/keys.ts';
import type { FederationContext } from './context.ts';
import { tablesOf } from './context.ts';
import { dropDeadFollowers } from './delivery/tend-hosts.ts';

const dayMs = 86_400_000;

/**
 * Removes what has served its time: received ids and deletions after a month (nobody sends that again), answers whose
 * place nobody knows after two weeks, delivered messages after three months, followers who have been dead for a month,
 * and strangers who were met once and wrote, like and follow nothing here.
 */
export async function keepHouse(_payload: unknown, context: FederationContext): Promise<void> {
  const db = tablesOf(context);
  const before = (days: number) => new Date(context.now().getTime() - days * dayMs).toISOString();
  await db.deleteFrom('plugin_federation_inbox').where('received_at', '<', before(30)).execute();
  await db.deleteFrom('plugin_federation_gone').where('at', '<', before(30)).execute();
  await db
    .deleteFrom('plugin_federation_answers')
    .where('state', '=', 'waiting')
    .where('created_at', '<', before(14))
    .execute();
  await db
    .deleteFrom('plugin_federation_deliveries')
    .where('state', '=', 'delivered')
    .where('created_at', '<', before(90))
    .execute();
  await dropDeadFollowers(context);
  // A quote that was turned down stays so; of the rest the rules say the same again.
  await db
    .deleteFrom('plugin_federation_authorizations')
    .where('state', '=', 'refused')
    .where('kind', '<>', 'quote')
    .where('created_at', '<', before(30))
    .execute();
  await db.deleteFrom('plugin_federation_unknown_handles').where('at', '<', before(90)).execute();
  await removeStrangers(context, before(30));
  await forgetOldKeys(context, before(7));
}

/** Comments and reactions keep the name and picture of their author themselves. */
async function removeStrangers(context: FederationContext, seenBefore: string): Promise<void> {
  const db = tablesOf(context);
  const strangers = await db
    .selectFrom('plugin_federation_actors as a')
    .select('a.id')
    .where('a.last_seen_at', '<', seenBefore)
    .where('a.id', 'not in', (eb) => eb.selectFrom('plugin_federation_followers').select('actor_id'))
    .where('a.id', 'not in', (eb) => eb.selectFrom('plugin_federation_mentions').select('actor_id'))
    .where('a.id', 'not in', (eb) => eb.selectFrom('plugin_federation_quotes').select('actor_id'))
    .where('a.id', 'not in', (eb) => eb.selectFrom('plugin_federation_following').select('actor_id'))
    .where('a.id', 'not in', (eb) =>
      eb
        .selectFrom('plugin_federation_communities')
        .select('actor_id')
        .where('actor_id', 'is not', null)
        .$narrowType<{ actor_id: string }>(),
    )
    .limit(5000)
    .execute();
  for (let start = 0; start < strangers.length; start += 500) {
    const ids = strangers.slice(start, start + 500).map((row) => row.id);
    await db.deleteFrom('plugin_federation_actors').where('id', 'in', ids).execute();
  }
}
