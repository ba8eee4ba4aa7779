import { describe, expect, test } from 'vitest';
import {
  type ForeignActivity,
  readActivity,
  readDocument,
  readRef,
} from '../../../../plugins/federation/vocabulary/activity.ts';
import { PUBLIC } from '../../../../plugins/federation/vocabulary/audience.ts';

const bob = 'https://remote.example/users/bob';
const post = 'https://local.example/posts/1';
const followers = `${bob}/followers`;
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

describe('what it is about', () => {
  test('a list (Flag, Funkwhale)', () => {
    const json = {
      ...follow,
      type: 'Flag',
      object: [bob, null, { id: note.id }, note, 'nonsense'],
      content: '',
    };
    expect(read(json)).toMatchObject({
      content: null,
      objects: [{ kind: 'id', id: bob }, { kind: 'id', id: note.id }, { kind: 'object' }],
    });
  });

  test('an embedded Follow without an id (Undo), or with another one', () => {
    const undo = { id: `${bob}#undo`, type: 'Undo', actor: bob };
    for (const id of [undefined, `${bob}#follow/2`]) {
      expect(read({ ...undo, object: { ...follow, id } }).objects).toMatchObject([
        {
          kind: 'activity',
          activity: { id: id ?? null, type: 'Follow', actor: bob, objects: [{ kind: 'id' }] },
        },
      ]);
    }
  });

  test('what is undone without an actor is the undoing one’s; what is announced so is but an id', () => {
    const like = { id: `${bob}#likes/1`, type: 'Like', object: post };
    const wrapper = { id: `${bob}#1`, actor: bob, object: like };
    expect(read({ ...wrapper, type: 'Undo' }).objects).toMatchObject([
      { kind: 'activity', activity: { actor: bob } },
    ]);
    expect(read({ ...wrapper, type: 'Announce' }).objects).toEqual([{ kind: 'id', id: like.id }]);
  });

  test('an embedded activity of two actors is but its id', () => {
    const object = { ...follow, actor: [bob, 'https://evil.example/'] };
    expect(read({ ...follow, type: 'Accept', object }).objects).toEqual([{ kind: 'id', id: follow.id }]);
  });

  test('a wrapped activity of somebody else keeps its own actor and id (Lemmy)', () => {
    const group = 'https://lemmy.example/c/blogs';
    const json = { id: `${group}/announce/1`, type: 'Announce', actor: group, object: create };
    expect(read(json).objects).toMatchObject([
      {
        kind: 'activity',
        activity: { type: 'Create', actor: bob, objects: [{ kind: 'object', object: { id: note.id } }] },
      },
    ]);
  });

  test('an actor, whole or as a stub', () => {
    for (const object of [
      { id: bob, type: 'Person' },
      { id: bob, type: 'Odd', inbox: `${bob}/inbox`, preferredUsername: 'bob' },
    ]) {
      expect(read({ ...create, type: 'Update', object }).objects).toMatchObject([
        { kind: 'actor', actor: { id: bob } },
      ]);
    }
  });

  test('an activity of a type of its own', () => {
    const request = { id: `${bob}/r/1`, type: 'FancyRequest', actor: bob, object: post };
    expect(readRef(request)).toMatchObject({ kind: 'activity', activity: { type: 'FancyRequest' } });
    expect(readRef({ ...note, actor: bob })).toMatchObject({ kind: 'object' });
  });

  test('a Link, as its address', () => {
    expect(read({ ...follow, type: 'Like', object: { type: 'Link', href: post } }).objects).toEqual([
      { kind: 'id', id: post },
    ]);
  });

  test('an Update that wraps its object once too often (Mbin)', () => {
    const object = { ...create, id: `${create.id}/2` };
    expect(objectOf({ ...create, type: 'Update', object }).id).toBe(note.id);
  });

  test('documents inside each other are read four deep, and then count as their ids', () => {
    let nested: Record<string, unknown> = { ...note };
    for (let level = 5; level >= 0; level--)
      nested = { ...follow, id: `${bob}#${level}`, type: 'Undo', object: nested };
    const kinds: string[] = [];
    let activity: ForeignActivity | null = read(nested);
    while (activity) {
      const ref: ForeignActivity['objects'][number] | undefined = activity.objects[0];
      kinds.push(ref?.kind ?? 'nothing');
      activity = ref?.kind === 'activity' ? ref.activity : null;
    }
    expect(kinds).toEqual(['activity', 'activity', 'activity', 'activity', 'id']);
  });

  test('the target of a Move, the result and instrument of quotes', () => {
    expect(
      read({ ...follow, type: 'Move', object: bob, target: { id: 'https://new.example/bob' } }).target,
    ).toEqual({
      kind: 'id',
      id: 'https://new.example/bob',
    });
    expect(read({ ...follow, type: 'Accept', result: 'https://remote.example/stamps/1' }).result).toBe(
      'https://remote.example/stamps/1',
    );
    const request = { ...follow, type: 'QuoteRequest', object: post, instrument: { ...note, quote: post } };
    expect(read(request).instrument).toMatchObject({ kind: 'object', object: { quoteOf: post } });
  });
});

describe('addressing of what was created', () => {
  test('is taken from the activity where the object is silent', () => {
    expect(objectOf({ ...create, to: 'as:Public', cc: followers })).toMatchObject({
      to: [PUBLIC],
      cc: [followers],
      visibility: 'public',
    });
  });

  test('is the object’s own where it says anything, even what nobody understands', () => {
    expect(objectOf({ ...create, to: PUBLIC, object: { ...note, to: followers } }).visibility).toBe(
      'followers',
    );
    expect(
      objectOf({ ...create, to: PUBLIC, object: { ...note, to: 'acct:ann@local.example' } }).visibility,
    ).toBe('direct');
  });

  test('is not taken from an Announce', () => {
    expect(objectOf({ ...create, type: 'Announce', to: PUBLIC }).visibility).toBe('direct');
  });
});

describe('fetched documents', () => {
  test('are told apart', () => {
    expect(readDocument(note)).toMatchObject({ kind: 'object', object: { id: note.id } });
    expect(readDocument(create)).toMatchObject({ kind: 'activity', activity: { id: create.id } });
    expect(readDocument({ id: bob, type: 'Person', inbox: `${bob}/inbox` })).toMatchObject({ kind: 'actor' });
  });

  test.each([
    [null],
    [[]],
    ['https://a.example/'],
    [{ type: 'Note' }],
    [{ id: 'x', type: 'Note' }],
    [{ id: bob }],
    [{ ...follow, actor: [] }],
  ])('%j is refused', (json) => {
    expect(readDocument(json)).toMatchObject({ kind: 'refused', status: 400 });
  });
});
