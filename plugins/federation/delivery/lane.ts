import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { resumeSilentFollowers } from '../followers/suspension.ts';
import type { Form } from '../forms/forms.ts';
import { announceSoon } from '../notices/announce-soon.ts';
import type { HostRow } from '../tables.ts';
import { longSilenceMs, orderGreeting } from './hear-from.ts';
import {
  afterAttempt,
  type HostHealth,
  type HostSign,
  healthIn,
  isOnTrial,
  isPaused,
  signOf,
  unknownHealth,
} from './host-health.ts';
import { planChain } from './lane-order.ts';
import { writeDown } from './ledger.ts';
import { messageFor } from './message.ts';
import { createPace } from './pace.ts';
import { type Sent, sendDelivery } from './send.ts';
import { type Settled, settle } from './settle.ts';
import {
  chainOf,
  type Delivery,
  endWithoutSending,
  hurryDeliveries,
  postponeDelivery,
} from './waiting-store.ts';

/** A success is written down about a server this often at most. */
const successEveryMs = 60_000;

/** What was taken back is looked at again after this time, should its removal not have come before. */
const removalTakesMs = 60_000;

/** The way to one server while deliveries go there. */
export type Lane = {
  /**
   * Takes deliveries from the list until it is empty, the server wants no more, or something on the site changed.
   * @param version that of the pages when the list was read
   */
  work(due: Delivery[], version: number): Promise<void>;
  /** Whether nothing may be sent now. */
  isPaused(): boolean;
  /** Whether the server must take one delivery before it is sent more. */
  isOnTrial(): boolean;
  notBefore(): string | null;
  /** Resolves when all results are safe. */
  written(): Promise<unknown>;
};

/** What may be sent in how short a time. */
export type LaneLimits = { perSecond: number; signal: AbortSignal };

