import type { FederationContext } from '../context.ts';
import type { FederationTables } from '../tables.ts';
import { type DeliveryFilter, reviveDeliveries } from './delivery-store.ts';
import { openLanes } from './send-activity.ts';

/** Tries at once what failed or was given up. Gives how many deliveries, and the servers they go to. */
export async function retryDeliveries(
  context: FederationContext,
  filter: DeliveryFilter,
): Promise<{ count: number; hosts: string[] }> {
  const now = context.now().toISOString();
  return context.database.transaction<FederationTables, { count: number; hosts: string[] }>(async (trx) => {
    const revived = await reviveDeliveries(trx, filter, now);
    if (revived.hosts.length > 0) {
      await trx
        .updateTable('plugin_federation_hosts')
        .set({ not_before: null })
        .where('host', 'in', revived.hosts)
        .execute();
    }
    await openLanes(context, trx, revived.hosts);
    return revived;
  });
}
