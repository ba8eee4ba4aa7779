import { fetchActor } from '../actors/remote-actors.ts';
import { type FederationContext, type FederationDatabase, tablesOf } from '../context.ts';
import { resumeFollowers, resumeSilentFollowers, suspendSilentFollowers } from '../followers/suspension.ts';
import { logHost } from './host-log.ts';
import { openLanes } from './send-activity.ts';

const minute = 60_000;
const dayMs = 24 * 60 * minute;
/** What should have been sent this long ago has no lane. */
const lateMs = 5 * minute;
/** After failing for so long the people there are sent nothing more. */
const silentMs = 7 * dayMs;
/** After so long without a sign of life they are followers no more. */
const goneMs = 30 * dayMs;
const mostAtOnce = 1000;
const mostVisits = 20;

/** Sees to it that whatever waits is on its way, and that nothing is sent to servers that are dead: a job, now and then. */
export async function tendHosts(_payload: unknown, context: FederationContext): Promise<void> {
  const db = tablesOf(context);
  const before = (ms: number) => new Date(context.now().getTime() - ms).toISOString();
  const late = await db
    .selectFrom('plugin_federation_deliveries')
    .select('host')
    .distinct()
    .where('state', 'in', ['queued', 'failed'])
    .where('next_attempt_at', '<', before(lateMs))
    .limit(mostAtOnce)
    .execute();
  await openLanes(
    context,
    null,
    late.map((row) => row.host),
  );
  await suspendSilentHosts(context, db);
}

async function suspendSilentHosts(context: FederationContext, db: FederationDatabase): Promise<void> {
  const now = context.now();
  const rows = await db
    .selectFrom('plugin_federation_hosts')
    .select(['host', 'failing_since', 'last_error_at'])
    .where('failing_since', '<', new Date(now.getTime() - silentMs).toISOString())
    .limit(mostAtOnce)
    .execute();
  // Failing now and long ago: a server that was tried once, a week ago, has not been silent for a week.
  const silent = rows.filter((row) => spanMs(row) >= silentMs);
  if (silent.length === 0 || (await isOurOwnFault(db, now))) return;
  for (const { host } of silent) {
    const iso = now.toISOString();
    const count = await suspendSilentFollowers(db, host, iso);
    if (count === 0) continue;
    const detail = `It has not answered for a week; followers there: ${count}.`;
    await logHost(db, { id: context.newId(), host, at: iso, what: 'suspended', detail });
    context.log.warn({ host, followers: count }, 'a server was silent for a week; nothing is sent there');
  }
}

function spanMs(row: { failing_since: string | null; last_error_at: string | null }): number {
  return Date.parse(row.last_error_at ?? '') - Date.parse(row.failing_since ?? '') || 0;
}

/** Where nobody at all was reached for two days, it is this site that has no way out. */
async function isOurOwnFault(db: FederationDatabase, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('plugin_federation_hosts')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max('last_success_at').as('reachedAt')])
    .executeTakeFirst();
  const reachedMs = Date.parse(row?.reachedAt ?? '') || 0;
  return Number(row?.count ?? 0) >= 3 && now.getTime() - reachedMs > 2 * dayMs;
}

/**
 * Lets go of followers who have been sent nothing for a month and gave no sign of life: not they, and where the server or
 * its common inbox was the reason, nobody there. Whoever speaks before is sent posts again at once.
 */
export async function dropDeadFollowers(context: FederationContext): Promise<void> {
  const db = tablesOf(context);
  await visitSilentHosts(context);
  const before = new Date(context.now().getTime() - goneMs).toISOString();
  const dead = await db
    .selectFrom('plugin_federation_followers as f')
    .leftJoin('plugin_federation_actors as a', 'a.id', 'f.actor_id')
    .select(['f.user_id', 'f.actor_id', 'f.host', 'f.inbox', 'f.suspended_at', 'a.shared_inbox'])
    .where('f.state', '=', 'suspended')
    .where('f.suspended_at', '<', before)
    .limit(5000)
    .execute();
  const alive = new Map<string, boolean>();
  for (const row of dead) {
    if (row.inbox === row.shared_inbox) {
      const isAlive = alive.get(row.host) ?? (await wasHeard(db, row.host, row.suspended_at ?? before));
      alive.set(row.host, isAlive);
      if (isAlive) {
        await resumeFollowers(db, { actorId: row.actor_id });
        continue;
      }
    }
    await db
      .deleteFrom('plugin_federation_followers')
      .where('user_id', '=', row.user_id)
      .where('actor_id', '=', row.actor_id)
      .where('state', '=', 'suspended')
      .execute();
  }
  if (dead.length > 0) context.log.info({ followers: dead.length }, 'let go of followers who are gone');
}

async function wasHeard(db: FederationDatabase, host: string, since: string): Promise<boolean> {
  const row = await db
    .selectFrom('plugin_federation_inbox as i')
    .innerJoin('plugin_federation_actors as a', 'a.id', 'i.actor_id')
    .select('i.id')
    .where('a.host', '=', host)
    .where('i.received_at', '>', since)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Nothing is sent to them any more that could show that they are back; so they are asked for somebody. */
async function visitSilentHosts(context: FederationContext): Promise<void> {
  const db = tablesOf(context);
  const rows = await db
    .selectFrom('plugin_federation_followers')
    .select((eb) => ['host', eb.fn.min('actor_id').as('actor_id'), eb.fn.min('suspended_at').as('since')])
    .where('state', '=', 'suspended')
    .where('suspended_why', '=', 'silent')
    .groupBy('host')
    .orderBy('since')
    .limit(mostVisits)
    .execute();
  for (const { host, actor_id } of rows) {
    const answer = await fetchActor(context, actor_id, { maxAgeMs: 0 });
    if (answer.kind !== 'actor') continue;
    await resumeSilentFollowers(db, [host]);
    const at = context.now().toISOString();
    await logHost(db, { id: context.newId(), host, at, what: 'resumed', detail: 'It answers again.' });
  }
}
