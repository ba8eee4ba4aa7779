import { describe, expect, test } from 'vitest';
import { idOf, isId, originOf, sameOrigin } from '../../../../plugins/federation/vocabulary/ids.ts';
import { imageAddress, pageAddress } from '../../../../plugins/federation/vocabulary/links.ts';

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
