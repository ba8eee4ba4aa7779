import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ForeignActor, readActor } from '../../../../plugins/federation/vocabulary/actor.ts';
import { readKeyDocument } from '../../../../plugins/federation/vocabulary/keys.ts';

const id = 'https://remote.example/users/bob';
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
const pem = rsa.export({ type: 'spki', format: 'pem' }).toString();
const key = { id: `${id}#main-key`, owner: id, publicKeyPem: pem };
const bob = { id, type: 'Person', preferredUsername: 'bob', inbox: `${id}/inbox`, publicKey: key };

function read(members: Record<string, unknown>): ForeignActor {
  const reading = readActor({ ...bob, ...members });
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.actor;
}

test('a bare actor has a value or null in every place', () => {
  expect(read({})).toEqual({
    id,
    type: 'Person',
    preferredUsername: 'bob',
    name: null,
    summaryHtml: null,
    url: null,
    iconUrl: null,
    imageUrl: null,
    inbox: `${id}/inbox`,
    sharedInbox: null,
    outbox: null,
    followers: null,
    following: null,
    featured: null,
    publicKeys: [{ id: `${id}#main-key`, owner: id, pem }],
    keyOnly: false,
    alsoKnownAs: [],
    movedTo: null,
    fields: [],
    emojis: [],
    manuallyApprovesFollowers: false,
    discoverable: false,
    indexable: false,
    attributedTo: [],
    postingRestrictedToMods: false,
    implements: [],
    webfinger: null,
    published: null,
  });
});

test.each([
  [null],
  [[]],
  [{ ...bob, id: 'x' }],
  [{ ...bob, id: null }],
  [{ id, type: 'Note' }],
  [{ id, inbox: `${id}/inbox` }],
])('%j is refused as an actor', (json) => {
  expect(readActor(json)).toMatchObject({ kind: 'refused', status: 400 });
});

test.each([
  [undefined, null],
  [null, null],
  ['', null],
  ['   ', null],
  ['\u202E\u200F', null],
  ['Bob', 'Bob'],
  ['Bob\n\u202Eevil', 'Bob evil'],
  ['<b>Bob</b>', '<b>Bob</b>'],
  ['x'.repeat(10_000), 'x'.repeat(255)],
])('the name %j is read as %j', (name, expected) => {
  expect(read({ name }).name).toBe(expected);
});

test.each(['bob', 'Bob_2', 'jk.nipponalba.scot', 'tag-52challenge', 'ü'])(
  '%s is fit for a handle',
  (name) => {
    expect(read({ preferredUsername: name }).preferredUsername).toBe(name);
  },
);

test.each([
  undefined,
  null,
  '',
  '..',
  '.',
  'a..b',
  'a/b',
  'a@b',
  '<b>',
  'a%2fb',
  'a\nb',
  'a b',
  'x'.repeat(300),
  {},
])('%j is not', (name) => {
  expect(read({ preferredUsername: name }).preferredUsername).toBeNull();
});

test.each([
  [
    'endpoints',
    { endpoints: { sharedInbox: 'https://remote.example/inbox' } },
    'https://remote.example/inbox',
  ],
  ['the root (Discourse)', { sharedInbox: 'https://remote.example/inbox' }, 'https://remote.example/inbox'],
  [
    'brackets in it (Hubzilla)',
    { endpoints: { sharedInbox: 'https://remote.example/inbox/[public]' } },
    'https://remote.example/inbox/[public]',
  ],
  ['endpoints that are an id (Kroeg)', { endpoints: 'https://remote.example/#endpoints' }, null],
  ['nothing', { endpoints: null }, null],
])('the shared inbox in %s', (_, members, expected) => {
  expect(read(members).sharedInbox).toBe(expected);
});

test('icons, pages and other names are read in all their shapes', () => {
  const url = 'https://remote.example/p.png';
  expect(read({ icon: [{ type: 'Image', url }], image: { url: { href: url } } })).toMatchObject({
    iconUrl: url,
    imageUrl: url,
  });
  expect(read({ icon: null, image: url })).toMatchObject({ iconUrl: null, imageUrl: url });
  expect(read({ url: { type: 'Link', mediaType: 'text/html', href: `${id}/page` } }).url).toBe(`${id}/page`);
  expect(read({ alsoKnownAs: 'https://old.example/bob' }).alsoKnownAs).toEqual(['https://old.example/bob']);
  expect(
    read({ alsoKnownAs: ['@bob@old.example', 'at://bob', null, 'https://old.example/bob'] }).alsoKnownAs,
  ).toEqual(['https://old.example/bob']);
  expect(read({ movedTo: { id: 'https://new.example/bob' }, followers: `${id}/followers` })).toMatchObject({
    movedTo: 'https://new.example/bob',
    followers: `${id}/followers`,
  });
});

test('flags come as booleans, numbers and values, also with a prefix', () => {
  expect(read({ 'toot:discoverable': true, manuallyApprovesFollowers: 1 })).toMatchObject({
    discoverable: true,
    manuallyApprovesFollowers: true,
  });
  expect(
    read({ discoverable: null, manuallyApprovesFollowers: { '@value': 'False', type: 'xsd:boolean' } }),
  ).toMatchObject({
    discoverable: false,
    manuallyApprovesFollowers: false,
  });
});

