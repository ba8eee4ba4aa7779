import { describe, expect, test } from 'vitest';
import { readResource } from '../../../../plugins/federation/actors/resource.ts';

const userId = '01a2094e-b264-70e7-b7cc-c7b2bcdb2398';
const read = (origin: string, resource: string) =>
  readResource(origin, resource, (username) => `${origin}/author/${username}`);

describe('a WebFinger resource', () => {
  const alice = { kind: 'username', username: 'alice' };

  test.each([
    ['acct:alice@blog.example', alice],
    ['acct:@alice@blog.example', alice],
    ['@alice@blog.example', alice],
    ['alice@blog.example', alice],
    ['ACCT:alice@BLOG.example', alice],
    ['acct:alice@blog.example:443', alice],
    ['acct%3Aalice%40blog.example', alice],
    ['https://blog.example/author/alice', alice],
    ['https://BLOG.example/author/alice/', alice],
    ['https%3A%2F%2Fblog.example%2Fauthor%2Falice', alice],
    ['https://blog.example/@alice', alice],
    [`https://blog.example/ap/users/${userId}`, { kind: 'actor', userId }],
    ['acct:site-actor@blog.example', { kind: 'site' }],
    ['https://blog.example/ap/site', { kind: 'site' }],
    ['https://blog.example', { kind: 'site' }],
  ])('%s names somebody here', (resource, expected) => {
    expect(read('https://blog.example', resource)).toEqual(expected);
  });

  test.each(['acct:alice@localhost:8080', 'acct:alice@localhost'])(
    '%s tolerates the own port',
    (resource) => {
      expect(read('http://localhost:8080', resource)).toEqual(alice);
    },
  );

  test.each([
    'acct:alice@other.example',
    'acct:alice@blog.example.evil.example',
    'acct:alice@blog.example:8443',
    'https://other.example/author/alice',
    'https://blog.example/a-post',
    'mailto:alice@blog.example',
    'urn:isbn:1',
  ])('%s is somebody else’s', (resource) => {
    expect(read('https://blog.example', resource).kind).toBe('elsewhere');
  });

  test.each([
    '',
    'alice',
    'acct:alice',
    'acct:@blog.example',
    'acct:al ice@blog.example',
    'acct:a@b@blog.example',
    'acct:%E0%A4%A@blog.example%40',
    'acct:alice@',
    'acct:alice@blog.example/x',
    `acct:${'a'.repeat(10_240)}@blog.example`,
  ])('%.40s cannot be read', (resource) => {
    expect(read('https://blog.example', resource).kind).toBe('malformed');
  });
});
