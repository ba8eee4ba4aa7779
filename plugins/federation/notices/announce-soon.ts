import type { FederationContext } from '../context.ts';

/** How long news gather before a mail tells of them, in milliseconds. */
const gatherMs = 10 * 60_000;
/** For so long after ordering a mail no other is ordered: it will tell of what happens meanwhile. */
const coveredMs = 60_000;

type Order = { runAt: number; coveredUntil: number };
const orders = new WeakMap<FederationContext, Order>();

/** Sees to it that a mail tells of what has just happened, together with what happens in the next minutes. */
export async function announceSoon(context: FederationContext): Promise<void> {
  const now = context.now().getTime();
  const order = orders.get(context);
  if (order && now < order.coveredUntil) return;
  const runAt = order && now < order.runAt ? order.runAt : now + gatherMs;
  await context.jobs.add(null, 'notices', {}, { uniqueKey: 'notices', runAt: new Date(runAt) });
  // Near the mail's own time every piece of news asks again: it may go out at any moment.
  orders.set(context, { runAt, coveredUntil: Math.min(now + coveredMs, runAt - coveredMs) });
}
