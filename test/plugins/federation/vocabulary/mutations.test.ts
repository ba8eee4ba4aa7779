import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsonld from 'jsonld';
import { describe, expect, test } from 'vitest';
import { readActivity, readDocument } from '../../../../plugins/federation/vocabulary/activity.ts';
import { readCollection } from '../../../../plugins/federation/vocabulary/collection.ts';
import { parseJson } from '../../../../plugins/federation/vocabulary/json.ts';
import { shippedContext } from '../../../../plugins/federation/vocabulary/shipped-contexts.ts';

type Json = Record<string, unknown>;

const folder = join(import.meta.dirname, '../../../../../shared/fixtures');
const as2 = 'https://www.w3.org/ns/activitystreams';
const bob = 'https://remote.example/users/bob';

/** One of each kind, for where the documents of other software are not. */
const own: Record<string, unknown> = {
  'own/create': {
    '@context': as2,
    id: 'https://remote.example/notes/1/activity',
    type: 'Create',
    actor: bob,
    to: [`${as2}#Public`],
    cc: [`${bob}/followers`],
    object: {
      id: 'https://remote.example/notes/1',
      type: 'Note',
      attributedTo: bob,
      inReplyTo: 'https://local.example/posts/1',
      content: '<p>Hi</p>',
      summary: 'Spiders',
      published: '2026-01-02T03:04:05Z',
      url: 'https://remote.example/@bob/1',
      to: [`${as2}#Public`],
      cc: [`${bob}/followers`],
      tag: [{ type: 'Mention', href: bob, name: '@bob' }],
      attachment: [{ type: 'Image', url: 'https://remote.example/1.png', mediaType: 'image/png', width: 3 }],
    },
  },
  'own/undo': {
    id: 'https://remote.example/undo/1',
    type: 'Undo',
    actor: bob,
    object: { type: 'Follow', actor: bob, object: 'https://local.example/users/1' },
  },
  'own/actor': {
    id: bob,
    type: 'Person',
    preferredUsername: 'bob',
    name: 'Bob',
    inbox: `${bob}/inbox`,
    icon: { type: 'Image', url: 'https://remote.example/bob.png' },
    alsoKnownAs: ['https://old.example/users/bob'],
    publicKey: {
      id: `${bob}#main-key`,
      owner: bob,
      publicKeyPem: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
    },
  },
};

const documents: [string, unknown][] = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.json') && !/webfinger|nodeinfo/.test(path))
      .map((path) => [path, parseJson(readFileSync(join(folder, path)))])
  : Object.entries(own);

/** Everything that the door gives of a document, but not how it was written. */
function meaning(json: unknown): unknown {
  const readings = [readActivity(json), readDocument(json), readCollection(json)].map((reading) =>
    reading.kind === 'refused' ? reading.reason : reading,
  );
  return withoutRaw(readings);
}

function withoutRaw(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(withoutRaw);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'raw')
      .map(([name, member]) => [name, withoutRaw(member)]),
  );
}

