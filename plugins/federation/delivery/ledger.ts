import type { FederationContext, FederationTransaction } from '../context.ts';
import type { FederationTables, HostRow } from '../tables.ts';
import { markDelivered, markFailed, suspendFollowersAt } from './delivery-store.ts';
import { noteHost } from './host-store.ts';
import type { Settled } from './settle.ts';

/** What an attempt is written down as. */
export type Entry = {
  deliveryId: string;
  settled: Settled;
  /** What was learnt about the server, where there is something to learn. */
  host: { name: string; change: Partial<Omit<HostRow, 'host'>> } | null;
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
      entries.filter(({ settled }) => settled.state === 'delivered'),
      ({ settled }) => settled.status ?? 202,
    );
    for (const [status, group] of arrived) {
      await markDelivered(trx, { ids: group.map(({ deliveryId }) => deliveryId), status, now });
    }
    for (const { deliveryId, settled } of entries) {
      if (settled.state !== 'delivered') await markFailed(trx, deliveryId, settled, now);
    }
    await learn(trx, entries);
  });
}

async function learn(trx: FederationTransaction, entries: readonly Entry[]): Promise<void> {
  for (const { host, goneInbox } of entries) {
    if (host) await noteHost(trx, host.name, host.change);
    if (goneInbox !== null) await suspendFollowersAt(trx, goneInbox);
  }
}
