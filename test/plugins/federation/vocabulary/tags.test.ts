import { describe, expect, test } from 'vitest';
import { PUBLIC } from '../../../../plugins/federation/vocabulary/audience.ts';
import { type ForeignObject, readObject } from '../../../../plugins/federation/vocabulary/object.ts';

const bob = 'https://remote.example/users/bob';
const note = {
  id: 'https://remote.example/notes/1',
  type: 'Note',
  attributedTo: bob,
  content: '<p>Hi</p>',
  to: PUBLIC,
};

function read(members: Record<string, unknown>): ForeignObject {
  const reading = readObject({ ...note, ...members });
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.object;
}

describe('tags', () => {
  const mention = { type: 'Mention', href: bob, name: '@bob@remote.example' };
  const hashtag = { type: 'Hashtag', href: 'https://remote.example/tags/Art', name: '#Art' };
  const asRead = {
    mentions: [{ href: bob, name: '@bob@remote.example' }],
    hashtags: [{ name: 'Art', href: 'https://remote.example/tags/Art' }],
  };

  test.each([
    ['a list', [mention, hashtag]],
    ['an object with numeric names (Pixelfed)', { '0': mention, '1': hashtag }],
    ['one tag merged with numeric names (Pixelfed)', { ...mention, '0': hashtag }],
    [
      'a list with nulls, strings (kbin) and strangers',
      [null, '#Art', mention, { type: 'Tag', name: 'x' }, hashtag, {}],
    ],
    [
      'types in lists and with prefixes',
      [
        { ...mention, type: ['as:Mention'] },
        { ...hashtag, type: ['Object', 'Hashtag'] },
      ],
    ],
    ['repeated tags', [mention, mention, hashtag, { ...hashtag, name: '#art' }]],
  ])('%s', (_, tag) => {
    expect(read({ tag })).toMatchObject(asRead);
  });

  test('one tag alone (GoToSocial)', () => {
    expect(read({ tag: mention })).toMatchObject({ mentions: asRead.mentions, hashtags: [] });
  });

  test('mentions without a name (Smithereen), without @ (NodeBB); without an address they are nothing', () => {
    const tag = [
      { ...mention, name: undefined },
      { type: 'Mention', href: 'https://a.example/@c', name: 'c' },
      { type: 'Mention', name: '@d' },
    ];
    expect(read({ tag }).mentions).toEqual([
      { href: bob, name: null },
      { href: 'https://a.example/@c', name: 'c' },
    ]);
  });

  test('hashtags without #, with a relative address (Gancio), with nothing to see', () => {
    const tag = [
      { type: 'Hashtag', name: 'Art' },
      { type: 'Hashtag', name: '#b', href: '/tags/b' },
      { type: 'Hashtag', name: '#' },
      { type: 'Hashtag' },
    ];
    expect(read({ tag }).hashtags).toEqual([
      { name: 'Art', href: null },
      { name: 'b', href: null },
    ]);
  });

  test('emoji with an icon as object or text, and Pleroma’s map', () => {
    const tag = [
      { type: 'Emoji', name: ':a:', icon: { type: 'Image', url: 'https://a.example/a.png' } },
      { type: 'toot:Emoji', name: 'b', icon: 'https://a.example/b.png' },
      { type: 'Emoji', name: ':none:' },
    ];
    expect(read({ tag, emoji: { c: 'https://a.example/c.png' } }).emojis).toEqual(
      ['a', 'b', 'c'].map((name) => ({ name, iconUrl: `https://a.example/${name}.png` })),
    );
  });

  test('at most 64 emoji', () => {
    const tag = Array.from({ length: 100 }, (_, n) => ({
      type: 'Emoji',
      name: `:e${n}:`,
      icon: { url: `https://a.example/${n}` },
    }));
    expect(read({ tag }).emojis).toHaveLength(64);
  });
});

describe('attachments', () => {
  const url = 'https://a.example/1.png';
  const image = { type: 'Image', url, mediaType: 'image/png', name: null, width: null, height: null };
  test.each([
    ['one object without a media type (Owncast)', { type: 'Image', url }, { ...image, mediaType: null }],
    ['an address alone', url, { ...image, type: 'Link', mediaType: null }],
    ['href (Mbin)', { type: 'Link', href: url }, { ...image, type: 'Link', mediaType: null }],
    [
      'a list of Links as url',
      { type: 'Document', url: [{ type: 'Link', href: url, mediaType: 'image/png' }] },
      { ...image, type: 'Document' },
    ],
    ['an empty name (Pleroma)', { ...image, name: '' }, image],
    ['sizes as text, and impossible ones', { ...image, width: '640', height: -3 }, { ...image, width: 640 }],
    ['a wild media type', { ...image, mediaType: 'image/*' }, { ...image, mediaType: 'image/*' }],
    ['two lines of description', { ...image, name: 'a\r\nb' }, { ...image, name: 'a\nb' }],
  ])('%s', (_, attachment, expected) => {
    expect(read({ attachment }).attachments).toEqual([expected]);
    expect(read({ attachment: [null, attachment] }).attachments).toEqual([expected]);
  });

  test('without an address, or with one of another scheme, are left out', () => {
    const attachment = [
      { type: 'PropertyValue', name: 'a', value: 'b' },
      { type: 'Image', url: 'data:image/png;base64,x' },
      {},
      'x',
    ];
    expect(read({ attachment }).attachments).toEqual([]);
  });
});
