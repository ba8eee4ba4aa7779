import type { HealthCheck, Metric } from 'outpost/plugin';
import { lengthInWords } from './admin/delivery-words.ts';
import type { FederationContext } from './context.ts';
import { deliveryFigures } from './delivery/delivery-figures.ts';

const late = 10 * 60_000;

/** What `outpost doctor` asks about federation. */
export const healthChecks: readonly HealthCheck<FederationContext>[] = [
  {
    name: 'address',
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
    name: 'deliveries',
    async run(context) {
      const { waiting, oldestOrderedAt, lateSince, servers } = await deliveryFigures(context);
      const now = context.now();
      const depth = waiting.queued + waiting.failed;
      const since = oldestOrderedAt === null ? '' : `, the oldest for ${lengthInWords(oldestOrderedAt, now)}`;
      const parts = [
        depth === 0 ? 'Nothing waits.' : `${depth} wait${since}; ${waiting.failed} of them failed before.`,
      ];
      if (servers.held > 0) parts.push(`The mail of ${servers.held} servers is held.`);
      if (servers.failing > 0) parts.push(`${servers.failing} more have trouble.`);
      const detail = parts.join(' ');
      if (lateSince !== null && now.getTime() - Date.parse(lateSince) > late) {
        return { status: 'warning', detail, remedy: 'Start the server: deliveries run there.' };
      }
      return { status: 'ok', detail };
    },
  },
];

/** What `/metrics` tells about federation. */
export async function federationMetrics(context: FederationContext): Promise<readonly Metric[]> {
  const { waiting, oldestOrderedAt, servers } = await deliveryFigures(context);
  const { total: _, ...byHealth } = servers;
  const ageMs = oldestOrderedAt === null ? 0 : context.now().getTime() - Date.parse(oldestOrderedAt);
  return [
    {
      name: 'outpost_federation_deliveries_waiting',
      about: 'Deliveries that wait; those that failed before are tried again.',
      values: Object.entries(waiting).map(([state, value]) => ({ labels: { state }, value })),
    },
    {
      name: 'outpost_federation_deliveries_oldest_seconds',
      about: 'How long ago the oldest waiting delivery was ordered.',
      values: [{ value: Math.max(0, ageMs / 1000) }],
    },
    {
      name: 'outpost_federation_servers',
      about: 'Other servers by how they do; the mail of those that are held waits.',
      values: Object.entries(byHealth).map(([health, value]) => ({ labels: { health }, value })),
    },
  ];
}
