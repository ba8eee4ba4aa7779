import type { HealthCheck } from 'outpost/plugin';
import type { FederationContext } from './context.ts';
import { tablesOf } from './context.ts';
import { countDeliveries } from './delivery/delivery-list.ts';
import { listPeers } from './delivery/peer-list.ts';

const late = 10 * 60_000;

/** What `outpost doctor` asks about federation. */
export const healthChecks: readonly HealthCheck<FederationContext>[] = [
  {
    name: 'federation-address',
    async run({ origin }) {
      const { hostname, protocol } = new URL(origin);
      const isLocal =
        hostname === 'localhost' || hostname.endsWith('.localhost') || /^[\d.]+$|^\[/.test(hostname);
      if (!isLocal && protocol === 'https:')
        return { status: 'ok', detail: `Others find the authors at ${origin}.` };
      return {
        status: 'warning',
        detail: `Nobody outside can follow an author at ${origin}.`,
        remedy: 'Set OUTPOST_URL to the public https address before you tell anybody your handle.',
      };
    },
  },
  {
    name: 'federation-deliveries',
    async run(context) {
      const db = tablesOf(context);
      const now = context.now();
      const { queued, failed, abandoned } = await countDeliveries(db, {});
      const oldest = await db
        .selectFrom('plugin_federation_deliveries')
        .select((eb) => eb.fn.min('next_attempt_at').as('at'))
        .where('state', '=', 'queued')
        .executeTakeFirst();
      const detail = `${queued} wait, ${failed} will be tried again, ${abandoned} were given up.`;
      if (oldest?.at && now.getTime() - Date.parse(oldest.at) > late) {
        return { status: 'warning', detail, remedy: 'Start the server: deliveries run there.' };
      }
      const peers = await listPeers(db, { now: now.toISOString(), limit: 10_000 });
      const failing = peers.filter(({ health }) => health === 'failing' || health === 'held').length;
      return { status: 'ok', detail: failing === 0 ? detail : `${detail} ${failing} servers have trouble.` };
    },
  },
];
