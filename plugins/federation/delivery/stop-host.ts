import { NotFoundError } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { resumeFollowers } from '../followers/suspension.ts';
import type { FederationTables } from '../tables.ts';
import { logHost } from './host-log.ts';
import { findHost } from './host-store.ts';
import { openLanes } from './send-activity.ts';
import { hurryDeliveries } from './waiting-store.ts';

/**
 * Sends nothing more to a server until somebody says so; what is to go there waits.
 * @throws NotFoundError where nothing ever went there
 */
export async function stopHost(context: FederationContext, host: string): Promise<void> {
  const at = context.now().toISOString();
  await context.database.transaction<FederationTables, void>(async (trx) => {
    await knownHost(trx, host);
    await trx
      .updateTable('plugin_federation_hosts')
      .set({ hold: 'owner' })
      .where('host', '=', host)
      .execute();
    await logHost(trx, { id: context.newId(), host, at, what: 'stopped' });
  });
}

/**
 * Sends to a server again: what was stopped by hand, held, or suspended. Gives how many followers there are sent posts
 * again.
 * @throws NotFoundError where nothing ever went there
 */
export async function resumeHost(context: FederationContext, host: string): Promise<number> {
  const at = context.now().toISOString();
  return context.database.transaction<FederationTables, number>(async (trx) => {
    await knownHost(trx, host);
    await trx
      .updateTable('plugin_federation_hosts')
      .set((eb) => ({
        hold: null,
        held_since: null,
        // It is tried anew, as if the week had just begun.
        failing_since: eb.case().when('failing_since', 'is', null).then(null).else(at).end(),
        not_before: eb.case().when('failures', '>', 0).then(at).else(null).end(),
      }))
      .where('host', '=', host)
      .execute();
    const followers = await resumeFollowers(trx, { host });
    const detail = followers === 0 ? null : `Followers there: ${followers}.`;
    await logHost(trx, { id: context.newId(), host, at, what: 'released', detail });
    await hurryDeliveries(trx, [host], at);
    await openLanes(context, trx, [host]);
    return followers;
  });
}

async function knownHost(db: Parameters<typeof findHost>[0], host: string): Promise<void> {
  if (await findHost(db, host)) return;
  throw new NotFoundError('federation.unknown_server', `Nothing was ever sent to ${host}.`);
}
