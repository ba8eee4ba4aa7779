import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';

const windowSeconds = 300;
/** One address may speak for several servers and for requests that are refused. */
const perAddress = 20;
/** What each follower adds to what their server may send. */
const perFollower = 5;

type Wait = { retryAfterSeconds: number } | null;

/** Counts a request before anything is known of it. */
export async function countRequest(context: FederationContext, ip: string): Promise<Wait> {
  const { inboxPerHost } = await context.settings.get();
  return context.rateLimit(`inbox ip ${ip}`, { max: inboxPerHost * perAddress, windowSeconds });
}

/** Counts an activity whose signer is proven: nobody uses up what another may send. */
export async function countArrival(context: FederationContext, signerId: string): Promise<Wait> {
  const { inboxPerActor, inboxPerHost } = await context.settings.get();
  const actor = await context.rateLimit(`inbox actor ${signerId}`, { max: inboxPerActor, windowSeconds });
  if (actor) return actor;
  const { host } = new URL(signerId);
  const max = inboxPerHost + perFollower * (await followersFrom(context, host));
  return context.rateLimit(`inbox host ${host}`, { max, windowSeconds });
}

type Counted = { count: number; until: number };
const counts = new WeakMap<FederationContext, Map<string, Counted>>();
const mostHosts = 5000;

/** How many followers a server has here, at most a minute old. */
async function followersFrom(context: FederationContext, host: string): Promise<number> {
  let known = counts.get(context);
  if (!known || known.size > mostHosts) {
    known = new Map();
    counts.set(context, known);
  }
  const found = known.get(host);
  if (found && found.until > Date.now()) return found.count;
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_followers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('host', '=', host)
    .executeTakeFirst();
  const count = Number(row?.count ?? 0);
  known.set(host, { count, until: Date.now() + 60_000 });
  return count;
}
