import { describe, expect, test } from 'vitest';
import { PUBLIC, recipients, visibilityOf } from '../../../../plugins/federation/vocabulary/audience.ts';
import { idOf, isId, originOf, sameOrigin } from '../../../../plugins/federation/vocabulary/ids.ts';
import { languageTag, languageText } from '../../../../plugins/federation/vocabulary/languages.ts';
import { imageAddress, pageAddress } from '../../../../plugins/federation/vocabulary/links.ts';
import { plainLine, plainText } from '../../../../plugins/federation/vocabulary/plain-text.ts';
import { count, entries, flag, text } from '../../../../plugins/federation/vocabulary/shapes.ts';
import { asNode, typeOf, typesOf } from '../../../../plugins/federation/vocabulary/terms.ts';
import { time } from '../../../../plugins/federation/vocabulary/times.ts';

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

describe('times', () => {
  test.each([
    ['2024-03-01T10:00:00Z', '2024-03-01T10:00:00.000Z'],
    ['2024-03-01T10:00:00+00:00', '2024-03-01T10:00:00.000Z'],
    ['2026-10-05T15:00:00+0000', '2026-10-05T15:00:00.000Z'],
    ['2026-10-05T15:00:00-0530', '2026-10-05T20:30:00.000Z'],
    ['2026-08-11T02:17:57.582123Z', '2026-08-11T02:17:57.582Z'],
    ['2017-12-19T16:56:29.7576707+00:00', '2017-12-19T16:56:29.757Z'],
    ['2026-06-26T11:17:11.483620610Z', '2026-06-26T11:17:11.483Z'],
    ['2022-01-23T20:21:24', '2022-01-23T20:21:24.000Z'],
    ['2022-01-23T20:21Z', '2022-01-23T20:21:00.000Z'],
    ['2022-01-23 20:21:24', '2022-01-23T20:21:24.000Z'],
    ['2022-01-23', '2022-01-23T00:00:00.000Z'],
    ['2022-01-23T24:00:00Z', '2022-01-24T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['9999-12-31T00:00:00Z', '9999-12-31T00:00:00.000Z'],
  ])('%s is %s', (written, expected) => {
    expect(time(written)?.toISOString()).toBe(expected);
  });

  test.each([
    '',
    'yesterday',
    '0000-00-00',
    '0000-00-00T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-01-01T25:00:00Z',
    '2024-01-01T24:00:01Z',
    '2024-01-01T10:60:00Z',
    '2024-01-01T10:00:00+99:00',
    '9999-12-31T23:59:59-01:00',
    1_700_000_000,
    null,
    {},
    [],
    `2024-01-01T00:00:00.${'0'.repeat(100_000)}Z`,
  ])('%j is no time', (written) => {
    expect(time(written)).toBeNull();
  });
});

describe('ids', () => {
  test.each([
    'https://a.example/',
    'http://a.example',
    'https://a.example/?author=1',
    'https://a.example/users/b#follows/1',
    'https://bsky.brid.gy/convert/ap/at://did:plc:25pj/app.bsky.feed.post/3m',
    'https://flipboard.com/statuses/x:a:1',
    'https://bücher.example/ü',
    'https://a.example:8443/x',
    'https://hz.example/inbox/[public]',
  ])('%s is one', (id) => {
    expect(isId(id)).toBe(true);
  });

  test.each([
    '',
    'a.example',
    '//a.example/',
    '/x',
    'acct:b@a.example',
    'did:plc:x',
    'javascript:alert(1)',
    'ftp://a.example/',
    'https:a.example',
    'https:///x',
    'https://',
    'https://good.example@evil.example/',
    'https://evil.example\\@good.example/',
    'https://a.example/a b',
    'https://a.exa\nmple/',
    ' https://a.example/',
    'https://a.example/\u0000',
    'https://[::1/',
    'https://a.example:99999/',
    `https://a.example/${'x'.repeat(2_048)}`,
    `https://a.example/${'€'.repeat(700)}`,
    null,
    1,
    {},
  ])('%j is none', (id) => {
    expect(isId(id)).toBe(false);
  });

  test('are found in strings, objects, Links and lists', () => {
    const id = 'https://a.example/1';
    for (const value of [
      id,
      { id },
      { '@id': id },
      [id, 'https://b.example/'],
      [{ id }],
      { type: 'Link', href: id },
      { href: id },
    ]) {
      expect(idOf(value)).toBe(id);
    }
    for (const value of [null, '', [], {}, { id: null }, { type: 'Image', href: id }, 1])
      expect(idOf(value)).toBeNull();
  });

  test('origins are compared as a browser would', () => {
    expect(sameOrigin('https://a.example/x', 'https://A.example:443/y?z#q')).toBe(true);
    expect(sameOrigin('https://bücher.example/', 'https://xn--bcher-kva.example/')).toBe(true);
    for (const other of [
      'http://a.example/x',
      'https://www.a.example/x',
      'https://a.example:8443/',
      'https://a.example.evil.example/',
      'https://a.example@evil.example/',
    ]) {
      expect(sameOrigin('https://a.example/x', other)).toBe(false);
    }
    expect(sameOrigin('nonsense', 'nonsense')).toBe(false);
    expect(originOf('data:text/plain,x')).toBeNull();
  });
});

describe('links', () => {
  const html = 'https://a.example/page';
  test.each([
    ['a string', html],
    ['a Link', { type: 'Link', href: html }],
    ['mimeType for mediaType', { type: 'Link', mimeType: 'text/html', href: html }],
    ['url for href', [{ url: html, mediaType: 'text/html' }]],
    [
      'the HTML link among others',
      [
        { type: 'Link', href: 'threads://post/1', mediaType: 'application/x-threads' },
        { type: 'Link', href: 'https://a.example/video.mp4', mediaType: 'video/mp4' },
        { type: 'Link', href: 'magnet:?xt=1', mediaType: 'application/x-bittorrent;x-scheme-handler/magnet' },
        { type: 'Link', href: html, mediaType: 'text/html; charset=utf-8' },
      ],
    ],
    [
      'a plain string before a typed link',
      [{ href: 'https://a.example/x', mediaType: 'application/pdf' }, html],
    ],
    ['spaces around', ` ${html} `],
  ])('the page address in %s', (_, value) => {
    expect(pageAddress(value)).toBe(html);
  });

  test('other schemes are no page', () => {
    for (const value of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'java\tscript:x',
      'data:text/html,x',
      'at://x',
      '//evil.example/',
      {},
      null,
      3,
    ]) {
      expect(pageAddress(value)).toBeNull();
    }
  });

  test('pictures are strings, Images, lists of them, with Links or entities inside', () => {
    const url = 'https://a.example/p?s=120&d=mm';
    for (const value of [
      url,
      { type: 'Image', url },
      [{ type: 'Image', url }, { url: 'https://a.example/2' }],
      { url: { type: 'Link', href: url } },
      { url: [{ href: url }] },
      { href: url },
      { url: url.replace('&', '&#038;') },
      { url: url.replace('&', '&amp;') },
    ]) {
      expect(imageAddress(value)).toBe(url);
    }
    for (const value of [null, '', {}, { url: null }, { url: 'data:image/png;base64,x' }])
      expect(imageAddress(value)).toBeNull();
  });
});

