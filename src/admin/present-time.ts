import type { TimeView } from './view-models.ts';

/** Prints moments in the owner's time zone; `now` decides what is today. */
export type TimePrinter = (iso: string) => TimeView;

/** The admin speaks English; days and hours are written as they are said. */
const locale = 'en-GB';

/** @param timeZone an IANA name */
export function timePrinter(timeZone: string, now: Date): TimePrinter {
  const full = new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' });
  const dayAndMonth = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' });
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  const dayMs = 24 * 3_600_000;
  const today = day.format(now);
  const yesterday = day.format(new Date(now.getTime() - dayMs));
  const tomorrow = day.format(new Date(now.getTime() + dayMs));

  return (iso) => {
    const at = new Date(iso);
    const on = day.format(at);
    const hour = clock.format(at);
    let short = dayAndMonth.format(at);
    if (on === today) short = `today, ${hour}`;
    else if (on === yesterday) short = `yesterday, ${hour}`;
    else if (on === tomorrow) short = `tomorrow, ${hour}`;
    else if (on.slice(0, 4) !== today.slice(0, 4)) short += ` ${on.slice(0, 4)}`;
    return { iso, text: full.format(at), short };
  };
}

/** Only the hour, for "Saved at 12:04". */
export function hourOf(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(
    new Date(iso),
  );
}

/** How many milliseconds the zone's clocks are ahead of UTC at a moment. */
function offsetMs(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(at.getTime() / 1000) * 1000;
}

/**
 * The moment that the owner's clock shows as `2026-11-24T09:00`, what a browser's field for date and time gives.
 * An hour that is skipped in spring is read as if the clock had not been changed yet.
 * @returns null for what is no such time
 */
export function readLocalTime(text: string, timeZone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return null;
  const asUtc = Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`);
  if (Number.isNaN(asUtc)) return null;
  const guess = asUtc - offsetMs(timeZone, new Date(asUtc));
  return new Date(asUtc - offsetMs(timeZone, new Date(guess)));
}

/** A moment as a browser's field for date and time takes it, in the owner's time zone. */
export function localTimeField(iso: string, timeZone: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() + offsetMs(timeZone, at)).toISOString().slice(0, 16);
}
