import type { FederationContext, FederationTransaction } from '../context.ts';
import { suspendFollowersAt } from '../followers/suspension.ts';
import type { FederationTables, HostLogRow, HostRow } from '../tables.ts';
import { markDelivered, markFailed, markMaybeThere } from './delivery-store.ts';
import { logHost } from './host-log.ts';
import { noteHost } from './host-store.ts';
import type { Settled } from './settle.ts';

/** What an attempt is written down as. */
export type Entry = {
  deliveryId: string;
  /** Deliveries that arrived with it, or are given up with it. */
  carried: readonly string[];
  /** Null where we stopped in its midst: it was not tried, and may have arrived all the same. */
  settled: Settled | null;
  host: string;
  /** What was learnt about the server, where there is something to learn. */
  change: Partial<Omit<HostRow, 'host'>> | null;
  events: readonly Pick<HostLogRow, 'what' | 'detail'>[];
  /** Set when the inbox said that it is gone. */
  goneInbox: string | null;
};

/** How long results wait for each other, in milliseconds: each commit is a write to the disk. */
const gatherMs = 20;

type Ledger = { entries: Entry[]; closing: Promise<void> | null };

const ledgers = new WeakMap<FederationContext, Ledger>();

/** Writes down what became of an attempt, together with all others of the same moment; resolves once it is safe. */
export function writeDown(context: FederationContext, entry: Entry): Promise<void> {
  let ledger = ledgers.get(context);
  if (!ledger) {
    ledger = { entries: [], closing: null };
    ledgers.set(context, ledger);
  }
  const open = ledger;
  open.entries.push(entry);
  open.closing ??= new Promise((resolve) => setTimeout(resolve, gatherMs)).then(() => {
    const { entries } = open;
    open.entries = [];
    open.closing = null;
    return commit(context, entries);
  });
  return open.closing;
}

async function commit(context: FederationContext, entries: readonly Entry[]): Promise<void> {
  await context.failpoint('deliver.before-mark');
  const now = context.now().toISOString();
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const arrived = Map.groupBy(
      entries.filter(({ settled }) => settled?.state === 'delivered'),
      ({ settled }) => settled?.status ?? 202,
    );
    for (const [status, group] of arrived) {
      const ids = group.flatMap(({ deliveryId, carried }) => [deliveryId, ...carried]);
      await markDelivered(trx, { ids, status, now });
    }
    for (const { deliveryId, carried, settled } of entries) {
      if (settled === null) await markMaybeThere(trx, deliveryId);
      else if (settled.state !== 'delivered') {
        await markFailed(trx, deliveryId, settled, now);
        if (settled.state === 'abandoned') for (const id of carried) await markFailed(trx, id, settled, now);
      }
    }
    for (const entry of entries) await learn(context, trx, entry, now);
  });
}

async function learn(
  context: FederationContext,
  trx: FederationTransaction,
  { host, change, events, goneInbox }: Entry,
  now: string,
): Promise<void> {
  if (change) await noteHost(trx, host, change);
  for (const event of events) await logHost(trx, { id: context.newId(), host, at: now, ...event });
  if (goneInbox === null) return;
  const count = await suspendFollowersAt(trx, goneInbox, now);
  if (count > 0) {
    const detail = `The inbox ${goneInbox} is gone; followers there: ${count}.`;
    await logHost(trx, { id: context.newId(), host, at: now, what: 'suspended', detail });
  }
}
