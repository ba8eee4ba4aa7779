/** Work to be done later, as its handler sees it. */
export type Job = {
  id: string;
  kind: string;
  payload: unknown;
  /** How often it was begun, this time included. */
  attempts: number;
  maxAttempts: number;
  createdAt: string;
};

/** Work to be put into the queue. */
export type JobInput = {
  kind: string;
  payload: unknown;
  /** Jobs of one kind and subject run one after the other, in the order in which they were added. */
  subject?: string | undefined;
  /** At most one job of this kind and key waits; adding it again while it runs makes it run once more. */
  uniqueKey?: string | undefined;
  /** Not before; at once where absent. */
  runAt?: Date | undefined;
  /** How often it is tried before it is given up and shown to the owner; 10 where absent. */
  maxAttempts?: number | undefined;
};

/** What a handler can say at its end, besides throwing: nothing for done, or come again. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is done
export type JobOutcome = void | { kind: 'again'; at: Date };

export type JobHandler = (job: Job, signal: AbortSignal) => Promise<JobOutcome>;

/** How jobs of one kind are worked on. */
export type JobKind = {
  kind: string;
  handler: JobHandler;
  /** How many run side by side on one node; 4 where absent. */
  concurrency?: number | undefined;
  /** Milliseconds after which a run counts as failed; 60,000 where absent. */
  deadlineMs?: number | undefined;
  /**
   * Set where doing it all again from the start does no harm, also when others have seen what came of it: its commits
   * then do not wait for the disk, and after a power failure it may run once more.
   */
  repeatable?: boolean | undefined;
};

/**
 * How long to wait before the next try, in milliseconds: 5 s, then about three times as long each time, at most six hours.
 * @param attempts how often it was tried so far, from 1
 * @param chance from 0 to 1, spreads those who failed together
 */
export function retryDelayMs(attempts: number, chance: number): number {
  const base = Math.min(5000 * 3 ** (attempts - 1), 6 * 3_600_000);
  return Math.round(base * (0.75 + chance / 2));
}
