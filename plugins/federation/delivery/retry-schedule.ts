const minute = 60_000;
const hour = 60 * minute;

/** Waiting times after the first, the second … try, in milliseconds; the last one repeats. Ten tries take 58 hours. */
const delaysMs = [
  minute / 2,
  3 * minute,
  15 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  12 * hour,
  24 * hour,
] as const;

/** Nothing is given up before this many tries over this long a time, whatever the other server answers. */
const leastTries = 8;
const leastAgeMs = 48 * hour;
/** A server that was away for so long is sent what is new, not what it missed; in milliseconds. */
export const mostAgeMs = 7 * 24 * hour;

/**
 * Whether and when a delivery that failed is tried again.
 * @param attempts how often it was tried so far, from 1
 * @param ageMs how long ago it was ordered
 * @param chance from 0 to 1: spreads those that failed together over a fifth of their waiting time
 * @param told milliseconds that the other server asked to be left alone, or null; at most a day counts
 */
export function nextTry({
  attempts,
  ageMs,
  chance,
  told,
}: {
  attempts: number;
  ageMs: number;
  chance: number;
  told: number | null;
}): { kind: 'again'; afterMs: number } | { kind: 'give-up' } {
  if (ageMs >= mostAgeMs || (attempts >= leastTries && ageMs >= leastAgeMs)) return { kind: 'give-up' };
  if (told !== null) return { kind: 'again', afterMs: Math.min(told, 24 * hour) };
  const delayMs = delaysMs[Math.min(attempts, delaysMs.length) - 1] ?? 24 * hour;
  return { kind: 'again', afterMs: withChance(delayMs, chance) };
}

/** A waiting time and up to a fifth more. @param chance from 0 to 1 */
export function withChance(delayMs: number, chance: number): number {
  return Math.round(delayMs * (1 + chance / 5));
}
