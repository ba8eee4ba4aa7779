import { LRUCache } from 'lru-cache';

const MAX_AT_ONCE = 4;
const MAX_FAILURES = 20;
const WINDOW_MS = 60_000;

/** Limits what is asked of one host: four requests at once, and none for a minute after twenty failures in one. */
export type HostGate = {
  /**
   * Runs the work when the host has room.
   * @returns null where the host is left alone for now, or the wait was given up
   */
  enter<T>(host: string, work: () => Promise<T>, signal: AbortSignal): Promise<T | null>;
  /** Counts a failure of the host: no answer, or one of its own faults. */
  failed(host: string): void;
};

type Host = { running: number; waiting: (() => void)[]; failures: number[] };

/** @param now milliseconds of a clock that only goes forward */
export function createHostGate(now: () => number): HostGate {
  // What is forgotten first was not asked for longest; a host with requests under way is asked often.
  const hosts = new LRUCache<string, Host>({ max: 10_000 });
  const hostOf = (name: string): Host => {
    let host = hosts.get(name);
    if (!host) {
      host = { running: 0, waiting: [], failures: [] };
      hosts.set(name, host);
    }
    return host;
  };
  const isLeftAlone = (host: Host) => {
    host.failures = host.failures.filter((at) => now() - at < WINDOW_MS);
    return host.failures.length >= MAX_FAILURES;
  };
  return {
    async enter(name, work, signal) {
      const host = hostOf(name);
      if (isLeftAlone(host) || signal.aborted) return null;
      if (host.running >= MAX_AT_ONCE && !(await waitForTurn(host, signal))) return null;
      host.running += 1;
      try {
        return isLeftAlone(host) ? null : await work();
      } finally {
        host.running -= 1;
        host.waiting.shift()?.();
      }
    },
    failed(name) {
      const { failures } = hostOf(name);
      failures.push(now());
      if (failures.length > MAX_FAILURES) failures.shift();
    },
  };
}

/** Whether the turn came before the wait was given up. */
function waitForTurn(host: Host, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const turn = () => {
      signal.removeEventListener('abort', giveUp);
      resolve(true);
    };
    const giveUp = () => {
      host.waiting = host.waiting.filter((one) => one !== turn);
      resolve(false);
    };
    host.waiting.push(turn);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
