import { text } from './shapes.ts';

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)? ?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * A foreign point in time, or null where there is none that a database and a feed can hold (years 1000 to 9999).
 * Taken are `Z`, `+00:00` (Pixelfed), `+0000` (Threads), two to twelve decimals (Pleroma, Mitra, .NET), no seconds,
 * and, read as UTC, no zone (older Lemmy) or a date alone. Whether it is plausible is for the caller to say.
 *
 * Source: ActivityStreams 2.0 Core, section 2.3; RFC 3339, section 5.6.
 */
export function time(value: unknown): Date | null {
  const parts = dateTime.exec(text(value) ?? '');
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  if (hour === undefined || minute === undefined || second === undefined) return null;
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return null;

  const offsetMinutes = zoneOffset(parts[8]);
  if (offsetMinutes === null) return null;
  const milliseconds = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute - offsetMinutes, second, milliseconds));
  return date.getUTCFullYear() > 9999 ? null : date;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Minutes east of Greenwich, null for an impossible zone. */
function zoneOffset(zone: string | undefined): number | null {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
