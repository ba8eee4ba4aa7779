import type { Database } from '../db/open.ts';
import { finishJobs } from './job-store.ts';

/** Strikes out jobs that are done, many at once: each commit costs a write to the disk. */
export type FinishedJobs = {
  /** Resolves when the job is struck out. */
  add(id: string): Promise<void>;
  /** Whether any is still to be struck out. */
  isBusy(): boolean;
  /** Resolves when none is. */
  settled(): Promise<void>;
};

/** How long those that end wait for others, in milliseconds. */
const gatherMs = 5;

export function createFinishedJobs(db: Database): FinishedJobs {
  let finished: string[] = [];
  let flushing: Promise<void> | null = null;

  async function flush(): Promise<void> {
    try {
      while (finished.length > 0) {
        const ids = finished;
        finished = [];
        await finishJobs(db, ids);
      }
    } finally {
      // In the same breath as the last look: what is finished after it begins a flush of its own.
      flushing = null;
    }
  }

  return {
    add(id) {
      finished.push(id);
      flushing ??= new Promise<void>((resolve) => setTimeout(resolve, gatherMs)).then(flush);
      return flushing;
    },
    isBusy: () => finished.length > 0 || flushing !== null,
    settled: async () => {
      await flushing;
    },
  };
}
