import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecrets } from '../../src/secrets.ts';
import { makeFormToken, readFormToken } from '../../src/web/comment-form.ts';

const secrets = createSecrets(randomBytes(32));
const made = new Date('2026-11-01T10:00:00.000Z');
const later = (ms: number) => new Date(made.getTime() + ms);

test('a form tells how long ago it was made', () => {
  const token = makeFormToken({ secrets, now: made }, 'post-1');
  expect(readFormToken({ secrets, now: later(42_000) }, 'post-1', token)).toBe(42_000);
});

test('a form for one post is none for another', () => {
  const token = makeFormToken({ secrets, now: made }, 'post-1');
  expect(readFormToken({ secrets, now: later(42_000) }, 'post-2', token)).toBeNull();
});

test('a form cannot be made older than it is', () => {
  const [, signature] = makeFormToken({ secrets, now: made }, 'post-1').split('.');
  const earlier = (made.getTime() - 60_000).toString(36);
  expect(readFormToken({ secrets, now: made }, 'post-1', `${earlier}.${signature}`)).toBeNull();
});

test('a form that lay open for more than a week has to be sent again', () => {
  const token = makeFormToken({ secrets, now: made }, 'post-1');
  const week = 7 * 24 * 3_600_000;
  expect(readFormToken({ secrets, now: later(week) }, 'post-1', token)).toBe(week);
  expect(readFormToken({ secrets, now: later(week + 1) }, 'post-1', token)).toBeNull();
});

test.each(['', '.', 'x', 'a.b.c', '../../etc', 'zzzzzzzzzzzzzzzz.sig'])('%j is no form of ours', (token) => {
  expect(readFormToken({ secrets, now: made }, 'post-1', token)).toBeNull();
});
