// biome-ignore-start lint/suspicious/noControlCharactersInRegex: removing those characters is what this file is for.

/** NUL and what XML cannot carry. Lone surrogates are replaced before. */
const unusable = /[\u0000\uFFFE\uFFFF]/g;
const controls = /[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: see above

/** Embeddings, overrides and isolates: they reorder what comes after them. */
const bidiControls = /[\u202A-\u202E\u2066-\u2069]/g;
/** Zero-width characters that no script needs in order to be read. */
const zeroWidth = /[\u00AD\u180E\u200B\u2060-\u2065\u206A-\u206F\uFEFF\uFFF9-\uFFFB]/g;
/** Joiners and direction marks, which Arabic, Indic scripts and emoji need, but one at a time. */
const joinerRuns = /([\u061C\u200C-\u200F])[\u061C\u200C-\u200F]+/g;
/** Invisible tag letters mean something only after a black flag (the flags of Scotland, Wales …). */
const tagLetters = /(\u{1F3F4})?[\u{E0000}-\u{E007F}]+/gu;
const flagLength = 2 + 2 * 7;
const markRuns = /([\p{M}\u061C\u200C-\u200F]{8})[\p{M}\u061C\u200C-\u200F]+/gu;

/**
 * Makes text storable and printable anywhere: NUL, lone surrogates and what XML forbids become U+FFFD, other control
 * characters but tab and line breaks go. What it says and how it looks do not change.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(unusable, '\uFFFD').replace(controls, '');
}

/**
 * Takes from a stranger's text what is not seen or spills over its neighbours: bidi controls, zero-width characters,
 * more than eight combining marks on a letter.
 */
export function stripInvisible(text: string): string {
  return text
    .replace(bidiControls, '')
    .replace(zeroWidth, '')
    .replace(tagLetters, (run, flag?: string) => (flag ? run.slice(0, flagLength) : ''))
    .replace(joinerRuns, '$1')
    .replace(markRuns, '$1');
}

/** Both of the above, and every run of white space as one space: a name, a title, a label on one line. */
export function cleanLine(text: string): string {
  return stripInvisible(cleanText(text)).replace(/\s+/gu, ' ').trim();
}
