import type { HostRow } from '../tables.ts';
import type { DeliveryOutcome } from './outcome.ts';
import { withChance } from './retry-schedule.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How a server does, as far as sending to it goes. */
export type HostHealth = Pick<
  HostRow,
  'failures' | 'failing_since' | 'held_since' | 'not_before' | 'pace' | 'last_success_at'
>;

/** A server of which nothing is known. */
export const unknownHealth: HostHealth = {
  failures: 0,
  failing_since: null,
  held_since: null,
  not_before: null,
  pace: null,
  last_success_at: null,
};

/** The part of what is known of a server that is its health. */
export function healthIn(row: HostRow): HostHealth {
  const { failures, failing_since, held_since, not_before, pace, last_success_at } = row;
  return { failures, failing_since, held_since, not_before, pace, last_success_at };
}

/**
 * What an attempt says about the server, not about the message: it took one; it answered, and did not want this one; it
 * wants fewer; it is down; or it may be either, as with a 500 that one message alone can cause.
 */
export type HostSign = 'taken' | 'answered' | 'limited' | 'down' | 'doubtful';

/** What an outcome says about the server; null for nothing. */
export function signOf(outcome: DeliveryOutcome): HostSign | null {
  switch (outcome.kind) {
    case 'interrupted':
      return null;
    case 'delivered':
      return 'taken';
    case 'gone':
      return 'answered';
    case 'refused':
      return outcome.status === null ? null : 'answered';
    case 'retry':
      if (outcome.status === 429) return 'limited';
      if (outcome.status === null) return 'down';
      return isFromGateway(outcome.status) ? 'down' : 'doubtful';
  }
}

/** Proxies say these in place of a server that they do not reach; Cloudflare's are 520 to 530. */
function isFromGateway(status: number): boolean {
  return (status >= 502 && status <= 504) || (status >= 520 && status <= 530);
}

/** Pauses of the whole server after the first, second … failure in a row, in milliseconds; the last one repeats. */
const pausesMs = [minute / 2, 3 * minute, 15 * minute, hour, 3 * hour, 6 * hour] as const;
/** So many doubtful answers in a row speak of the server. */
const doubtsAllowed = 4;
/** Its mail is held after so many failures in a row over so long a time. */
const leastFailures = 4;
const leastFailingMs = 10 * minute;
/** Longest pause that a server can ask for. */
const mostToldMs = 24 * hour;

/** How long a server is left alone after so many failures in a row. @param chance from 0 to 1, spreads them */
export function pauseMs(failures: number, chance: number): number {
  return withChance(pausesMs[Math.min(failures, pausesMs.length) - 1] ?? pausesMs[0], chance);
}

/**
 * How a server does after an attempt. Its mail is held (`held_since`) after a run of failures over some time; from the
 * first failure on it is tried with one delivery at a time, at growing intervals, until one is taken.
 * @param toldMs how long it asked to be left alone, or null
 * @param perSecond how many it was sent a second at most
 */
export function afterAttempt(
  health: HostHealth,
  sign: HostSign,
  { now, toldMs, chance, perSecond }: { now: Date; toldMs: number | null; chance: number; perSecond: number },
): HostHealth {
  const iso = now.toISOString();
  const until = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const told = toldMs === null ? null : until(Math.min(toldMs, mostToldMs));
  if (sign === 'taken') {
    const pace = health.pace === null || health.pace * 2 >= perSecond ? null : health.pace * 2;
    const isAsked = isPaused(health, now);
    // What it asked for before it took this one still holds.
    return {
      ...unknownHealth,
      not_before: isAsked ? health.not_before : null,
      pace: isAsked ? health.pace : pace,
      last_success_at: iso,
    };
  }
  if (sign === 'answered') {
    if (!isOnTrial(health)) return health;
    // It is there; whether it takes anything, the next one shows.
    return { ...health, not_before: later(health.not_before, until(pauseMs(1, chance))) };
  }
  // Several were under way when it failed: that is one failure.
  if (isPaused(health, now) && sign !== 'doubtful') {
    return { ...health, not_before: later(health.not_before, told) };
  }
  const failures = health.failures + 1;
  if (sign === 'limited') {
    const pace = Math.max(1, Math.floor(Math.min(health.pace ?? perSecond, perSecond) / 2));
    return { ...health, failures, pace, not_before: told ?? until(pauseMs(failures, chance)) };
  }
  const failing_since = health.failing_since ?? iso;
  const failingMs = now.getTime() - Date.parse(failing_since);
  const isHeld = failures >= leastFailures && failingMs >= leastFailingMs;
  const counted = sign === 'down' ? failures : failures - doubtsAllowed;
  const pause = counted > 0 ? until(pauseMs(counted, chance)) : null;
  return {
    ...health,
    failures,
    failing_since,
    held_since: health.held_since ?? (isHeld ? iso : null),
    not_before: told ?? later(health.not_before, pause),
  };
}

/** Whether nothing is sent to a server now. */
export function isPaused({ not_before }: Pick<HostHealth, 'not_before'>, now: Date): boolean {
  return not_before !== null && not_before > now.toISOString();
}

/** Whether a server must show with one delivery that it is back before it is sent more. */
export function isOnTrial(health: Pick<HostHealth, 'failures' | 'not_before' | 'held_since'>): boolean {
  return health.held_since !== null || (health.failures > 0 && health.not_before !== null);
}

/** How a server does, in one word. */
export type HealthWord = (typeof healthWords)[number];
export const healthWords = ['stopped', 'held', 'failing', 'limited', 'new', 'ok'] as const;

/** @param now ISO 8601 */
export function healthWord(
  row: Pick<HostRow, 'hold' | 'held_since' | 'failing_since' | 'not_before' | 'last_success_at'>,
  now: string,
): HealthWord {
  if (row.hold !== null) return 'stopped';
  if (row.held_since !== null) return 'held';
  if (row.failing_since !== null) return 'failing';
  if (row.not_before !== null && row.not_before > now) return 'limited';
  return row.last_success_at === null ? 'new' : 'ok';
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
