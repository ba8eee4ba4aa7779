import { describe, expect, test } from 'vitest';
import { type ForeignActivity, readActivity } from '../../../../plugins/federation/vocabulary/activity.ts';
import { PUBLIC } from '../../../../plugins/federation/vocabulary/audience.ts';

const bob = 'https://remote.example/users/bob';
const post = 'https://local.example/posts/1';
const follow = {
  id: `${bob}#follows/1`,
  type: 'Follow',
  actor: bob,
  object: 'https://local.example/users/ann',
};
const note = {
  id: 'https://remote.example/notes/1',
  type: 'Note',
  attributedTo: bob,
  content: '<p>Hi</p>',
  inReplyTo: post,
};
const create = { id: 'https://remote.example/notes/1/activity', type: 'Create', actor: bob, object: note };

function read(json: unknown): ForeignActivity {
  const reading = readActivity(json);
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.activity;
}

function objectOf(json: unknown) {
  const [ref] = read(json).objects;
  if (ref?.kind !== 'object') throw new Error('no object');
  return ref.object;
}

test('a plain activity', () => {
  const json = { ...follow, to: follow.object, published: '2026-01-02T03:04:05Z' };
  expect(read(json)).toMatchObject({
    id: follow.id,
    type: 'Follow',
    actor: bob,
    objects: [{ kind: 'id', id: follow.object }],
    to: [follow.object],
    cc: [],
    published: new Date('2026-01-02T03:04:05Z'),
    raw: json,
  });
});

describe('the actor', () => {
  test.each([
    ['embedded', { id: bob, type: 'Person', inbox: `${bob}/inbox` }],
    ['an object with an id alone (Hubzilla)', { id: bob }],
    ['the only one of a list (Prismo)', [{ type: 'Person', id: bob }]],
  ])('may be %s', (_, actor) => {
    expect(read({ ...follow, actor }).actor).toBe(bob);
  });

  test.each([
    ['two actors', [bob, 'https://remote.example/users/eve'], 'The activity has more than one actor.'],
    ['none', undefined, 'The activity has no actor.'],
    ['an empty one', '', 'The activity has no actor.'],
    ['one that is no id', 'bob@remote.example', 'The activity has no usable actor.'],
    ['one without an id', { type: 'Person' }, 'The activity has no usable actor.'],
  ])('%s: refused', (_, actor, reason) => {
    expect(readActivity({ ...follow, actor })).toEqual({ kind: 'refused', status: 400, reason });
  });
});

describe('the id', () => {
  test.each([
    'Follow',
    'Like',
    'Dislike',
    'EmojiReact',
    'Accept',
    'Reject',
    'Block',
    'Undo',
    'Delete',
    'View',
  ])('may be absent, null or empty in a %s', (type) => {
    for (const id of [undefined, null, '']) expect(read({ ...follow, type, id }).id).toBeNull();
  });

  test.each(['Create', 'Update', 'Announce', 'Move', 'Add', 'Remove', 'Flag'])(
    'must be there in %s',
    (type) => {
      expect(readActivity({ ...follow, type, id: null })).toMatchObject({ kind: 'refused', status: 403 });
    },
  );

  test('must be on the server of the actor', () => {
    for (const id of ['https://evil.example/1', 'http://remote.example/1', 'https://www.remote.example/1']) {
      expect(readActivity({ ...follow, id })).toMatchObject({ kind: 'refused', status: 403 });
    }
  });

  test('must be an http(s) address', () => {
    for (const id of [
      'urn:uuid:1',
      'x',
      7,
      { id: 'https://remote.example/1' },
      `https://remote.example/${'x'.repeat(2_048)}`,
    ]) {
      expect(readActivity({ ...follow, id })).toMatchObject({ kind: 'refused', status: 400 });
    }
  });

  test('may equal that of the object (WriteFreely)', () => {
    expect(read({ ...create, id: note.id }).id).toBe(note.id);
  });
});

describe('what is refused as no activity', () => {
  test.each([
    [null],
    [[]],
    ['x'],
    [1],
    [{}],
    [{ type: 'Follow' }],
    [note],
    [[follow, follow]],
    [{ ...follow, type: [] }],
  ])('%j', (json) => {
    expect(readActivity(json)).toMatchObject({ kind: 'refused', status: 400 });
  });

  test('a known type that names no object', () => {
    for (const object of [
      undefined,
      null,
      '',
      [],
      {},
      'acct:a@b.example',
      { type: 'Link', href: 'mailto:x' },
    ]) {
      expect(readActivity({ ...follow, object })).toMatchObject({ kind: 'refused', status: 400 });
    }
  });
});

