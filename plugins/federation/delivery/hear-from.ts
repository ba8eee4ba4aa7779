import type { FederationContext, FederationTransaction } from '../context.ts';
import { resumeSilentFollowers } from '../followers/suspension.ts';
import { logHost } from './host-log.ts';
import { noteHeard } from './host-store.ts';
import { openLanes } from './send-activity.ts';
import { hurryDeliveries } from './waiting-store.ts';

/** After so long a silence a server is told who the authors are, which also makes it send to us again. */
export const longSilenceMs = 48 * 3_600_000;

/**
 * Notes that these servers sent something that was verified. For those that seemed dead everything begins again: one
 * delivery shows whether they take anything, and their people are sent posts again. One statement where none did.
 */
export async function hearFrom(
  context: FederationContext,
  trx: FederationTransaction,
  hosts: readonly string[],
): Promise<void> {
  const now = context.now();
  const back = await noteHeard(trx, hosts, now);
  if (back.length === 0) return;
  const names = back.map(({ host }) => host);
  await resumeSilentFollowers(trx, names);
  await hurryDeliveries(trx, names, now.toISOString());
  for (const { host, failingSince } of back) {
    await logHost(trx, { id: context.newId(), host, at: now.toISOString(), what: 'heard' });
    if (now.getTime() - Date.parse(failingSince) >= longSilenceMs) await orderGreeting(context, trx, host);
  }
  await openLanes(context, trx, names);
}

/** Has a server that was away for long told who the authors are. */
export async function orderGreeting(
  context: FederationContext,
  trx: FederationTransaction | null,
  host: string,
): Promise<void> {
  await context.jobs.add(trx, 'greet', { host }, { uniqueKey: host });
}
