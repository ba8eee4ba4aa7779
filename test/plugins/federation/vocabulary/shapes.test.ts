import { describe, expect, test } from 'vitest';
import { count, entries, flag, text } from '../../../../plugins/federation/vocabulary/shapes.ts';
import { asNode, typeOf, typesOf } from '../../../../plugins/federation/vocabulary/terms.ts';

describe('lists', () => {
  test.each([
    ['nothing', undefined, []],
    ['null', null, []],
    ['an empty string', '', []],
    ['one value', 'a', ['a']],
    ['one object', { type: 'Mention' }, [{ type: 'Mention' }]],
    ['an array with nulls and empty strings', ['a', null, '', 'b'], ['a', 'b']],
    ['an object with numeric names', { '0': 'a', '2': 'b' }, ['a', 'b']],
    ['numeric names that do not begin with 0', { '1': 'a' }, ['a']],
    [
      'a tag merged with numeric names',
      { type: 'Mention', '0': { type: 'Hashtag' } },
      [{ type: 'Hashtag' }, { type: 'Mention' }],
    ],
    ['@list', { '@list': ['a', null] }, ['a']],
    ['@set', { '@set': 'a' }, ['a']],
  ])('%s', (_, value, expected) => {
    expect(entries(value)).toEqual(expected);
  });

  test('stop at 1,000 entries', () => {
    expect(entries(Array(1_001).fill('a'))).toHaveLength(1_000);
    expect(entries([null, ...Array(1_001).fill('a')])).toHaveLength(1_000);
  });
});

describe('names', () => {
  test('prefixes and full names of the usual vocabularies are taken off', () => {
    expect(
      asNode({
        '@id': 'x',
        'as:sensitive': true,
        'toot:votersCount': 1,
        'https://www.w3.org/ns/activitystreams#content': 'c',
        'http://www.w3.org/ns/ldp#inbox': 'i',
        'https://w3id.org/security#publicKeyPem': 'p',
        'vcard:bday': 'b',
      }),
    ).toMatchObject({
      id: 'x',
      sensitive: true,
      votersCount: 1,
      content: 'c',
      inbox: 'i',
      publicKeyPem: 'p',
      'vcard:bday': 'b',
    });
  });

  test('a short name wins over a long one, wherever it stands', () => {
    expect(asNode({ 'as:actor': 'long', actor: 'short' })?.actor).toBe('short');
    expect(asNode({ actor: 'short', 'as:actor': 'long' })?.actor).toBe('short');
  });

  test('no object is no node', () => {
    for (const value of [null, undefined, 1, 'a', true, []]) expect(asNode(value)).toBeNull();
  });

  test('types lose their prefixes, and the known one is chosen', () => {
    expect(typesOf({ type: ['as:Note', '', null, 'https://www.w3.org/ns/activitystreams#Page'] })).toEqual([
      'Note',
      'Page',
    ]);
    expect(typeOf({ type: ['Object', 'Hashtag'] }, new Set(['Hashtag']))).toBe('Hashtag');
    expect(typeOf({ type: ['Odd', 'Odder'] }, new Set(['Hashtag']))).toBe('Odd');
    expect(typeOf({ type: [] }, new Set())).toBe('');
  });
});

describe('scalars', () => {
  test('texts', () => {
    expect(text('a')).toBe('a');
    expect(text({ '@value': 'a', '@language': 'en' })).toBe('a');
    expect(text(['', 'a'])).toBe('a');
    expect(text(12)).toBe('12');
    for (const value of ['', null, {}, [], [[]], true]) expect(text(value)).toBeNull();
  });

  test('flags', () => {
    for (const value of [true, 1, '1', 'true', 'True', { '@value': 'True' }]) expect(flag(value)).toBe(true);
    for (const value of [false, 0, '0', 'false', '[]', '', null, undefined, {}, [], { '@value': 'False' }]) {
      expect(flag(value)).toBe(false);
    }
  });

  test('counts', () => {
    expect(count(3)).toBe(3);
    expect(count('12')).toBe(12);
    for (const value of [-1, 1.5, 1e300, 'many', null, {}, '']) expect(count(value)).toBeNull();
  });
});
