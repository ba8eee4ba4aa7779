/** How long a job lets those go first who wait for an answer, in milliseconds. */
const giveWayMs = 10;

/**
 * Lets jobs begin one after the other, each in a turn of the event loop of its own, and after those who wait for an
 * answer: a long queue keeps nobody waiting, and a stream of visitors does not stop the queue.
 */
export type Turns = {
  /** Resolves when it is the caller's turn. */
  next(): Promise<void>;
  /** Has each turn wait a moment as long as that function says so. */
  giveWay(isBusy: () => boolean): void;
};

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  let isBusy = () => false;

  async function wait(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const end = performance.now() + giveWayMs;
    while (isBusy() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  return {
    next() {
      last = last.then(wait);
      return last;
    },
    giveWay(ask) {
      isBusy = ask;
    },
  };
}
