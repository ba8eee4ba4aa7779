import type { Clock } from '../../src/clock.ts';

/** A clock that stands until it is moved. */
export type MovableClock = Clock & { advance(ms: number): void };

/** @param start the moment at which it stands */
export function movableClock(start = '2026-11-20T12:00:00.000Z'): MovableClock {
  let at = Date.parse(start);
  const now = () => new Date(at);
  return {
    now,
    iso: () => now().toISOString(),
    advance: (ms) => {
      at += ms;
    },
  };
}
