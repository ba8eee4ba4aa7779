import { MAX_NAME_LENGTH } from './limits.ts';
import { text } from './shapes.ts';

/**
 * One line of plain text for a name, title or label: control characters, line breaks and everything that turns the
 * direction of writing are gone, spaces are single, at most five accents are stacked on a letter. Null when nothing
 * visible is left. It is text, not HTML: markup in it stays, to be escaped where it is printed.
 *
 * @param limit in code points
 */
export function plainLine(value: unknown, limit: number = MAX_NAME_LENGTH): string | null {
  return cleaned(value, limit, (written) => written.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
}

/** The same for text of several lines: line breaks stay, at most two together. */
export function plainText(value: unknown, limit: number): string | null {
  return cleaned(value, limit, (written) =>
    written
      .replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/(?!\n)\p{Cc}/gu, '')
      .replace(/\n{3,}/g, '\n\n'),
  );
}

/**
 * Bidirectional controls and marks (CVE-2021-42574), and characters of no width except the joiners that emoji and
 * some scripts need.
 */
const invisible = /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFFE\uFFFF]/g;

const onlyJoinersAndMarks = /^(?:\p{M}|\s|\u200C|\u200D)*$/u;

function cleaned(value: unknown, limit: number, unbroken: (written: string) => string): string | null {
  const written = text(value);
  if (written === null) return null;
  const clean = unbroken(written.slice(0, limit * 8).replace(invisible, ''))
    .toWellFormed()
    .replace(/(\p{M}{5})\p{M}+/gu, '$1')
    .trim();
  const cut = clean.length <= limit ? clean : [...clean].slice(0, limit).join('').trimEnd();
  return onlyJoinersAndMarks.test(cut) ? null : cut;
}
