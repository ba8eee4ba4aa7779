import { describe, expect, test } from 'vitest';
import { cleanDisplayName } from '../../src/content/display-name.ts';
import { excerptOf, wordCount } from '../../src/content/excerpt.ts';
import { renderMarkdown } from '../../src/content/markdown.ts';
import { sanitiseCommentHtml, textOf, textToHtml } from '../../src/content/sanitise.ts';
import { slugify } from '../../src/content/slug.ts';
import { OutpostError } from '../../src/errors.ts';

const size = 256 * 1024;
/** Linear work takes a tenth of it, quadratic work ten times as long; machines differ. */
const limitMs = 600;

const stages: Record<string, (text: string) => unknown> = {
  sanitiseCommentHtml,
  textOf,
  textToHtml,
  excerptOf,
  wordCount,
  cleanDisplayName: (text) => cleanDisplayName(text, 'x'),
  slugify: (text) => slugify(text, { fallback: 'x' }),
};

const patterns = [
  '<',
  '<b>',
  '<b></i>',
  '<b title="</b>">',
  '<p><li>',
  '<!--',
  '<![CDATA[',
  '<?',
  '</',
  '<a href="',
  '<a href=x>',
  '<svg>',
  '<noscript>',
  '<iframe>',
  '<h1>x',
  '<br>',
  '<p> ',
  '&',
  '&#',
  '&amp',
  '&lt;',
  ' ',
  '\n',
  '\t\n',
  '\u200b',
  '\u0301',
  '\u{E0041}',
  '"',
  '(',
  'http://',
  'http://a.b/(',
  'https://e.example ',
  'a@',
  'a.',
  '@a',
  '#a',
  '-',
  'x',
];

describe.each(Object.entries(stages))('a quarter megabyte of anything through %s', (_name, stage) => {
  test.each(patterns)('%j', (pattern) => {
    const text = pattern.repeat(size / pattern.length);
    expect(elapsed(() => stage(text))).toBeLessThan(limitMs);
  });
});

const markdownSize = 64 * 1024;

describe('a long text through renderMarkdown', () => {
  test.each([
    'a/*',
    '*1]&/',
    '~a~~',
    '> ',
    '>',
    'a\n-\n',
    '*a _b ',
    '[',
    '![',
    '[a](',
    '[^',
    '![^',
    '<!--',
    '<?',
    '<a ',
    '<b>',
    '`` `',
    '| ',
    '|a\n|-\n',
    '- ',
    '- a\n',
    '1. ',
    '# a\n',
    'http://',
    'www.',
    'a@b.c',
    '"\'',
    '--',
    '\\',
    '&amp',
    '~~~\n',
    ' \n',
    '\t',
    '```js\n"',
    '```xml\n<',
    '<div>\n',
    '[a]: b\n',
  ])('%j', (pattern) => {
    for (const start of pattern.includes('[') ? ['', '[^1]: x\n\n'] : ['']) {
      const text = (start + pattern.repeat(markdownSize / pattern.length)).slice(0, markdownSize);
      expect(elapsed(() => refusing(text))).toBeLessThan(5 * limitMs);
    }
  });
});

/** A text may be refused for its depth or size, in our own words, and fail in no other way. */
function refusing(text: string): void {
  try {
    renderMarkdown(text);
  } catch (error) {
    if (!(error instanceof OutpostError)) throw error;
    expect(error.status).toBe(413);
  }
}

/** The processor's time, which does not depend on what else the machine does. */
function elapsed(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
