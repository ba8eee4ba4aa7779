import type { FederationContext } from '../context.ts';

/** How long news gather before a mail tells of them, in milliseconds. */
const gatherMs = 10 * 60_000;

/** Sees to it that a mail tells of what has just happened, together with what happens in the next minutes. */
export async function announceSoon(context: FederationContext): Promise<void> {
  const runAt = new Date(context.now().getTime() + gatherMs);
  await context.jobs.add(null, 'notices', {}, { uniqueKey: 'notices', runAt });
}