/** Opens the way to a server. @param row what is known of it; null for nothing. @param form in which it gets posts */
export function openLane(
  context: FederationContext,
  { host, row, form, limits }: { host: string; row: HostRow | null; form: Form | null; limits: LaneLimits },
): Lane {
  const { perSecond, signal } = limits;
  let scheme = row?.scheme ?? null;
  let health = row ? healthIn(row) : unknownHealth;
  let pace = createPace(Math.min(health.pace ?? perSecond, perSecond));
  let writing: Promise<unknown>[] = [];
  let isBroken = false;

  /** What cannot be written down is told by `written`; until then no more is sent that would be sent again. */
  function write(...results: Promise<unknown>[]): void {
    writing.push(...results);
    for (const result of results)
      result.catch(() => {
        isBroken = true;
      });
  }

  /** What the attempt teaches about the server; null for nothing new. */
  function learn(sent: Sent, settled: Settled): Pick<Parameters<typeof writeDown>[1], 'change' | 'events'> {
    const now = context.now();
    const sign = signOf(sent.outcome);
    const before = health;
    if (sign !== null) {
      const toldMs = sent.outcome.kind === 'retry' ? sent.outcome.toldMs : null;
      health = afterAttempt(before, sign, { now, toldMs, chance: Math.random(), perSecond });
    }
    if (sign === 'taken') {
      const isNews =
        before.failures > 0 || before.failing_since !== null || sent.scheme !== (scheme ?? 'cavage');
      scheme = sent.scheme;
      const lately = Date.parse(before.last_success_at ?? '') || 0;
      if (!isNews && now.getTime() - lately < successEveryMs) {
        health = before;
        return { change: null, events: [] };
      }
      return { change: { ...health, scheme }, events: welcome(before, now) };
    }
    if (before.pace !== health.pace) pace = createPace(health.pace ?? perSecond);
    const error = { last_error_at: now.toISOString(), last_error: settled.error };
    return { change: { ...health, ...error }, events: eventsOf(before, health, sign, settled) };
  }

  function welcome(before: HostHealth, now: Date) {
    if (before.failing_since === null) return [];
    pace.easeIn();
    const db = tablesOf(context);
    write(hurryDeliveries(db, [host], now.toISOString()), resumeSilentFollowers(db, [host]));
    const awayMs = now.getTime() - Date.parse(before.failing_since);
    if (awayMs >= longSilenceMs) write(orderGreeting(context, null, host));
    return [{ what: 'back' as const, detail: null }];
  }

  /** What of those that wait about one object is sent now; the rest is ended or goes with it. */
  async function choose(
    delivery: Delivery,
  ): Promise<{ delivery: Delivery; carried: string[]; latestActivityId: string | null } | null> {
    if (!delivery.has_later) return { delivery, carried: [], latestActivityId: null };
    const chain = await chainOf(tablesOf(context), delivery);
    if (chain.length === 0) return null;
    const plan = planChain(chain);
    await end(plan.outdated, 'Not needed any more: what came later says it.');
    const chosen = chain.find(({ id }) => id === plan.send);
    if (!chosen) return null;
    const { carried, latestActivityId } = plan;
    const { activityId, maybeThere: _, ...itself } = chosen;
    const same = { ...delivery, ...itself, activity_id: activityId };
    return { delivery: same, carried, latestActivityId };
  }

  async function end(ids: readonly string[], text: string): Promise<void> {
    if (ids.length === 0) return;
    const now = context.now().toISOString();
    await endWithoutSending(tablesOf(context), ids, { reason: 'outdated', text, now });
  }

  async function deliver(first: Delivery): Promise<void> {
    const chosen = await choose(first);
    if (!chosen) return;
    const { delivery, carried, latestActivityId } = chosen;
    const answer = await messageFor(context, delivery.activity_id, { latestActivityId, form });
    if (answer.kind === 'outdated') return end([delivery.id, ...carried], answer.text);
    if (answer.kind === 'leaving') {
      // The removal is on its way here, and settles both.
      const until = new Date(context.now().getTime() + removalTakesMs).toISOString();
      return postponeDelivery(tablesOf(context), first.id, until);
    }
    const sent = await sendDelivery(context, delivery, { message: answer.message, known: scheme, signal });
    const settled = settle(sent.outcome, {
      attempts: delivery.attempts + 1,
      createdAt: delivery.created_at,
      now: context.now(),
      chance: Math.random(),
    });
    const entry = { deliveryId: delivery.id, carried, settled, host, goneInbox: null };
    if (!settled) {
      write(writeDown(context, { ...entry, change: null, events: [] }));
      return;
    }
    const learnt = learn(sent, settled);
    if (settled.state === 'abandoned') {
      context.log.warn({ host, delivery: delivery.id, error: settled.error }, 'a delivery was given up');
      await announceSoon(context);
    }
    const goneInbox = sent.outcome.kind === 'gone' ? delivery.inbox : null;
    write(writeDown(context, { ...entry, ...learnt, goneInbox }));
  }

  const lane: Lane = {
    async work(due, version) {
      for (let next = due.shift(); next; next = due.shift()) {
        const waitMs = pace.reserve(performance.now());
        if (waitMs > 0) await pause(waitMs, signal);
        // What was called off or changed meanwhile is seen when the list is read anew.
        if (lane.isPaused() || signal.aborted || context.pagesVersion() !== version) return;
        if (isBroken) return;
        await deliver(next);
      }
    },
    isPaused: () => isPaused(health, context.now()),
    isOnTrial: () => isOnTrial(health),
    notBefore: () => health.not_before,
    written() {
      const all = Promise.all(writing);
      writing = [];
      return all;
    },
  };
  return lane;
}

function eventsOf(before: HostHealth, after: HostHealth, sign: HostSign | null, settled: Settled) {
  const detail = settled.error;
  if (before.held_since === null && after.held_since !== null) return [{ what: 'held' as const, detail }];
  if (sign === 'limited') return [{ what: 'limited' as const, detail }];
  return [{ what: 'failed' as const, detail }];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
