import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actorAddress, readWebFinger } from '../../../../plugins/federation/vocabulary/webfinger.ts';

const href = 'https://remote.example/users/bob';
const self = { rel: 'self', type: 'application/activity+json', href };

function read(json: unknown) {
  const reading = readWebFinger(json);
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.account;
}

test('the subject, the actor and the profile', () => {
  const profile = {
    rel: 'http://webfinger.net/rel/profile-page',
    type: 'text/html',
    href: 'https://remote.example/@bob',
  };
  expect(read({ subject: 'acct:Bob@Remote.Example', aliases: [href], links: [profile, self] })).toEqual({
    subject: 'acct:Bob@Remote.Example',
    handle: { username: 'Bob', host: 'remote.example' },
    selfLinks: [{ href, actorType: null }],
    profileUrl: 'https://remote.example/@bob',
    subscribeTemplate: null,
  });
});

test.each([
  [
    'one among several self links (Hubzilla)',
    [{ ...self, type: 'application/x-zot+json', href: 'https://remote.example/zot' }, self],
  ],
  [
    'ld+json with the profile',
    [{ ...self, type: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"' }],
  ],
  ['no type', [{ rel: 'self', href }]],
  ['an empty type', [{ ...self, type: '' }]],
  [
    'a typed link after an untyped one',
    [{ rel: 'self', type: null, href: 'https://remote.example/x' }, self],
  ],
  [
    'null addresses and templates around (Lemmy)',
    [{ rel: 'self', type: null, href: null }, null, { template: null }, self],
  ],
  ['one link without a list', self],
])('the actor is found in %s', (_, links) => {
  expect(actorAddress(read({ subject: 'acct:bob@remote.example', links }))).toBe(href);
});

test('a person is preferred to a group of the same name, unless a group is wanted (Lemmy)', () => {
  const type = 'https://www.w3.org/ns/activitystreams#type';
  const group = { ...self, href: 'https://remote.example/c/bob', properties: { [type]: 'Group' } };
  const account = read({
    subject: 'acct:bob@remote.example',
    links: [group, { ...self, properties: { [type]: 'Person' } }],
  });
  expect(actorAddress(account)).toBe(href);
  expect(actorAddress(account, 'Group')).toBe(group.href);
});

test.each([
  'http://webfinger.net/rel/profile-page',
  'https://webfinger.net/rel/profile-page',
  'http://webfinger.net/rel/profile-page/',
])('the profile by the relation %s', (rel) => {
  expect(read({ links: [{ rel, href: 'https://remote.example/@bob' }] }).profileUrl).toBe(
    'https://remote.example/@bob',
  );
});

test.each([
  undefined,
  '',
  'bob',
  'https://remote.example/@bob',
  'acct:bob',
  'acct:@',
  'acct:a@b@c',
  'acct:a b@c',
  'acct:a@b/c',
  7,
])('the subject %j names no account', (subject) => {
  expect(read({ subject, links: [self] }).handle).toBeNull();
});

test('links elsewhere than the web lead nowhere', () => {
  expect(
    actorAddress(
      read({
        links: [
          { ...self, href: 'javascript:alert(1)' },
          { ...self, href: '/users/bob' },
        ],
      }),
    ),
  ).toBeNull();
  expect(
    actorAddress(
      read({
        links: [
          { ...self, type: 'text/html' },
          { ...self, rel: 'alternate' },
        ],
      }),
    ),
  ).toBeNull();
});

test('whatever comes is read or refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (links, subject) => {
      expect(readWebFinger({ links, subject }).kind).toBe('account');
      expect(['account', 'refused']).toContain(readWebFinger(links).kind);
    }),
  );
});
