import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absoluteUrls } from '../../src/content/absolute-urls.ts';
import { sanitiseAuthorHtml } from '../../src/content/sanitise.ts';
import { TooLargeError } from '../../src/errors.ts';
import { dangersIn } from '../support/dangers-in-html.ts';
import { hostileMarkup } from '../support/hostile-markup.ts';

const author = (html: string) => sanitiseAuthorHtml(html).toString();

describe('what an author writes', () => {
  test.each([
    [
      'tables',
      '<table><thead><tr><th scope="col" align="right">a</th></tr></thead><tbody><tr><td colspan="2">b</td></tr></tbody></table>',
    ],
    ['details', '<details open=""><summary>a</summary>b</details>'],
    [
      'figures',
      '<figure class="wide"><img src="/media/a.jpg" alt="" width="1" height="2" /><figcaption>c</figcaption></figure>',
    ],
    [
      'terms, marks, keys, times',
      '<dl><dt>a</dt><dd><mark>b</mark> <kbd>c</kbd> <time datetime="2026-11-23">d</time></dd></dl>',
    ],
    ['languages and directions', '<p lang="ar" dir="rtl">a</p>'],
    ['relative links', '<a href="/about?a=1&amp;b=2#c">a</a>'],
    ['telephone links', '<a href="tel:+4312345">a</a>'],
  ])('%s stay as they are', (_name, html) => {
    expect(author(html)).toBe(html);
    expect(dangersIn(html)).toEqual([]);
  });

  test.each([
    ['scripts', 'a<script>alert(1)</script>b', 'ab'],
    [
      'styles of pictures',
      '<img src="/a.jpg" alt="a" style="background-image:url(data:image/webp;base64,AAAA)">',
      '<img src="/a.jpg" alt="a" />',
    ],
    ['frames', '<iframe src="https://v.example/"></iframe>a', 'a'],
    ['forms', '<form action="/logout"><button>a</button></form>', 'a'],
    ['inputs that are no boxes', '<input name="password" type="password">a', 'a'],
    ['styles', '<p style="position:fixed">a</p><style>b</style>', '<p>a</p>'],
    [
      'other styles under a picture',
      '<img src="/a" alt="" style="background-image:url(https://t.example/)">',
      '<img src="/a" alt="" />',
    ],
    ['pictures as data', '<img src="data:image/svg+xml,<svg onload=x>" alt="a">', '<img alt="a" />'],
    ['classes of the page', '<p class="modal wide">a</p>', '<p class="wide">a</p>'],
    [
      'bad candidates of a picture',
      '<img src="/a" srcset="/b 1x, javascript:x 2x" alt="">',
      '<img src="/a" srcset="/b 1x" alt="" />',
    ],
    ['script links', '<a href="java&Tab;script:x">a</a>', '<a>a</a>'],
  ])('%s go', (_name, html, expected) => {
    expect(author(html)).toBe(expected);
  });

  test('films never play by themselves and can always be stopped', () => {
    expect(author('<video autoplay src="/a.mp4" poster="javascript:x" onplay=x></video>')).toBe(
      '<video src="/a.mp4" controls="" preload="metadata"></video>',
    );
  });

  test('boxes can only be looked at', () => {
    expect(author('<input type=checkbox checked name=a onclick=x>')).toBe(
      '<input type="checkbox" disabled="" checked="" />',
    );
  });

  test.each([
    ['a table in a table', '<table><tr><td>a</td></tr><div><table><tr><td>b</td></tr></table></div></table>'],
    ['cells without a table', '<td>a</td><tr>b</tr>'],
    ['list items without a list', '<li>a<li>b'],
    ['terms without a list', '<dd><b><dd>a</dd></b></dd>'],
    ['what follows a dropped cell', '<p>a<td>b</td></p><ol><li><a href="/">c</a> d</li></ol>'],
    ['a box between rows', '<table><div><tr><td>a</td></tr></div></table>'],
  ])('%s cannot close what is around the text', (_name, html) => {
    expect(dangersIn(author(html))).toEqual([]);
  });

  test('more than three hundred elements inside one another are refused by name', () => {
    expect(() => author('<i>'.repeat(301))).toThrow(
      expect.objectContaining({ code: 'content.too_deep', status: 413 }),
    );
    expect(() => author('x'.repeat(5 * 1024 * 1024))).toThrow(TooLargeError);
  });

  test('addresses become absolute for readers elsewhere', () => {
    const html = sanitiseAuthorHtml(
      '<a href="#fn-1">1</a> <a href="/b?c=1&amp;d=2">b</a> <a href="mailto:a@b.example">c</a> <img src="media/a.jpg" srcset="/s.webp 480w, /m.webp 960w" alt="">',
    );
    expect(absoluteUrls(html, 'https://blog.example/2026/post').toString()).toBe(
      '<a href="https://blog.example/2026/post#fn-1">1</a> <a href="https://blog.example/b?c=1&amp;d=2">b</a> <a href="mailto:a@b.example">c</a> ' +
        '<img src="https://blog.example/2026/media/a.jpg" srcset="https://blog.example/s.webp 480w, https://blog.example/m.webp 960w" alt="" />',
    );
  });

  test('nothing dangerous is left of anything, by another parser', () => {
    fc.assert(
      fc.property(hostileMarkup, (html) => {
        const dangers = dangersIn(author(html));
        expect(dangers).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });
});