test('profile fields are the PropertyValues, in a list or alone', () => {
  const field = { type: 'PropertyValue', name: 'Blog', value: '<a href="https://a.example">a</a>' };
  const fields = [{ name: 'Blog', valueHtml: field.value }];
  expect(read({ attachment: field }).fields).toEqual(fields);
  expect(
    read({
      attachment: [
        { type: 'Link', name: 'Blog', href: 'https://a.example/' },
        { ...field, type: 'schema:PropertyValue' },
        { type: 'Note', name: 'x', content: 'y' },
        { ...field, value: '' },
      ],
    }).fields,
  ).toEqual(fields);
  expect(read({ attachment: Array(100).fill(field) }).fields).toHaveLength(16);
});

describe('keys', () => {
  test.each([
    ['a list', { publicKey: [key] }],
    ['CRLF line ends (Mbin)', { publicKey: { ...key, publicKeyPem: pem.replaceAll('\n', '\r\n') } }],
    ['no owner (Bridgy Fed)', { publicKey: { ...key, owner: undefined } }],
    ['a controller for an owner', { publicKey: { ...key, owner: undefined, controller: id } }],
    [
      'the same key as a Multikey too (Hollo)',
      { assertionMethod: [{ id: key.id, type: 'Multikey', controller: id, publicKeyMultibase: 'zBroken' }] },
    ],
  ])('%s', (_, members) => {
    expect(read(members).publicKeys).toEqual([{ id: key.id, owner: id, pem }]);
  });

  test('an id alone is a key to be fetched', () => {
    expect(read({ publicKey: `${id}/main-key` }).publicKeys).toEqual([
      { id: `${id}/main-key`, owner: id, pem: null },
    ]);
  });

  test('another owner is kept as it is said, for the verifier to doubt', () => {
    const owner = 'https://good.example/bob';
    expect(read({ publicKey: { ...key, owner } }).publicKeys[0]?.owner).toBe(owner);
  });

  test('PKCS#1 is a key (Funkwhale)', () => {
    const pkcs1 = rsa.export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(read({ publicKey: { ...key, publicKeyPem: pkcs1 } }).publicKeys[0]?.pem).toBe(pkcs1);
  });

  test.each(['', 'x', null, pem.replace('PUBLIC', 'PRIVATE'), `${pem}x`, pem + 'x'.repeat(10_000), { a: 1 }])(
    '%j is none',
    (publicKeyPem) => {
      expect(read({ publicKey: { ...key, publicKeyPem } }).publicKeys).toEqual([]);
    },
  );

  test('Multikeys become PEM that the crypto module reads', () => {
    const ed25519 = 'z6MkweqJajqa5jRAJTBVxxu47oCdB7HzmYbBKN8VGbFJmKkC';
    const rsaKey = toMultibase([0x85, 0x24], rsa.export({ type: 'pkcs1', format: 'der' }));
    const assertionMethod = [
      { id: `${id}#ed25519-key`, type: 'Multikey', controller: id, publicKeyMultibase: ed25519 },
      { id: `${id}#rsa-key`, type: 'Multikey', controller: id, publicKeyMultibase: rsaKey },
    ];
    const keys = read({ publicKey: undefined, assertionMethod }).publicKeys.map((read) =>
      createPublicKey(read.pem ?? ''),
    );
    expect(keys.map((read) => read.asymmetricKeyType)).toEqual(['ed25519', 'rsa']);
    expect(keys[1]?.equals(rsa)).toBe(true);
  });

  test('a stub without an inbox is there for its key alone', () => {
    expect(read({ inbox: undefined }).keyOnly).toBe(true);
    expect(read({ inbox: undefined, publicKey: undefined }).keyOnly).toBe(false);
  });
});

describe('key documents', () => {
  test('name their key, owner and PEM', () => {
    for (const json of [
      key,
      { ...key, owner: undefined, controller: { id } },
      { '@id': key.id, 'sec:owner': id, 'sec:publicKeyPem': pem },
    ]) {
      expect(readKeyDocument(json)).toEqual({ kind: 'key', key: { id: key.id, owner: id, pem } });
    }
  });

  test.each([
    [null],
    [bob],
    [{ ...key, id: null }],
    [{ ...key, owner: null }],
    [{ ...key, publicKeyPem: 'x' }],
  ])('%j is refused', (json) => {
    expect(readKeyDocument(json)).toMatchObject({ kind: 'refused', status: 400 });
  });
});

test('whatever comes is read or refused', () => {
  const members = fc.dictionary(
    fc.constantFrom(
      ...Object.keys(bob),
      'name',
      'icon',
      'attachment',
      'endpoints',
      'assertionMethod',
      'alsoKnownAs',
    ),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(members, fc.jsonValue(), (some, any) => {
      expect(['actor', 'refused']).toContain(readActor({ ...bob, ...some }).kind);
      expect(['actor', 'refused']).toContain(readActor(any).kind);
      expect(['key', 'refused']).toContain(readKeyDocument({ ...key, ...some }).kind);
    }),
  );
});

/** Multibase base58btc of a multicodec prefix and a key. */
function toMultibase(prefix: number[], der: Uint8Array): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let number = BigInt(`0x${Buffer.from([...prefix, ...der]).toString('hex')}`);
  let written = '';
  for (; number > 0n; number /= 58n) written = alphabet[Number(number % 58n)] + written;
  return `z${written}`;
}
