import { expect, test } from 'vitest';
import { loneLinks, replaceLoneLinks } from '../../src/content/lone-links.ts';
import { renderMarkdown } from '../../src/content/markdown.ts';
import { makeSafeHtml } from '../../src/content/safe-html.ts';

const film = 'https://tube.example/w/abc?start=1&stop=2';

test('an address that stands alone on a line is one, in any way to write it', () => {
  const html = renderMarkdown(`Look:\n\n${film}\n\n<https://tube.example/w/b>\n\n${film}`);
  expect(loneLinks(html)).toEqual([film, 'https://tube.example/w/b']);
});

test.each([
  ['among words', `See ${film} please`],
  ['with words of its own', `[The film](${film})`],
  ['in code', `    ${film}`],
  ['in a list', `- ${film}`],
  ['two together', `${film} ${film}`],
])('an address %s is none', (_what, markdown) => {
  expect(loneLinks(renderMarkdown(markdown))).toEqual([]);
});

test('only what is asked for is replaced', () => {
  const html = renderMarkdown(`${film}\n\nhttps://other.example/\n\nText`);
  const parts = new Map([[film, makeSafeHtml('<figure>$& $1</figure>')]]);
  const replaced = replaceLoneLinks(html, parts).toString();
  expect(replaced).toContain('<figure>$& $1</figure>');
  expect(replaced).toContain('<p><a href="https://other.example/">https://other.example/</a></p>');
  expect(replaced).not.toContain('tube.example');
});
