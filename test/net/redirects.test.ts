import { describe, expect, test } from 'vitest';
import { decideRedirect, type RedirectQuestion } from '../../src/net/redirects.ts';

const ask = (question: Partial<RedirectQuestion>) =>
  decideRedirect({
    method: 'GET',
    status: 302,
    location: '/b',
    from: new URL('https://a.example/a'),
    policy: 'any-origin',
    followed: 0,
    limit: 3,
    ...question,
  }).kind;

describe('a GET', () => {
  test.each([301, 302, 303, 307, 308])('follows %i', (status) => expect(ask({ status })).toBe('follow'));
  test.each([200, 300, 304, 305, 404])('does not follow %i', (status) =>
    expect(ask({ status })).toBe('answer'),
  );
  test('without a location is an answer', () => expect(ask({ location: undefined })).toBe('answer'));
  test('ends at the limit', () => expect(ask({ followed: 3 })).toBe('too-many'));
  test('follows nothing where that is the policy', () => expect(ask({ policy: 'none' })).toBe('answer'));
  test.each([
    'https://b.example/',
    'https://a.example:444/',
    'http://a.example/',
    '//b.example/',
    'https://',
  ])('kept to its origin does not go to %s', (location) =>
    expect(ask({ policy: 'same-origin', location })).toBe('leaves'),
  );
  test('kept to its origin moves within it', () => {
    expect(ask({ policy: 'same-origin', location: 'https://a.example:443/c' })).toBe('follow');
  });
});

describe('a POST', () => {
  const post = { method: 'POST', limit: 1 } as const;
  test.each([301, 302, 303])('is never sent again after %i', (status) =>
    expect(ask({ ...post, status })).toBe('answer'),
  );
  test.each([307, 308])('is sent again after %i to its own origin', (status) =>
    expect(ask({ ...post, status })).toBe('follow'),
  );
  test('is not sent to another origin', () => {
    expect(ask({ ...post, status: 307, location: 'https://b.example/' })).toBe('answer');
  });
  test('is sent again once at the most, and not unless allowed', () => {
    expect(ask({ ...post, status: 307, followed: 1, limit: 5 })).toBe('answer');
    expect(ask({ ...post, status: 307, limit: 0 })).toBe('answer');
  });
});
