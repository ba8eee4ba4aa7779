import { describe, expect, test, vi } from 'vitest';
import { readActivity } from '../../../../plugins/federation/vocabulary/activity.ts';
import { inUsualTerms } from '../../../../plugins/federation/vocabulary/jsonld.ts';
import { hasUnusualContext } from '../../../../plugins/federation/vocabulary/unusual-context.ts';

const as2 = 'https://www.w3.org/ns/activitystreams';
const bob = 'https://remote.example/users/bob';
const note = 'https://remote.example/notes/1';
const usual = {
  '@context': as2,
  id: `${note}/activity`,
  type: 'Create',
  actor: bob,
  to: `${as2}#Public`,
  object: { id: note, type: 'Note', attributedTo: bob, content: 'Hi', to: `${as2}#Public`, sensitive: true },
};

/** Everything that is read of a document, but not how it was written. */
async function meaning(json: unknown): Promise<unknown> {
  const reading = readActivity(await inUsualTerms(json));
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return { ...reading.activity, raw: null };
}

const expected = await meaning(usual);

describe('documents that name things their own way', () => {
  const prefix = { a: `${as2}#` };
  const object = {
    'a:content': 'Hi',
    'a:attributedTo': { id: bob },
    id: note,
    type: 'a:Note',
    to: 'as:Public',
    sensitive: true,
  };
  test.each<[string, Record<string, unknown>]>([
    [
      'aliases of members and keywords',
      {
        '@context': [
          as2,
          { kind: '@type', uri: '@id', who: { '@id': 'as:actor', '@type': '@id' }, about: 'as:object' },
        ],
        uri: usual.id,
        kind: 'Create',
        who: bob,
        to: 'as:Public',
        about: { ...usual.object, id: undefined, type: undefined, uri: note, kind: 'Note' },
      },
    ],
    [
      'a prefix of their own, in members and types',
      {
        '@context': [as2, prefix],
        id: usual.id,
        type: 'a:Create',
        'a:actor': { id: bob },
        to: 'as:Public',
        object,
      },
    ],
    [
      'an alias beside an address that nobody here knows',
      {
        ...usual,
        '@context': ['https://nowhere.example/context', as2, { text: 'as:content' }],
        object: { ...usual.object, content: undefined, text: 'Hi' },
      },
    ],
    [
      'a context inside',
      {
        ...usual,
        object: {
          ...usual.object,
          '@context': [as2, { text: 'as:content' }],
          content: undefined,
          text: 'Hi',
        },
      },
    ],
  ])('%s', async (_, json) => {
    const document = JSON.parse(JSON.stringify(json));
    expect(hasUnusualContext(document)).toBe(true);
    expect(await meaning(document)).toEqual(expected);
  });

  test('what no context defines keeps its name', async () => {
    const quote = 'https://other.example/notes/2';
    const json = {
      ...usual,
      '@context': [as2, { who: { '@id': 'as:actor', '@type': '@id' } }],
      actor: undefined,
      who: bob,
      object: { ...usual.object, quoteUri: quote },
    };
    expect(await meaning(JSON.parse(JSON.stringify(json)))).toMatchObject({
      actor: bob,
      objects: [{ object: { quoteOf: quote } }],
    });
  });
});

describe('documents that are read as they are', () => {
  const mastodon = {
    toot: 'http://joinmastodon.org/ns#',
    votersCount: 'toot:votersCount',
    sensitive: 'as:sensitive',
    Hashtag: 'as:Hashtag',
    featured: { '@id': 'toot:featured', '@type': '@id' },
    focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' },
    '@language': 'und',
    id: '@id',
    type: '@type',
    sc: 'http://schema.org#',
    uuid: 'sc:identifier',
    PropertyValue: 'sc:PropertyValue',
  };
  test.each<[string, unknown]>([
    ['an address', as2],
    ['addresses that nobody knows', ['https://nowhere.example/a', as2, as2]],
    ['the usual terms, spelled out', [as2, mastodon]],
    ['a prefix that is not used', [as2, { a: `${as2}#` }]],
    ['an alias that is not used (Lemmy)', [as2, { expires: 'as:endTime' }]],
    ['nothing', undefined],
    ['nonsense', [null, 7, [], { x: null, y: 1, z: { '@id': {} } }]],
  ])('%s', async (_, context) => {
    const json = { ...usual, '@context': context };
    expect(hasUnusualContext(json)).toBe(false);
    expect(inUsualTerms(json)).toBe(json);
  });

  test.each<[string, Record<string, unknown>]>([
    ['alone', {}],
    ['beside an alias', { who: 'as:target' }],
  ])('a context that gives a usual name another meaning is not followed, %s', async (_, more) => {
    const context = [as2, { actor: 'https://evil.example/ns#actor', content: 'as:summary', ...more }];
    expect(await meaning({ ...usual, '@context': context })).toEqual(expected);
  });
});

