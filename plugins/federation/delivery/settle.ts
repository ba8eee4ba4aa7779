import type { DeliveryReason } from '../tables.ts';
import type { DeliveryOutcome } from './outcome.ts';
import { nextTry } from './retry-schedule.ts';

/** What is written down about a delivery after an attempt. */
export type Settled = {
  state: 'delivered' | 'failed' | 'abandoned';
  /** Null where nothing follows. */
  nextAttemptAt: string | null;
  status: number | null;
  error: string | null;
  reason: DeliveryReason | null;
  /** Whether it may have arrived although nobody said so. */
  maybeThere: boolean;
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
      return { ...ended, state: 'delivered', status: outcome.status };
    case 'gone':
    case 'refused': {
      const { status, why, reason } = outcome;
      return { ...ended, state: 'abandoned', status, error: reason, reason: why };
    }
    case 'retry': {
      const { status, why, reason: error, toldMs, maybeThere } = outcome;
      const ageMs = now.getTime() - Date.parse(createdAt);
      const next = nextTry({ attempts, ageMs, chance, told: toldMs });
      const failure = { status, error, reason: why, maybeThere };
      if (next.kind === 'give-up') return { ...failure, state: 'abandoned', nextAttemptAt: null };
      const at = new Date(now.getTime() + next.afterMs).toISOString();
      return { ...failure, state: 'failed', nextAttemptAt: at };
    }
  }
}

const ended = { nextAttemptAt: null, error: null, reason: null, maybeThere: false } as const;
