import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FederationContext } from '../../../../plugins/federation/context.ts';
import { deliverLane } from '../../../../plugins/federation/delivery/deliver.ts';
import { hearFrom } from '../../../../plugins/federation/delivery/hear-from.ts';
import { putGoneObject, putLiveObject } from '../../../../plugins/federation/delivery/object-store.ts';
import { sendActivity } from '../../../../plugins/federation/delivery/send-activity.ts';
import type { FederationTables } from '../../../../plugins/federation/tables.ts';
import type { JobOutcome } from '../../../../src/jobs/job.ts';
import { FetchFailedError, FetchTimeoutError } from '../../../../src/net/fetch-errors.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

/** How the server of a run answers. `lost` takes what is sent and hangs up before it says so. */
const moods = ['ok', 'unavailable', 'unreachable', 'broken', 'lost', 'unwilling', 'busy'] as const;
type Mood = (typeof moods)[number];
type Step =
  | { kind: 'publish' | 'change' | 'remove'; post: number }
  | { kind: 'answer'; mood: Mood }
  | { kind: 'pass'; seconds: number }
  | { kind: 'hear' };
type Attempt = { inbox: string; type: string; object: string; version: number; isTaken: boolean };

const minute = 60;
const hour = 60 * minute;
const posts = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: posts.map((post) => ({ kind: 'publish' as const, post })) },
  { weight: 4, arbitrary: posts.map((post) => ({ kind: 'change' as const, post })) },
  { weight: 2, arbitrary: posts.map((post) => ({ kind: 'remove' as const, post })) },
  { weight: 4, arbitrary: fc.constantFrom(...moods).map((mood) => ({ kind: 'answer' as const, mood })) },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(10, 40, 5 * minute, hour, 7 * hour, 30 * hour)
      .map((seconds) => ({ kind: 'pass' as const, seconds })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'hear' as const }) },
);

let blog: FederatedBlog;
let run: Run;
const realTimeout = globalThis.setTimeout;
beforeAll(async () => {
  blog = await startFederatedBlog({ untilTestEnds: false });
  await blog.deps.jobs.stop();
  // What waits for others or for its turn waits for a moment of the run's own clock.
  globalThis.setTimeout = ((work: () => void) => realTimeout(work, 0)) as typeof setTimeout;
});
afterAll(async () => {
  globalThis.setTimeout = realTimeout;
  await blog.close();
});

/** A server with two inboxes and the lane that leads there. */
type Run = ReturnType<typeof newRun>;
let runs = 0;

function newRun() {
  runs += 1;
  const host = `lane-${runs}.example`;
  return {
    now: Date.parse('2026-11-20T12:00:00Z'),
    mood: 'ok' as Mood,
    laneAt: null as number | null,
    host,
    inboxes: [`https://${host}/inbox`, `https://${host}/users/one/inbox`],
    /** What each post is; nothing before it is published. */
    posts: new Map<number, { id: string; version: number; isGone: boolean }>(),
    attempts: [] as Attempt[],
    failedAt: null as number | null,
    toldUntil: 0,
    problems: [] as string[],
  };
}

const network = async (url: string | URL, request: { body?: unknown }) => {
  const activity = JSON.parse(String(request.body)) as {
    type: string;
    object: { id: string; version: number };
  };
  const { type, object } = activity;
  const inbox = String(url);
  await judge(inbox, type, object);
  const { mood } = run;
  const isTaken = mood === 'ok' || mood === 'lost';
  run.attempts.push({ inbox, type, object: object.id, version: object.version, isTaken });
  if (mood === 'unavailable' || mood === 'unreachable' || mood === 'lost') run.failedAt = run.now;
  if (mood === 'unreachable') throw new FetchFailedError(run.host, 'connect', 'No.');
  if (mood === 'lost') throw new FetchTimeoutError(run.host, 'No.');
  if (mood === 'busy') run.toldUntil = run.now + 600_000;
  const statuses = { ok: 202, unavailable: 503, broken: 500, unwilling: 422, busy: 429 };
  const headers: Record<string, string> = mood === 'busy' ? { 'retry-after': '600' } : {};
  return { status: statuses[mood], url: inbox, headers, body: Buffer.alloc(0) };
};

/** Looks at an attempt in the moment in which it is made. */
async function judge(inbox: string, type: string, object: { id: string; version: number }): Promise<void> {
  const post = [...run.posts.values()].find(({ id }) => id === object.id);
  const complain = (what: string) => run.problems.push(`${type} of ${object.id} to ${inbox}: ${what}`);
  const before = run.attempts.filter((one) => one.inbox === inbox && one.object === object.id);
  if (run.now < run.toldUntil) complain('sooner than the server asked for');
  if (run.failedAt !== null && run.now - run.failedAt < 30_000) complain('the server had just failed');
  if (type !== 'Delete' && post?.isGone) complain('the post is gone');
  if (type !== 'Delete' && post && object.version !== post.version) complain('not as the post is now');
  if (before.some((one) => one.isTaken && one.type === type && one.version === object.version)) {
    // After an answer that was lost it is sent once more.
    if (!run.attempts.some((one) => one.isTaken) || !usedMoods.has('lost')) complain('it was taken already');
  }
  const creates = await rows(object.id, inbox, 'Create');
  const isWaiting = creates.some(({ state }) => state === 'queued' || state === 'failed');
  if (type === 'Update' && isWaiting) complain('it overtook its Create');
  const mayHaveIt = before.length > 0 || creates.some(({ state }) => state === 'delivered');
  if (type === 'Delete' && !mayHaveIt) complain('nobody there has it');
}

