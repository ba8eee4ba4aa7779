import { expect, test } from 'vitest';
import { localTimeField, readLocalTime, timePrinter } from '../../src/admin/present-time.ts';

test.each([
  ['2026-01-15T09:00', 'Europe/Berlin', '2026-01-15T08:00:00.000Z'],
  ['2026-07-15T09:00', 'Europe/Berlin', '2026-07-15T07:00:00.000Z'],
  ['2026-07-15T09:00', 'America/St_Johns', '2026-07-15T11:30:00.000Z'],
  ['2026-10-25T12:00', 'Europe/Berlin', '2026-10-25T11:00:00.000Z'],
  ['2026-03-29T12:00', 'Europe/Berlin', '2026-03-29T10:00:00.000Z'],
  ['2026-01-01T00:30', 'Pacific/Kiritimati', '2025-12-31T10:30:00.000Z'],
])('%s on a clock in %s is %s', (typed, timeZone, iso) => {
  expect(readLocalTime(typed, timeZone)?.toISOString()).toBe(iso);
  expect(localTimeField(iso, timeZone)).toBe(typed);
});

test.each(['', 'tomorrow', '2026-13-01T00:00', '2026-01-01', '2026-01-01T25:00'])(
  '%j is no time',
  (typed) => {
    expect(readLocalTime(typed, 'UTC')).toBeNull();
  },
);

test('what is near is said as people say it, in the owner’s time zone', () => {
  const print = timePrinter('Europe/Budapest', new Date('2026-11-20T23:30:00.000Z'));
  expect(print('2026-11-20T23:10:00.000Z').short).toBe('today, 00:10');
  expect(print('2026-11-20T12:00:00.000Z').short).toBe('yesterday, 13:00');
  expect(print('2026-11-03T12:00:00.000Z').short).toBe('3 Nov');
  expect(print('2024-11-03T12:00:00.000Z').short).toBe('3 Nov 2024');
});
