/** Gives each sending to one server its moment. */
export type Pace = {
  /** Reserves the next moment. Gives how long to wait for it, in milliseconds. */
  reserve(nowMs: number): number;
  /** A server that has just come back is sent few at first, twice as many after every tenth. */
  easeIn(): void;
};

/** So many go at once after a rest. */
const burstSeconds = 2;
const easedPerSecond = 2;
const easedSteps = 10;

/**
 * Makes the pace of one server.
 * @param perSecond deliveries a second, once the first ones of two seconds are through
 */
export function createPace(perSecond: number): Pace {
  /** The moment at which all that was reserved would be sent at an even pace. */
  let evenAt = Number.NEGATIVE_INFINITY;
  let sinceBack: number | null = null;

  return {
    reserve(nowMs) {
      const eased = sinceBack === null ? perSecond : easedPerSecond * 2 ** Math.floor(sinceBack / easedSteps);
      const isEased = sinceBack !== null && eased < perSecond;
      if (sinceBack !== null) sinceBack = isEased ? sinceBack + 1 : null;
      const rate = Math.min(eased, perSecond);
      const startMs = Math.max(evenAt, nowMs);
      evenAt = startMs + 1000 / rate;
      return Math.max(0, startMs - nowMs - (isEased ? 0 : burstSeconds * 1000));
    },
    easeIn() {
      sinceBack = 0;
      evenAt = Number.NEGATIVE_INFINITY;
    },
  };
}
