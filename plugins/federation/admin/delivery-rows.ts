import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import {
  countDeliveries,
  countNotNeeded,
  type DeliveryEntry,
  type DeliveryState,
  listDeliveries,
  notNeeded,
} from '../delivery/delivery-list.ts';
import { healthOfHosts } from '../delivery/peer-list.ts';
import { nextInWords, whyInWords } from './delivery-words.ts';
import { type TimeView, timeView } from './present.ts';

/** How far deliveries have come. */
export type BarView = {
  total: number;
  done: number;
  waiting: number;
  failed: number;
  abandoned: number;
  isMoving: boolean;
};

/** Which deliveries a page is about. */
export type DeliveryScope = {
  postId?: string | undefined;
  userId?: string | undefined;
  host?: string | undefined;
};

/** Counts as a bar shows them: `failed` comes again, `abandoned` does not. What was not needed does not count. */
export async function barFor(context: FederationContext, scope: DeliveryScope): Promise<BarView> {
  const db = tablesOf(context);
  const [{ queued, delivered, failed, abandoned }, unneeded] = await Promise.all([
    countDeliveries(db, scope),
    countNotNeeded(db, scope),
  ]);
  const given = abandoned - unneeded;
  const total = queued + delivered + failed + given;
  return { total, done: delivered, waiting: queued, failed, abandoned: given, isMoving: queued > 0 };
}

/** A delivery as tables show it. */
export type DeliveryRowView = {
  host: string;
  hostHref: string | null;
  what: string;
  state: { text: string; className: string };
  why: string;
  next: string;
  attempts: number;
  at: TimeView;
};

const states = {
  delivered: { text: 'Delivered', className: 'published' },
  queued: { text: 'Waiting', className: 'pending' },
  failed: { text: 'Will be tried again', className: 'pending' },
  abandoned: { text: 'Given up', className: 'wrong' },
} as const;
const unneeded = { text: 'Not needed', className: 'draft' } as const;
const deeds: Readonly<Record<string, string>> = {
  Create: 'New',
  Update: 'Change',
  Delete: 'Removal',
  Accept: 'Accepted follower',
  Announce: 'Boost',
};

/**
 * Deliveries in some states, as tables show them.
 * @param options.linked whether the reader may open the pages of servers
 */
export async function deliveryRows(
  context: FederationContext,
  scope: DeliveryScope,
  options: { states: readonly DeliveryState[]; limit: number; linked: boolean },
): Promise<DeliveryRowView[]> {
  const db = tablesOf(context);
  const { limit, linked } = options;
  const lists = options.states.map((state) => listDeliveries(db, { ...scope, state, limit }));
  const entries = (await Promise.all(lists)).flat().slice(0, limit);
  const now = context.now();
  const hosts = [...new Set(entries.map(({ host }) => host))];
  const servers = await healthOfHosts(db, hosts, now.toISOString());
  const present = (entry: DeliveryEntry): DeliveryRowView => ({
    host: entry.host,
    hostHref: linked ? serverHref(context, entry.host) : null,
    what: deeds[entry.type] ?? entry.type,
    state: entry.reason !== null && notNeeded.includes(entry.reason) ? unneeded : states[entry.state],
    why: entry.state === 'delivered' ? '' : whyInWords(entry),
    next: nextInWords(entry, servers.get(entry.host), now),
    attempts: entry.attempts,
    at: timeView(entry.deliveredAt ?? entry.createdAt),
  });
  return entries.map(present);
}

/** The page of a server. */
export function serverHref(context: FederationContext, host: string): string {
  return context.urls.admin(`servers/${encodeURIComponent(host)}`);
}
