import { describe, expect, test } from 'vitest';
import { cleanDisplayName } from '../../src/content/display-name.ts';
import { escapeHtml, jsonForScript } from '../../src/content/escape.ts';
import { excerptOf, readingMinutes, wordCount } from '../../src/content/excerpt.ts';
import { renderMarkdown } from '../../src/content/markdown.ts';
import { isSafeHtml, trustStoredHtml } from '../../src/content/safe-html.ts';
import { sanitiseAuthorHtml, textOf, textToHtml } from '../../src/content/sanitise.ts';
import { slugify } from '../../src/content/slug.ts';
import { dangersIn } from '../support/dangers-in-html.ts';

describe('the words of markup', () => {
  test.each([
    ['<p>a <b>b</b></p><p>c</p>', 'a b\n\nc'],
    ['a<br>b<br><br>c', 'a\nb\n\nc'],
    ['<ul><li>a</li><li>b</li></ul>', 'a\nb'],
    ['  a \n  b&nbsp;&amp;&lt;c  ', 'a b &<c'],
    ['<pre>a\n  b <i>c</i></pre>d', 'a\n  b c\n\nd'],
    ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
    ['a<script>b</script><style>c</style><svg><text>d</text></svg>e', 'ae'],
    ['<SCRIPT>a</SCRIPT >b', 'b'],
    ['a<!-- b -->c', 'ac'],
    ['<a title="</a><b>">a</a>', 'a'],
    ['a < b', 'a < b'],
    ['', ''],
  ])('of %j', (html, text) => {
    expect(textOf(html)).toBe(text);
  });
});

describe('plain text as markup', () => {
  test('has paragraphs, line breaks and links', () => {
    expect(textToHtml('a <b>\r\nb\n\n\nsee (https://e.example/a_(b)?c=1&d=2), ok').toString()).toBe(
      '<p>a &lt;b&gt;<br />b</p>\n<p>see (<a href="https://e.example/a_(b)?c=1&amp;d=2" rel="nofollow ugc noopener">https://e.example/a_(b)?c=1&amp;d=2</a>), ok</p>',
    );
  });

  test.each([
    '<script>alert(1)</script>',
    'https://e.example/"onclick=x',
    "https://e.example/'><img src=x onerror=y>",
    'http://',
  ])('%j stays text', (text) => {
    const html = textToHtml(text);
    expect(dangersIn(html.toString())).toEqual([]);
    expect(textOf(html)).toBe(text);
  });
});

describe('an excerpt', () => {
  test('ends with a word and an ellipsis', () => {
    expect(excerptOf('one two three four', 12)).toBe('one two…');
    expect(excerptOf('one two, three', 9)).toBe('one two…');
    expect(excerptOf('one two', 7)).toBe('one two');
    expect(excerptOf('a\n\n b\tc')).toBe('a b c');
  });

  test('cuts text without spaces between whole characters', () => {
    expect(excerptOf('日'.repeat(20), 10)).toBe(`${'日'.repeat(9)}…`);
    expect(excerptOf('👩‍👩‍👧'.repeat(5), 20)).toBe(`${'👩‍👩‍👧'.repeat(2)}…`);
  });

  test('is never longer than five hundred characters', () => {
    expect(excerptOf('word '.repeat(1000), 10_000).length).toBeLessThanOrEqual(500);
    expect(excerptOf('x'.repeat(1000), 10_000)).toHaveLength(500);
  });

  test('has the prose of a post only', () => {
    const post = renderMarkdown(
      '# Title\n\nText[^1] here.\n\n```js\ncode\n```\n\n| a |\n|-|\n| b |\n\n![alt](/a "caption")\n\n> [!NOTE]\n> Mind.\n\nEnd.\n\n[^1]: note',
    );
    expect(excerptOf(post)).toBe('Text here. Mind. End.');
  });

  test('takes a string for text, not for markup', () => {
    expect(excerptOf('5 < 6 <b>')).toBe('5 < 6 <b>');
  });
});