describe('audience', () => {
  const followers = 'https://a.example/users/b/followers';
  test('Public is known by its three names', () => {
    for (const name of [PUBLIC, 'as:Public', 'Public']) expect(recipients([name])).toEqual([PUBLIC]);
    expect(recipients({ id: PUBLIC })).toEqual([PUBLIC]);
    expect(recipients(['obj1', null, { id: followers }, followers])).toEqual([followers]);
  });

  test('only Public makes something public', () => {
    expect(visibilityOf([PUBLIC], [followers])).toBe('public');
    expect(visibilityOf([followers], [PUBLIC])).toBe('unlisted');
    expect(visibilityOf([followers], [])).toBe('followers');
    expect(visibilityOf(['https://a.example/f'], [], 'https://a.example/f')).toBe('followers');
    expect(visibilityOf([followers], [], 'https://a.example/f')).toBe('direct');
    expect(visibilityOf(['https://b.example/users/c'], [])).toBe('direct');
    expect(visibilityOf([], [])).toBe('direct');
  });
});

describe('languages', () => {
  test.each([
    ['the map alone', undefined, { 'en-us': 'hello' }, { text: 'hello', language: 'en-US' }],
    ['the key of the same text', 'b', { de: 'a', fr: 'b' }, { text: 'b', language: 'fr' }],
    ['the only key of another text', 'b', { de: 'a' }, { text: 'b', language: 'de' }],
    ['no key among several', 'c', { de: 'a', fr: 'b' }, { text: 'c', language: null }],
    ['a null text in the map', null, { en: null }, { text: null, language: null }],
    ["PHP's empty map", 'a', [], { text: 'a', language: null }],
    ['a list of texts', '', ['a', 'b'], { text: 'a', language: null }],
    ['a list of maps', null, [{ fr: 'a' }], { text: 'a', language: 'fr' }],
    ['an undetermined language', 'a', { und: 'a' }, { text: 'a', language: null }],
  ])('%s', (_, plain, map, expected) => {
    expect(languageText(plain, map)).toEqual(expected);
  });

  test('tags get their usual letters', () => {
    expect(languageTag('ZH-hans-cn')).toBe('zh-Hans-CN');
    expect(languageTag('pt_BR')).toBe('pt-BR');
    for (const value of ['und', '', 'Français', 'x'.repeat(9), null, 1])
      expect(languageTag(value)).toBeNull();
  });
});

describe('plain text', () => {
  test('is one line without anything that reorders or hides', () => {
    expect(plainLine('  a\u202Eb\u2066c\u0000\n\td\u200B  ')).toBe('abc d');
    expect(plainLine('👩‍💻')).toBe('👩‍💻');
    expect(plainLine('<b>{{x}}')).toBe('<b>{{x}}');
  });

  test('is null where nothing visible is left', () => {
    for (const value of ['', '   ', '\u202E\u200F\u200D', '\u0301', null, {}, []])
      expect(plainLine(value)).toBeNull();
  });

  test('is cut between code points', () => {
    expect(plainLine('😀'.repeat(300))).toBe('😀'.repeat(255));
    expect([...(plainLine('x'.repeat(1_000_000)) ?? '')]).toHaveLength(255);
  });

  test('stacks at most five accents on a letter', () => {
    expect(plainLine(`a${'\u0301'.repeat(300)}b`)).toBe(`a${'\u0301'.repeat(5)}b`);
  });

  test('of several lines keeps their breaks', () => {
    expect(plainText('a\r\nb\n\n\n\nc\td', 100)).toBe('a\nb\n\nc d');
  });
});
