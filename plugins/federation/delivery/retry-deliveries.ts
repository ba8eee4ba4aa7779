import type { FederationContext } from '../context.ts';
import type { FederationTables } from '../tables.ts';
import { type DeliveryFilter, reviveDeliveries } from './delivery-store.ts';
import { logHost } from './host-log.ts';
import { openLanes } from './send-activity.ts';

/**
 * Tries at once what failed or was given up. A server that failed shows with one delivery whether it is back, before it
 * is sent the rest. Gives how many deliveries, and the servers they go to.
 */
export async function retryDeliveries(
  context: FederationContext,
  filter: DeliveryFilter,
): Promise<{ count: number; hosts: string[] }> {
  const now = context.now().toISOString();
  return context.database.transaction<FederationTables, { count: number; hosts: string[] }>(async (trx) => {
    const revived = await reviveDeliveries(trx, filter, now);
    for (let start = 0; start < revived.hosts.length; start += 500) {
      await trx
        .updateTable('plugin_federation_hosts')
        .set((eb) => ({
          hold: null,
          // Kept as a moment that is past: it is on trial.
          not_before: eb.case().when('failures', '>', 0).then(now).else(null).end(),
        }))
        .where('host', 'in', revived.hosts.slice(start, start + 500))
        .execute();
    }
    if (filter.host !== undefined && revived.count > 0) {
      const detail = `${revived.count} sent again by hand.`;
      await logHost(trx, { id: context.newId(), host: filter.host, at: now, what: 'retried', detail });
    }
    await openLanes(context, trx, revived.hosts);
    return revived;
  });
}
