import { type FileHandle, open } from 'node:fs/promises';

/** Waits for the disk on another thread. */
export type Flush = {
  /** Resolves when all that was committed before the call is on the disk; calls that come together share one wait. */
  (): Promise<void>;
  close(): Promise<void>;
};

/**
 * Makes the flush of a write-ahead log. SQLite waits for its log in just this way with `synchronous = FULL`, but holds
 * up the whole process meanwhile.
 * Source: https://www.sqlite.org/wal.html, section 3.1; the log is one file for as long as the database is open
 */
export function createFlush(logFile: string): Flush {
  let log: FileHandle | null = null;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;

  async function sync(): Promise<void> {
    next = null;
    log ??= await open(logFile, 'r+');
    await log.datasync();
  }

  const flush = () => {
    // One that is under way may have missed what was committed since it began.
    next ??= Promise.allSettled([running]).then(() => {
      running = sync();
      return running;
    });
    return next;
  };
  return Object.assign(flush, {
    async close() {
      await Promise.allSettled([next, running]);
      await log?.close();
    },
  });
}
