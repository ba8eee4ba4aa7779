import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCollection } from '../../../../plugins/federation/vocabulary/collection.ts';

const id = 'https://remote.example/c';
const item = 'https://remote.example/1';
const note = { id: 'https://remote.example/2', type: 'Note', content: 'x' };

function read(json: unknown) {
  const reading = readCollection(json);
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.collection;
}

test.each([
  ['ids and objects', { orderedItems: [item, note, null] }],
  ['items for orderedItems', { items: [item, note] }],
  ['numeric names', { items: { '0': item, '1': note } }],
  [
    'an embedded first page (Mastodon)',
    { first: { type: 'CollectionPage', items: [item, note], partOf: id } },
  ],
])('the items in %s', (_, members) => {
  expect(read({ id, type: 'OrderedCollection', ...members }).items).toMatchObject([
    { kind: 'id', id: item },
    { kind: 'object', object: { id: note.id } },
  ]);
});

test('the next page is the first where no items came along', () => {
  expect(read({ id, type: 'Collection', totalItems: '7', first: `${id}?page=1` })).toEqual({
    id,
    items: [],
    next: `${id}?page=1`,
    totalItems: 7,
  });
  expect(read({ id, type: 'CollectionPage', items: item, next: `${id}?page=2` })).toMatchObject({
    items: [{ id: item }],
    next: `${id}?page=2`,
    totalItems: null,
  });
  expect(
    read({ id, type: 'Collection', first: { type: 'CollectionPage', next: `${id}?page=1`, items: [] } }),
  ).toMatchObject({ items: [], next: `${id}?page=1` });
  expect(
    read({ id, type: 'OrderedCollection', totalItems: 0, orderedItems: [], first: `${id}?page=1` }).next,
  ).toBeNull();
});

test('an untyped page is known by its items (Akkoma), and no id is needed', () => {
  expect(read({ items: [item] })).toMatchObject({ id: null, items: [{ kind: 'id', id: item }] });
});

test('at most 1,000 items are read', () => {
  expect(read({ id, type: 'Collection', items: Array(5_000).fill(item) }).items).toHaveLength(1_000);
});

test.each([[null], [[]], [note], [{}], ['x']])('%j is refused as a collection', (json) => {
  expect(readCollection(json)).toMatchObject({ kind: 'refused', status: 400 });
});

test('whatever comes is read or refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (items, first) => {
      expect(readCollection({ type: 'Collection', items, first }).kind).toBe('collection');
      expect(['collection', 'refused']).toContain(readCollection(items).kind);
    }),
  );
});
