import { cleanLine } from './clean-text.ts';
import { type Leave, readText } from './read-text.ts';
import { isSafeHtml, type SafeHtml } from './safe-html.ts';

/** Servers exist that lose a whole post when its summary is longer. */
const hardCeiling = 500;
/** Plenty for any excerpt; the rest of a long text is not looked at. */
const maxInput = 64 * 1024;
/** UTF-16 units of the longest emoji there are, and more. */
const longestCharacter = 64;
const wordsPerMinute = 230;
const ideographsPerMinute = 500;

const leftOut = new Set(['figure', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'table']);
const leftOutClasses = new Set(['callout-title', 'footnotes', 'footnote-ref', 'table-scroll']);
const notProse: Leave = (element, className) =>
  leftOut.has(element) || (className !== '' && className.split(' ').some((name) => leftOutClasses.has(name)));

/**
 * The beginning of a text in plain words on one line, cut at a word's end with an ellipsis. Of markup, what is no prose
 * (headings, code, tables, pictures, footnotes) is left out; a string is taken as plain text.
 *
 * @param maxLength UTF-16 units with the ellipsis, 500 at most
 */
export function excerptOf(content: SafeHtml | string, maxLength = 300): string {
  const text = isSafeHtml(content) ? readText(content.toString(), notProse) : content;
  const line = cleanLine(text.slice(0, maxInput));
  const limit = Math.max(1, Math.min(maxLength, hardCeiling));
  if (line.length <= limit) return line;
  return `${wholeWords(line, limit - 1)}…`;
}

/** How many words a text has; each Chinese, Japanese or Korean character counts as one, as in word processors. */
export function wordCount(content: SafeHtml | string): number {
  const { words, ideographs } = count(content);
  return words + ideographs;
}

/** Whole minutes that reading takes, at least one. */
export function readingMinutes(content: SafeHtml | string): number {
  const { words, ideographs } = count(content);
  return Math.max(1, Math.round(words / wordsPerMinute + ideographs / ideographsPerMinute));
}

function count(content: SafeHtml | string): { words: number; ideographs: number } {
  const text = isSafeHtml(content) ? readText(content.toString()) : content;
  let ideographs = 0;
  const spaced = text.replace(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu,
    () => {
      ideographs += 1;
      return ' ';
    },
  );
  return { words: spaced.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu)?.length ?? 0, ideographs };
}

function wholeWords(line: string, limit: number): string {
  const space = line.lastIndexOf(' ', limit);
  // Without a space near the end (a script that has none, or one endless word) whole characters have to do.
  const cut =
    space > limit / 2
      ? line.slice(0, space)
      : wholeCharacters(line.slice(0, limit + longestCharacter), limit);
  return cut.replace(/[\s,;:.–—-]$/u, '').trimEnd();
}

function wholeCharacters(text: string, limit: number): string {
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    if (index + segment.length > limit) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
