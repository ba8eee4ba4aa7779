import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linksIn } from '../../src/content/links-in.ts';
import { isSafeHtml } from '../../src/content/safe-html.ts';
import { sanitiseCommentHtml, sanitiseProfileHtml, textOf } from '../../src/content/sanitise.ts';
import { dangersIn } from '../support/dangers-in-html.ts';
import { hostileMarkup } from '../support/hostile-markup.ts';

const comment = (html: string, baseUrl?: string) =>
  sanitiseCommentHtml(html, baseUrl ? { baseUrl } : {}).toString();

const link = (href: string, text = 'x') => `<a href="${href}" rel="nofollow ugc noopener">${text}</a>`;

describe('what a stranger writes', () => {
  test.each([
    ['emphasis and code', '<p>a <em>b</em> <strong>c</strong> <code>d</code> <del>e</del></p>', null],
    ['lists and quotes', '<ul><li>a</li></ul><blockquote><p>b</p></blockquote>', null],
    ['ruby', '<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>', null],
    ['a script goes, the text stays (C01)', 'a<script>alert(1)</script>b', 'ab'],
    ['handlers go (C01)', '<p onclick="x()" onfocus=x autofocus>a</p>', '<p>a</p>'],
    [
      'a picture becomes its words (C01)',
      '<img src=x onerror=alert(1) alt="a <cat>">',
      '<bdi>a &lt;cat&gt;</bdi>',
    ],
    ['a picture without words goes', 'a<img src="https://t.example/pixel.gif">b', 'ab'],
    ['xmp (C03)', '<xmp><img src=x onerror=alert(1)></xmp>a', 'a'],
    ['noscript (C03)', '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>a', 'a'],
    ['textarea (C03)', '<textarea></textarea/><img src=x onerror=alert(1)></textarea>a', 'a'],
    ['noembed (C03)', '<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>a', '"&gt;a'],
    ['plaintext (C03)', 'a<plaintext><script>alert(1)</script>', 'a'],
    [
      'svg and math (C03)',
      '<svg><style><img src=x onerror=alert(1)></style></svg><math><mtext>m</mtext></math>a',
      'a',
    ],
    [
      'forms, buttons, refreshes, bases (C08)',
      '<form action=//evil.example><input name=a><button formaction=x>b</button></form>',
      '<p>b</p>',
    ],
    [
      'head elements (C08)',
      '<meta http-equiv=refresh content="0;url=//e"><base href=//e><link rel=stylesheet href=//e>a',
      'a',
    ],
    [
      'embeds and films (C08)',
      '<object data=x>a</object><video autoplay onloadstart=x src=y>b</video>',
      'ab',
    ],
    [
      'a frame becomes a link (C09)',
      '<iframe src="https://v.example/1"></iframe>',
      link('https://v.example/1', 'https://v.example/1'),
    ],
    ['a frame of another scheme goes (C09)', '<iframe src="javascript:alert(1)"></iframe>a', 'a'],
    ['boxes become paragraphs', '<div>a</div><div><p>b</p></div>', '<p>a</p><p>b</p>'],
    [
      'headings become bold, out of the page outline',
      '<h1 id=main>a</h1><p>b</p>',
      '<p><strong>a</strong></p><p>b</p>',
    ],
    [
      'hidden spans keep their text',
      '<a href="https://e.example/abc"><span class="invisible">https://</span><span class="ellipsis">e.example/a</span></a>',
      link('https://e.example/abc', 'https://e.example/a'),
    ],
    [
      'mentions keep their class',
      '<span class="h-card"><a href="https://m.example/@b" class="u-url mention x">@<span>b</span></a></span>',
      '<a href="https://m.example/@b" rel="nofollow ugc noopener" class="mention">@b</a>',
    ],
    [
      'a dropped link does not swallow what follows',
      '<a href="x:y">a</a><em>b</em> c <img><em>d</em> e',
      'a<em>b</em> c <em>d</em> e',
    ],
    ['ids, classes and styles go', '<p id=comments class=hidden style="position:fixed">a</p>', '<p>a</p>'],
    ['a comment in the markup goes', 'a<!-- <script>x</script> -->b', 'ab'],
  ])('%s', (_name, html, expected) => {
    const result = comment(html);
    expect(result).toBe(expected ?? html);
    expect(dangersIn(result)).toEqual([]);
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '&#106;avascript:alert(1)',
    '&#x6A&#x61vascript:alert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'blob:https://x/y',
    'ms-settings:x',
    'file:///etc/passwd',
    'ftp://x/',
    'tel:1',
    'x',
    '/x',
    '//evil.example',
    '/\\evil.example',
    '#x',
    '',
  ])('a link to %j is dropped and its text kept (C05)', (href) => {
    expect(comment(`<a href="${href}">text</a>`)).toBe('text');
  });

  test.each([
    ['https://e.example/a?b=1&amp;c=2', 'https://e.example/a?b=1&amp;c=2'],
    ['https:evil.example', 'https://evil.example/'],
    ['  https://e.example/ ', 'https://e.example/'],
    ['https:\\\\e.example\\a', 'https://e.example/a'],
    ['https://bank.example@evil.example/', 'https://evil.example/'],
    ['https://bänk.example/', 'https://xn--bnk-qla.example/'],
    ['mailto:a@b.example', 'mailto:a@b.example'],
    ['HTTPS://E.example/ü', 'https://e.example/%C3%BC'],
  ])('a link to %j is written as a browser understands it (C06)', (href, expected) => {
    expect(comment(`<a href="${href}">x</a>`)).toBe(link(expected));
  });

  test('relative links lead to where they were written (C06)', () => {
    const base = 'https://home.example/notes/1';
    expect(comment('<a href="/a">x</a>', base)).toBe(link('https://home.example/a'));
    expect(comment('<a href="//other.example/a">x</a>', base)).toBe(link('https://other.example/a'));
    expect(comment('<a href="javascript:1">x</a>', base)).toBe('x');
  });

  test('direction controls go, in text and in attributes (C15)', () => {
    expect(comment('<p>a\u202Eb\u2066c&#x202e;d&#8233;</p>')).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  });

  test('NUL, lone surrogates and what XML cannot carry are replaced, other control characters go (C16)', () => {
    const result = comment('a\0b\ud800c\uFFFEd\u0007e&#0;f&#xD800;g\u0085h');
    expect(result).toBe('a\uFFFDb\uFFFDc\uFFFDde\uFFFDf\uFFFDgh');
    expect(Buffer.from(result).toString()).toBe(result);
  });

  test('invisible characters and piled-up marks are collapsed (C33)', () => {
    expect(comment(`a${'\u200b'.repeat(5000)}b`)).toBe('ab');
    expect(comment(`a${'&#8203;&#x2060;'.repeat(2000)}b`)).toBe('ab');
    expect(comment(`z${'\u0301'.repeat(300)}`)).toBe(`z${'\u0301'.repeat(8)}`);
    expect(comment(`z${'\u0301\u200d'.repeat(300)}`).length).toBeLessThan(20);
    expect(comment(`a${'\u{E0041}'.repeat(500)}b`)).toBe('ab');
  });

  test('emoji, joined scripts and flags survive that', () => {
    const text = '👩‍❤️‍💋‍👨 🏴󠁧󠁢󠁳󠁣󠁴󠁿 می‌خواهم क्‍ष';
    expect(comment(text)).toBe(text);
  });

  test('no more than a hundred line breaks and no empty paragraphs (C33)', () => {
    expect(comment(`a${'<br>'.repeat(10_000)}b`).match(/<br \/>/g)).toHaveLength(100);
    expect(comment(`<p>a</p>${'<p> <br></p>'.repeat(1000)}<p>b</p>`)).toBe('<p>a</p><p>b</p>');
  });

  test('what is too long is cut between nodes and closed again (C18)', () => {
    const word = '<p><em>word <a href="https://e.example/?a=1&amp;b=2">link</a></em></p>';
    const result = comment(word.repeat(1000).slice(0, 70_000));
    expect(Buffer.byteLength(result)).toBeLessThanOrEqual(64 * 1024);
    expect(Buffer.byteLength(result)).toBeGreaterThan(60 * 1024);
    expect(dangersIn(result)).toEqual([]);
    expect(comment(result)).toBe(result);
  });

  test.each([
    '<',
    '&',
    '日',
    '👩‍👩',
    '<b>',
    '<ul><li>',
    'x ',
    '<p>ü</p>',
    '"',
    '<a href="https://e.example/">',
  ])('a comment of %j without end fits after cutting (C18)', (piece) => {
    const result = comment(piece.repeat(200_000 / piece.length));
    expect(Buffer.byteLength(result)).toBeLessThanOrEqual(64 * 1024);
    expect(result.isWellFormed()).toBe(true);
    expect(dangersIn(result)).toEqual([]);
  });

  test('markup nested absurdly becomes plain text', () => {
    expect(comment(`${'<blockquote>'.repeat(5000)}deep <b>down</b>`)).toBe('<p>deep down</p>');
  });

  test('a link whose text names another host is told (C32)', () => {
    const html = sanitiseCommentHtml(
      '<a href="https://evil.example/">https://bank.example</a> <a href="https://e.example/a">e.example/a…</a> <a href="https://e.example">here</a>',
    );
    expect(linksIn(html).map(({ host, misleading }) => [host, misleading])).toEqual([
      ['evil.example', true],
      ['e.example', false],
      ['e.example', false],
    ]);
  });

  test('the result is SafeHtml', () => {
    expect(isSafeHtml(sanitiseCommentHtml('a'))).toBe(true);
  });

  test('a profile has paragraphs and links only', () => {
    const profile = sanitiseProfileHtml(
      '<h2>Hi</h2><ul><li>a</li></ul><p><a href="https://e.example/" rel=me>b</a><img src=x></p>',
    );
    expect(profile.toString()).toBe(`Hia<p>${link('https://e.example/', 'b')}</p>`);
  });
});

describe('whatever is sent', () => {
  test.each([
    '<script>',
    '<p onclick=x>',
    '<a href="java&#115;cript:x">',
    '</div>',
    '<b>',
    '<svg>',
    '<!-- -->',
    '<p style="color:red">',
  ])('the other parser would see %s', (html) => {
    expect(dangersIn(html)).not.toEqual([]);
  });

  test('nothing dangerous is left, by another parser', () => {
    fc.assert(
      fc.property(hostileMarkup, (html) => {
        expect(dangersIn(comment(html, 'https://home.example/'))).toEqual([]);
        expect(dangersIn(sanitiseProfileHtml(html).toString())).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  test('sanitising again changes nothing', () => {
    fc.assert(
      fc.property(hostileMarkup, (html) => {
        const once = comment(html);
        expect(comment(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test('plain words come through', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zäöü日本 .,!?]{1,80}$/), (words) => {
        expect(textOf(sanitiseCommentHtml(words))).toBe(words.trim().replace(/\s+/g, ' '));
      }),
    );
  });
});