describe('what is too much to be translated is read by the names that it has', () => {
  const used = { who: bob };
  const unusual = { ...used, '@context': [as2, { who: 'as:actor' }] };
  test.each<[string, Record<string, unknown>]>([
    ['too many values', { ...usual, ...unusual, tag: Array.from({ length: 5_000 }, (_, at) => at) }],
    [
      'too many definitions',
      {
        ...usual,
        ...used,
        '@context': [
          { who: 'as:actor' },
          Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`t${at}`, `as:t${at}`])),
        ],
      },
    ],
    [
      'contexts inside definitions',
      { ...usual, ...used, '@context': { who: { '@id': 'as:actor', '@context': {} } } },
    ],
    [
      'definitions that go in circles',
      { ...usual, ...used, '@context': { who: 'as:actor', a: 'b:c', b: 'a:c' } },
    ],
  ])('%s', async (_, json) => {
    expect(hasUnusualContext(json)).toBe(true);
    expect(await inUsualTerms(json)).toBe(json);
  });
});

describe('documents made to take long', () => {
  const who = { who: 'as:actor' };
  const base = 'https://remote.example/';
  test.each<[string, Record<string, unknown>]>([
    ['a path of endless steps', { '@context': who, who: bob, id: 'a/'.repeat(400_000) }],
    [
      'one under a base of its own',
      { '@context': { ...who, '@base': base }, who: bob, id: '../'.repeat(300_000) },
    ],
    [
      'a base of endless steps',
      { '@context': { ...who, '@base': `${base}${'a/'.repeat(200_000)}` }, who: bob, id: '../x' },
    ],
    ['a name of endless steps', { '@context': who, who: bob, [`${'a/'.repeat(400_000)}`]: 'x' }],
    [
      'many long paths',
      { '@context': who, who: bob, to: Array.from({ length: 500 }, () => 'a/'.repeat(900)) },
    ],
  ])('%s is read as it is, at once', async (_what, members) => {
    const document = { type: 'Create', ...members };
    const startedAt = performance.now();
    expect(await inUsualTerms(document)).toBe(document);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('thousands of prefixes are not held against every name', () => {
    const contexts = Array.from({ length: 20 }, (_, one) =>
      Object.fromEntries(Array.from({ length: 500 }, (_, other) => [`p${one}x${other}`, 'as:'])),
    );
    const names = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, 1]));
    const startedAt = performance.now();
    expect(hasUnusualContext({ '@context': contexts, type: 'Create', ...names })).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(hasUnusualContext({ '@context': contexts, type: 'Create', p3x7: 1 })).toBe(false);
    expect(hasUnusualContext({ '@context': contexts, type: 'Create', p3x70: 1, 'p3x7:actor': bob })).toBe(
      true,
    );
  });
});

test.each([as2, 'https://nowhere.example/context'])(
  'who imports %s spoils it for nobody else',
  async (imported) => {
    const own = { '@version': 1.1, '@import': imported, text: 'as:content' };
    const document = { '@context': own, id: note, type: 'Create', actor: bob, text: 'Hi' };
    expect(await inUsualTerms(document)).toBe(document);
    const next = { '@context': [imported, as2, { text: 'as:content' }], id: note, type: 'Note', text: 'Hi' };
    expect(await inUsualTerms(next)).toMatchObject({ content: 'Hi' });
  },
);

test('a flood of documents with words of their own is read as it is, and the next one after it translated', async () => {
  // What it uses up is missing to nobody else.
  const apart = new URL('../../../../plugins/federation/vocabulary/jsonld.ts?apart', import.meta.url);
  const { inUsualTerms }: typeof import('../../../../plugins/federation/vocabulary/jsonld.ts') = await import(
    apart.href
  );
  const context = { who: { '@id': 'as:actor', '@type': '@id' } };
  const who = { '@context': context, who: bob, type: 'Create', id: note };
  const large = { ...who, to: Array.from({ length: 1900 }, (_, index) => `${note}/${index}`) };
  const translations = [];
  for (let sent = 0; sent < 100; sent += 1) translations.push(inUsualTerms(large));
  expect(translations.filter((one) => one === large).length).toBeGreaterThan(30);
  await Promise.all(translations);
  await vi.waitFor(async () => expect(await inUsualTerms({ ...who })).toMatchObject({ actor: bob }));
});
