/** Tells the time; the only place that asks the system for it, so that tests can move it. */
export type Clock = {
  /** The present moment. */
  now(): Date;
  /** The present moment as ISO 8601 in UTC with milliseconds, the form in which every time is stored. */
  iso(): string;
};

/** @param offsetSeconds how far ahead of the system's clock this one runs; negative for behind. */
export function createClock(offsetSeconds = 0): Clock {
  const now = () => new Date(Date.now() + offsetSeconds * 1000);
  return { now, iso: () => now().toISOString() };
}