test('an unknown type is read like any other, with or without an object', () => {
  expect(read({ ...follow, type: 'Bite' })).toMatchObject({ type: 'Bite', objects: [{ kind: 'id' }] });
  expect(read({ id: `${bob}#1`, actor: bob, type: ['Travel'] })).toMatchObject({
    type: 'Travel',
    objects: [],
  });
});

describe('names', () => {
  test('no context, full names and an expanded document (rdf-pub)', () => {
    const as = (name: string) => `https://www.w3.org/ns/activitystreams#${name}`;
    const expanded = {
      '@id': create.id,
      '@type': [as('Create')],
      [as('actor')]: [{ '@id': bob }],
      [as('to')]: [{ '@id': as('Public') }],
      [as('published')]: [{ '@type': 'xsd:dateTime', '@value': '2026-01-02T03:04:05Z' }],
      [as('object')]: [
        {
          '@id': note.id,
          '@type': [as('Note')],
          [as('attributedTo')]: [{ '@id': bob }],
          [as('content')]: [{ '@value': 'Hi', '@language': 'en' }],
          [as('inReplyTo')]: [{ '@id': post }],
        },
      ],
    };
    for (const json of [expanded, [expanded]]) {
      expect(read(json)).toMatchObject({ id: create.id, type: 'Create', actor: bob, to: [PUBLIC] });
      expect(read(json).published).toEqual(new Date('2026-01-02T03:04:05Z'));
      expect(objectOf(json)).toMatchObject({
        id: note.id,
        content: 'Hi',
        language: 'en',
        inReplyTo: post,
        visibility: 'public',
      });
    }
  });

  test('prefixed types', () => {
    expect(read({ ...follow, type: 'as:Follow' }).type).toBe('Follow');
    expect(read({ ...follow, type: 'litepub:EmojiReact' }).type).toBe('EmojiReact');
  });
});

describe('reactions', () => {
  test.each([
    ['EmojiReact with an emoji (Pleroma)', { type: 'EmojiReact', content: '👌' }, '👌'],
    [
      'Like with an emoji (Misskey)',
      { type: 'Like', content: ':neko:', _misskey_reaction: ':neko:' },
      ':neko:',
    ],
    ['Like with the older member alone', { type: 'Like', _misskey_reaction: '🍮' }, '🍮'],
    ['Like', { type: 'Like' }, null],
    ['Like with an empty text', { type: 'Like', content: '' }, null],
  ])('%s', (_, members, content) => {
    expect(read({ ...follow, object: post, ...members }).content).toBe(content);
  });

  test('carry their custom emoji', () => {
    const tag = {
      type: 'Emoji',
      name: ':neko:',
      icon: { type: 'Image', url: 'https://remote.example/neko.png' },
    };
    expect(read({ ...follow, type: 'Like', object: post, content: ':neko:', tag }).emojis).toEqual([
      { name: 'neko', iconUrl: 'https://remote.example/neko.png' },
    ]);
  });
});

describe('hostile sizes', () => {
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  test('lists are cut at their limits, quickly', () => {
    const tag = [
      ...many(5_000, (n) => ({ type: 'Mention', href: `https://a.example/${n}`, name: `@${n}` })).slice(
        0,
        400,
      ),
      ...many(10_000, (n) => ({ type: 'Hashtag', name: `#${n}` })),
    ];
    const attachment = many(2_000, (n) => ({ type: 'Image', url: `https://a.example/${n}.png` }));
    const to = many(5_000, (n) => `https://a.example/${n}`);
    const before = process.cpuUsage();
    const object = objectOf({
      ...create,
      object: { ...note, tag, attachment, to, oneOf: many(50_000, () => ({ name: 'x' })) },
    });
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(100_000);
    expect(object.mentions).toHaveLength(50);
    expect(object.hashtags).toHaveLength(600);
    expect(object.attachments).toHaveLength(16);
    expect(object.to).toHaveLength(1_000);
  });
});
