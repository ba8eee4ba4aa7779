import type { DeliveryOutcome } from './outcome.ts';
import { nextTry } from './retry-schedule.ts';

/** What is written down about a delivery after an attempt. */
export type Settled = {
  state: 'delivered' | 'failed' | 'abandoned';
  /** Null where nothing follows. */
  nextAttemptAt: string | null;
  status: number | null;
  error: string | null;
};

/**
 * What becomes of a delivery after an attempt; null where the attempt does not count.
 * @param attempts how often it was tried, this time included
 */
export function settle(
  outcome: DeliveryOutcome,
  { attempts, createdAt, now, chance }: { attempts: number; createdAt: string; now: Date; chance: number },
): Settled | null {
  switch (outcome.kind) {
    case 'interrupted':
      return null;
    case 'delivered':
      return { state: 'delivered', nextAttemptAt: null, status: outcome.status, error: null };
    case 'gone':
    case 'refused':
      return { state: 'abandoned', nextAttemptAt: null, status: outcome.status, error: outcome.reason };
    case 'retry': {
      const { status, reason, toldMs } = outcome;
      const ageMs = now.getTime() - Date.parse(createdAt);
      const next = nextTry({ attempts, ageMs, chance, told: toldMs });
      if (next.kind === 'give-up') return { state: 'abandoned', nextAttemptAt: null, status, error: reason };
      const at = new Date(now.getTime() + next.afterMs).toISOString();
      return { state: 'failed', nextAttemptAt: at, status, error: reason };
    }
  }
}
