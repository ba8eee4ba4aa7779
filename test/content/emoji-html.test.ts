import { expect, test } from 'vitest';
import { withEmojis } from '../../src/content/emoji-html.ts';
import { sanitiseCommentHtml } from '../../src/content/sanitise.ts';

const pictures = new Map([['fern', '/pictures/emoji/s/u']]);
const draw = (html: string) => withEmojis(sanitiseCommentHtml(html), pictures).toString();

test('a picture stands where its name was, and keeps the name for those who do not see it', () => {
  expect(draw('<p>Look: :fern:!</p>')).toBe(
    '<p>Look: <img class="emoji" src="/pictures/emoji/s/u" alt=":fern:" title=":fern:" height="24" loading="lazy" decoding="async">!</p>',
  );
});

test.each([
  '<p>:none:</p>',
  '<p><code>:fern:</code></p>',
  '<pre>:fern:</pre>',
  '<p><a href="https://a.example/:fern:" rel="nofollow ugc noopener">there</a></p>',
])('%s stays as it is', (html) => {
  expect(draw(html)).toBe(html);
});

test('what looks like markup is none', () => {
  expect(draw('<p>&lt;code&gt; :fern: <a href="https://a.example/?a=%3Ccode%3E&b">x</a></p>')).toContain(
    'alt=":fern:"',
  );
});

test('a megabyte of colons is read at once', () => {
  const began = performance.now();
  withEmojis(sanitiseCommentHtml(`<p>${':'.repeat(60_000)}${':fern'.repeat(4_000)}</p>`), pictures);
  expect(performance.now() - began).toBeLessThan(1_000);
});