test('words are counted in every script, and reading takes a minute at least', () => {
  expect(wordCount("It's two words – and more")).toBe(5);
  expect(wordCount('日本語 text')).toBe(4);
  expect(wordCount(sanitiseAuthorHtml('<p>a</p><p>b</p>'))).toBe(2);
  expect(readingMinutes('word '.repeat(2300))).toBe(10);
  expect(readingMinutes('')).toBe(1);
});

describe('a name', () => {
  test.each([
    ['  Ann \n Onymous ', 'Ann Onymous'],
    ['<img src=x>', '<img src=x>'],
    ['{{7*7}}', '{{7*7}}'],
    ['a\u202Eb\u0000\ud800', 'ab\uFFFD\uFFFD'],
    ['   ', '@bob@m.example'],
    ['\u200f\u200e\u202e', '@bob@m.example'],
    ['\u3164\u2800', '@bob@m.example'],
    ['', '@bob@m.example'],
    [null, '@bob@m.example'],
    [{ name: 'x' }, '@bob@m.example'],
    ['🦆', '🦆'],
  ])('%j is shown as %j (C10)', (name, shown) => {
    expect(cleanDisplayName(name, '@bob@m.example')).toBe(shown);
  });

  test('has at most 255 code points, whole ones', () => {
    const name = cleanDisplayName('🦆'.repeat(10_000), 'x');
    expect([...name]).toHaveLength(255);
    expect(name.isWellFormed()).toBe(true);
  });

  test('is there even when the fallback shows nothing', () => {
    expect(cleanDisplayName('', '\u200b')).toBe('Anonymous');
  });
});

describe('a slug', () => {
  test.each([
    ['Hello, World!', 'hello-world'],
    ['Äpfel & Öl', 'aepfel-and-oel'],
    ['Привет', 'privet'],
    ['日本語', 'fallback'],
    ['', 'fallback'],
    ['../../etc/passwd', 'etc-passwd'],
  ])('of %j is %j', (title, slug) => {
    expect(slugify(title, { fallback: 'fallback' })).toBe(slug);
  });

  test('is cut at a word within eighty characters', () => {
    const slug = slugify('word '.repeat(50), { fallback: 'x' });
    expect(slug.length).toBeLessThanOrEqual(80);
    expect(slug).toMatch(/^(word-)+word$/);
    expect(slugify('x'.repeat(200), { fallback: 'x' })).toHaveLength(80);
  });

  test('steps aside for what is taken', () => {
    expect(slugify('Admin', { fallback: 'x', reserved: new Set(['admin', 'admin-2']) })).toBe('admin-3');
    const long = 'x'.repeat(80);
    expect(slugify(long, { fallback: 'x', reserved: new Set([long]) })).toBe(`${'x'.repeat(78)}-2`);
  });
});

describe('SafeHtml', () => {
  test('is known by what it is, not by how it looks', () => {
    const safe = trustStoredHtml('<b>a</b>');
    expect(isSafeHtml(safe)).toBe(true);
    expect(isSafeHtml({ toString: () => '<b>a</b>' })).toBe(false);
    expect(isSafeHtml(Object.create(Object.getPrototypeOf(safe)))).toBe(false);
    expect(isSafeHtml(structuredClone({ ...safe }))).toBe(false);
    expect(isSafeHtml('<b>a</b>')).toBe(false);
    expect(Object.isFrozen(safe)).toBe(true);
  });

  test('prints as text and in JSON', () => {
    expect(`${trustStoredHtml('<i>a</i>')}`).toBe('<i>a</i>');
    expect(JSON.stringify({ html: trustStoredHtml('<i>a</i>') })).toBe('{"html":"<i>a</i>"}');
  });
});

test('JSON cannot end the script that it stands in (C27)', () => {
  const value = { name: '</script><!--&\u2028"' };
  const json = jsonForScript(value).toString();
  expect(json).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(json)).toEqual(value);
});

test('escaped text holds in elements and in attributes', () => {
  expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
});
