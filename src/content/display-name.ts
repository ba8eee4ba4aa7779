import { cleanLine } from './clean-text.ts';

const maxCodePoints = 255;
/** Longer input is cut before it is looked at, so that a megabyte of name costs nothing. */
const maxInput = 4096;

/**
 * A stranger's name fit to be shown (escaped, as all text is): one line, no control or bidi characters, at most 255 code
 * points. A name in which nothing can be seen becomes the fallback, which is cleaned too.
 */
export function cleanDisplayName(name: unknown, fallback: string): string {
  return visible(name) ?? visible(fallback) ?? 'Anonymous';
}

function visible(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const clean = [...cleanLine(name.slice(0, maxInput))].slice(0, maxCodePoints).join('').trim();
  // U+115F, U+1160, U+3164 and U+FFA0 are letters to Unicode and blank to people, U+2800 likewise among the symbols.
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(clean.replace(/[\u115F\u1160\u2800\u3164\uFFA0]/g, ''))
    ? clean
    : null;
}
