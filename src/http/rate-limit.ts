import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';

/** Counts what comes in, so that one client cannot take all of the server. */
export type RateLimiter = {
  /** Counts one event; null while within the limit, else how long to wait. */
  hit(key: string, limit: { max: number; windowSeconds: number }): { retryAfterSeconds: number } | null;
  /** The same without counting. */
  peek(key: string, limit: { max: number; windowSeconds: number }): { retryAfterSeconds: number } | null;
  /** Takes one event back that was counted before it was known to be harmless. */
  takeBack(key: string): void;
  /** Forgets what was counted, for example after a good sign-in. */
  forget(key: string): void;
};

/** What counts as one client: an IPv4 address, or the network of IPv6 that one household or server gets to itself, a /64. */
export function clientOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address instanceof ipaddr.IPv6)
    return `${address.parts
      .slice(0, 4)
      .map((part) => part.toString(16))
      .join(':')}::/64`;
  return address.toString();
}

type Window = { startedAt: number; count: number; previous: number };

/**
 * Makes a limiter with a sliding window: the part of the window before that still counts is taken
 * by its share. It is kept in memory and bounded; each node counts for itself.
 */
export function createRateLimiter(clock: Clock): RateLimiter {
  // By size and not by number: with a number the whole of it is taken from memory at once.
  const windows = new LRUCache<string, Window>({ maxSize: 100_000, sizeCalculation: () => 1 });

  function look(key: string, windowMs: number): Window {
    const now = clock.now().getTime();
    const found = windows.get(key);
    if (!found || now - found.startedAt >= 2 * windowMs) return { startedAt: now, count: 0, previous: 0 };
    if (now - found.startedAt >= windowMs)
      return { startedAt: found.startedAt + windowMs, count: 0, previous: found.count };
    return found;
  }

  function check(window: Window, max: number, windowMs: number): { retryAfterSeconds: number } | null {
    const share = 1 - (clock.now().getTime() - window.startedAt) / windowMs;
    if (window.count + window.previous * Math.max(share, 0) < max) return null;
    return { retryAfterSeconds: Math.max(1, Math.ceil((windowMs * Math.max(share, 0)) / 1000)) };
  }

  return {
    hit(key, { max, windowSeconds }) {
      const window = look(key, windowSeconds * 1000);
      const over = check(window, max, windowSeconds * 1000);
      if (!over) windows.set(key, { ...window, count: window.count + 1 });
      return over;
    },
    peek(key, { max, windowSeconds }) {
      return check(look(key, windowSeconds * 1000), max, windowSeconds * 1000);
    },
    takeBack(key) {
      const found = windows.get(key);
      if (found && found.count > 0) windows.set(key, { ...found, count: found.count - 1 });
    },
    forget: (key) => void windows.delete(key),
  };
}