/** The document with each of its objects changed, from the innermost out. Contexts and maps of texts stay. */
function changed(value: unknown, change: (node: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((entry) => changed(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    return [name, isOpaque(name) ? member : changed(member, change)];
  });
  return change(Object.fromEntries(members));
}

const isOpaque = (name: string) => /^@context$|Map$|^(?:emoji|signature|proof|source)$/.test(name);

const listable = new Set([
  ...[
    'to',
    'cc',
    'audience',
    'tag',
    'attachment',
    'url',
    'icon',
    'image',
    'type',
    'object',
    'actor',
    'target',
  ],
  ...['attributedTo', 'inReplyTo', 'alsoKnownAs', 'publicKey', 'oneOf', 'anyOf', 'items', 'orderedItems'],
  ...['movedTo', 'quote', 'quoteUrl', 'endpoints', 'first', 'next', 'instrument', 'result', 'href'],
]);
const each = (change: (name: string, member: unknown) => [string, unknown][]) => (node: Json) =>
  Object.fromEntries(Object.entries(node).flatMap(([name, member]) => change(name, member)));

/** Ways to write the same thing. */
const sameThings: Record<string, (node: Json) => Json> = {
  'single values as lists': each((name, member) => [[name, isSingle(name, member) ? [member] : member]]),
  'lists of one as that one': each((name, member) => [
    [name, Array.isArray(member) && member.length === 1 && !Array.isArray(member[0]) ? member[0] : member],
  ]),
  'lists as objects with numeric names (PHP)': each((name, member) => [
    [name, Array.isArray(member) && listable.has(name) && member.length > 0 ? { ...member } : member],
  ]),
  'lists with nulls': each((name, member) => [
    [name, Array.isArray(member) && listable.has(name) ? [null, ...member, ''] : member],
  ]),
  'JSON-LD lists': each((name, member) => [
    [name, Array.isArray(member) && listable.has(name) && name !== 'type' ? { '@list': member } : member],
  ]),
  'no context': each((name, member) => (name === '@context' ? [] : [[name, member]])),
  'a context at the end, that nobody knows': (node) => {
    const { '@context': context, ...rest } = node;
    return context === undefined ? node : { ...rest, '@context': ['https://nowhere.example/ns', context] };
  },
  'as: before members': each((name, member) => [
    [/^(?:@|id$|type$|_|\d)|:/.test(name) ? name : `as:${name}`, member],
  ]),
  'whole addresses for members': each((name, member) => [
    [/^(?:@|id$|type$|_|\d)|:/.test(name) ? name : `${as2}#${name}`, member],
  ]),
  'as: before types': each((name, member) => [[name, name === 'type' ? prefixed('as:', member) : member]]),
  'whole addresses for types': each((name, member) => [
    [name, name === 'type' ? prefixed(`${as2}#`, member) : member],
  ]),
  '@id and @type': each((name, member) => [[name === 'id' || name === 'type' ? `@${name}` : name, member]]),
  'as:Public': each((name, member) => [[name, renamed(member, `${as2}#Public`, 'as:Public')]]),
  Public: each((name, member) => [[name, renamed(member, `${as2}#Public`, 'Public')]]),
  'mimeType for mediaType': each((name, member) => [[name === 'mediaType' ? 'mimeType' : name, member]]),
  'ids as objects': each((name, member) => [
    [name, /^(?:actor|attributedTo|inReplyTo|target|movedTo)$/.test(name) ? asObjects(member) : member],
  ]),
  'what nobody knows': (node) => ({ ...node, nobody: { knows: [1, null] }, 'x:y': 'z' }),
};

/** Pixelfed's objects with numeric names are lists already. */
function isSingle(name: string, member: unknown): boolean {
  return (
    listable.has(name) && !Array.isArray(member) && member !== null && !Object.hasOwn(Object(member), '0')
  );
}

function prefixed(prefix: string, type: unknown): unknown {
  if (Array.isArray(type)) return type.map((one) => prefixed(prefix, one));
  return typeof type === 'string' && !type.includes(':') ? prefix + type : type;
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => renamed(entry, from, to));
  return value === from ? to : value;
}

function asObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asObjects);
  return typeof value === 'string' && value.startsWith('http') ? { id: value } : value;
}

describe('the same thing, written otherwise, is the same value', () => {
  test.each(Object.entries(sameThings))('%s', (name, change) => {
    const different: string[] = [];
    for (const [path, json] of documents) {
      const once = changed(json, change);
      if (JSON.stringify(meaning(once)) !== JSON.stringify(meaning(json))) different.push(path);
    }
    expect(different, name).toEqual([]);
  });
});

describe('any member may be anything', () => {
  const junk: unknown[] = [
    null,
    '',
    0,
    true,
    [],
    [[]],
    {},
    { id: {} },
    { 0: null },
    'x',
    [null, {}],
    { '@value': [] },
  ];
  const names = (value: unknown): Set<string> => {
    const found = new Set<string>();
    changed(value, (node) => {
      for (const name of Object.keys(node)) found.add(name);
      return node;
    });
    return found;
  };

  test('and the document is read or refused with a reason', () => {
    const reasons = new Set<string>();
    for (const [, json] of documents) {
      for (const name of names(json)) {
        const bad = junk[(name.length * 7 + names.length) % junk.length];
        for (const value of [bad, null, {}]) {
          const broken = changed(json, (node) => (name in node ? { ...node, [name]: value } : node));
          for (const reading of [readActivity(broken), readDocument(broken), readCollection(broken)]) {
            if (reading.kind === 'refused') reasons.add(reading.reason);
          }
        }
      }
    }
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].*\.$/);
    expect(reasons.size).toBeGreaterThan(3);
  });
});

test('an expanded document says what the compact one says', async () => {
  const documentLoader = async (address: string) => ({
    documentUrl: address,
    document: shippedContext(address) ?? { '@context': {} },
  });
  const expandContext = shippedContext(as2)?.['@context'] ?? {};
  const different: string[] = [];
  const essence = (json: unknown) => {
    const reading = readActivity(json);
    if (reading.kind === 'refused') return readDocument(json).kind;
    const { id, type, actor, objects, to } = reading.activity;
    const [ref] = objects;
    const object = ref?.kind === 'object' ? ref.object : null;
    const { content, inReplyTo, visibility, attributedTo, published } = object ?? {};
    return { id, type, actor, to, kind: ref?.kind, content, inReplyTo, visibility, attributedTo, published };
  };
  for (const [path, json] of documents) {
    if (typeof json !== 'object' || json === null || JSON.stringify(json).includes('"@language"')) continue;
    const expanded = await jsonld.expand({ ...json }, { documentLoader, expandContext }).catch(() => null);
    // What is no valid JSON-LD has no expanded form.
    if (expanded === null || expanded.length !== 1) continue;
    if (JSON.stringify(essence(expanded)) !== JSON.stringify(essence(json))) different.push(path);
  }
  expect(different).toEqual([]);
});