const usedMoods = new Set<Mood>();

function rows(objectId: string, inbox: string, type?: string) {
  let query = blog.context.database
    .as<FederationTables>()
    .selectFrom('plugin_federation_deliveries')
    .selectAll()
    .where('object_id', '=', objectId)
    .where('inbox', '=', inbox);
  if (type !== undefined) query = query.where('type', '=', type);
  return query.execute();
}

/** The context that the lane gets: this run's clock, server and queue, and the real database. */
function contextOfRuns(): FederationContext {
  return {
    ...blog.context,
    now: () => new Date(run.now),
    network: network as unknown as FederationContext['network'],
    jobs: {
      add: () => Promise.resolve(),
      addAll: async (_trx, _name, inputs) => {
        for (const { runAt } of inputs) {
          const at = runAt?.getTime() ?? run.now;
          run.laneAt = Math.min(run.laneAt ?? at, at);
        }
      },
    },
  };
}

async function order(context: FederationContext, type: string, post: number): Promise<void> {
  const known = run.posts.get(post);
  if (type === 'Create' ? known !== undefined : !known || known.isGone) return;
  const id = `https://${run.host}/objects/${post}`;
  const now = { id, version: (known?.version ?? 0) + 1, isGone: type === 'Delete' };
  const object = {
    id,
    kind: 'comment',
    local_id: id,
    publication: 1,
    user_id: blog.owner.id,
    created_at: '',
  };
  await context.database.transaction<FederationTables, void>(async (trx) => {
    if (type === 'Delete') await putGoneObject(trx, { ...object, kind: 'comment' }, '');
    else await putLiveObject(trx, { ...object, kind: 'comment' });
    const activityId = `${id}/${now.version}`;
    await sendActivity(context, trx, {
      activity: {
        id: activityId,
        type,
        body: { id: activityId, type, object: { id, version: now.version } },
      },
      userId: blog.owner.id,
      objectId: id,
      to: { inboxes: run.inboxes },
    });
  });
  run.posts.set(post, now);
}

/** What the queue does: the lane runs whenever its time has come. */
async function work(context: FederationContext): Promise<void> {
  for (let turns = 0; run.laneAt !== null && run.laneAt <= run.now; turns += 1) {
    if (turns > 50) throw new Error('The lane comes again and again.');
    run.laneAt = null;
    const signal = new AbortController().signal;
    const outcome: JobOutcome = await deliverLane({ host: run.host }, context, { signal, attempts: 1 });
    if (outcome) run.laneAt = Math.min(run.laneAt ?? Number.POSITIVE_INFINITY, outcome.at.getTime());
  }
}

async function take(context: FederationContext, one: Step): Promise<void> {
  const types = { publish: 'Create', change: 'Update', remove: 'Delete' } as const;
  switch (one.kind) {
    case 'answer':
      run.mood = one.mood;
      usedMoods.add(one.mood);
      return;
    case 'pass':
      run.now += one.seconds * 1000;
      break;
    case 'hear':
      run.failedAt = null;
      await context.database.transaction<FederationTables, void>((trx) => hearFrom(context, trx, [run.host]));
      break;
    default:
      await order(context, types[one.kind], one.post);
  }
  await work(context);
}

/** What each inbox must have in the end, where nothing was refused or given up. */
async function judgeEnd(): Promise<void> {
  for (const { id, version, isGone } of run.posts.values()) {
    for (const inbox of run.inboxes) {
      const all = await rows(id, inbox);
      expect(all.filter(({ state }) => state === 'queued' || state === 'failed')).toEqual([]);
      if (all.some(({ state, reason }) => state === 'abandoned' && reason !== 'outdated')) continue;
      const taken = run.attempts.filter((one) => one.inbox === inbox && one.object === id && one.isTaken);
      if (isGone) expect(taken.at(-1)?.type ?? 'Delete', `${id} at ${inbox}`).toBe('Delete');
      else expect(taken.at(-1)?.version, `${id} at ${inbox}`).toBe(version);
    }
  }
}

test('whatever happens to a server, nobody is sent what is not true any more, and all ends with what is', async () => {
  const context = contextOfRuns();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      run = newRun();
      usedMoods.clear();
      for (const one of steps) await take(context, one);
      run.mood = 'ok';
      for (let days = 0; days < 9 && run.laneAt !== null; days += 0.25) {
        run.now = Math.max(run.laneAt, run.now);
        await work(context);
      }
      expect(run.problems).toEqual([]);
      await judgeEnd();
    }),
    { numRuns: 120, seed: 4711 },
  );
}, 60_000);
