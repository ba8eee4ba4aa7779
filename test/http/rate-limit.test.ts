import { expect, test } from 'vitest';
import { clientOf, createRateLimiter } from '../../src/http/rate-limit.ts';
import { movableClock } from '../support/movable-clock.ts';

const limit = { max: 2, windowSeconds: 60 };

test('what was taken back does not count', () => {
  const limiter = createRateLimiter(movableClock());
  limiter.hit('a', limit);
  limiter.hit('a', limit);
  limiter.takeBack('a');
  expect(limiter.hit('a', limit)).toBeNull();
  expect(limiter.hit('a', limit)?.retryAfterSeconds).toBeGreaterThan(0);
});

test('all addresses of one IPv6 network are one client, and a mapped IPv4 address is itself', () => {
  expect(clientOf('2001:db8:1:2:3:4:5:6')).toBe(clientOf('2001:db8:1:2::9'));
  expect(clientOf('2001:db8:1:2::9')).not.toBe(clientOf('2001:db8:1:3::9'));
  expect(clientOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(clientOf('192.0.2.8')).toBe('192.0.2.8');
});
