import sanitizeHtml from 'sanitize-html';
import { TooLargeError } from '../errors.ts';
import { type Allowlist, authorHtml, commentHtml, profileHtml } from './allowed-html.ts';
import { authorTransforms } from './author-elements.ts';
import { cleanText } from './clean-text.ts';
import { linkify } from './linkify.ts';
import { webLink } from './links.ts';
import { fittingElement } from './nesting.ts';
import { readText } from './read-text.ts';
import { makeSafeHtml, type SafeHtml } from './safe-html.ts';
import { strangerTransforms } from './stranger-elements.ts';
import { cutHtml, tidy } from './tidy-html.ts';
import { isUnwrapped, unwrap } from './unwrap.ts';

/** Characters of a stranger's markup that are read at all; what is kept afterwards is less. */
const maxStrangerInput = 80 * 1024;
const maxStrangerDepth = 100;
const maxCommentBytes = 64 * 1024;
const maxProfileBytes = 16 * 1024;
const maxAuthorInput = 4 * 1024 * 1024;
const maxAuthorDepth = 300;

/** More open elements than a text has; parsing them takes quadratic time. */
class TooDeep extends Error {}

/**
 * A stranger's comment or reply, from a server or a form: words, emphasis, links (`nofollow ugc noopener`), lists, quotes
 * and code; pictures become their description, frames a link. Never throws: what is too large is cut (64 KiB), what is
 * nested absurdly becomes plain text.
 *
 * @param options.baseUrl the page it comes from, against which relative links are resolved; without it they are dropped.
 */
export function sanitiseCommentHtml(html: string, options: { baseUrl?: string } = {}): SafeHtml {
  return sanitiseStranger(html, commentHtml, maxCommentBytes, options.baseUrl);
}

/** A stranger's description of themselves: paragraphs and links, at most 16 KiB. Otherwise as for comments. */
export function sanitiseProfileHtml(html: string, options: { baseUrl?: string } = {}): SafeHtml {
  return sanitiseStranger(html, profileHtml, maxProfileBytes, options.baseUrl);
}

/**
 * An author's post: text of every kind, pictures, sound and video; no scripts, styles, forms or frames, whoever the author
 * is.
 *
 * @param options.baseUrl makes every address absolute, as feeds and other servers need it.
 * @throws TooLargeError `content.too_large` above 4 MiB, `content.too_deep` above 300 nested elements
 */
export function sanitiseAuthorHtml(html: string, options: { baseUrl?: string } = {}): SafeHtml {
  if (html.length > maxAuthorInput)
    throw new TooLargeError('content.too_large', 'The text is longer than 4 MiB.');
  const allowed = { ...authorHtml, transformTags: authorTransforms(options.baseUrl) };
  try {
    return makeSafeHtml(sanitise(cleanText(html), allowed, maxAuthorDepth));
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    throw new TooLargeError(
      'content.too_deep',
      `The text has more than ${maxAuthorDepth} elements inside one another.`,
    );
  }
}

/** The words of some markup as plain text: an empty line between paragraphs, none twice. Linear in the length. */
export function textOf(html: string | SafeHtml): string {
  return readText(html.toString());
}

/** Plain text, as from a form, as markup: paragraphs, line breaks and links, everything else escaped; at most 64 KiB. */
export function textToHtml(text: string): SafeHtml {
  const paragraphs = cleanText(text.slice(0, maxStrangerInput))
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  return sanitiseCommentHtml(paragraphs.map((paragraph) => `<p>${linkify(paragraph)}</p>`).join('\n'));
}

function sanitiseStranger(
  html: string,
  allowed: Allowlist,
  maxBytes: number,
  baseUrl: string | undefined,
): SafeHtml {
  const options = {
    ...allowed,
    transformTags: strangerTransforms(allowed, (href) => webLink(href, baseUrl)),
  };
  const clean = cleanText(html.slice(0, maxStrangerInput));
  try {
    const whole = settle(sanitise(clean, options, maxStrangerDepth), options);
    let result = whole;
    for (let room = maxBytes; Buffer.byteLength(result) > maxBytes; ) {
      result = settle(cutHtml(whole, room), options);
      room -= Math.max(1, Buffer.byteLength(result) - maxBytes);
    }
    return makeSafeHtml(result);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return textToHtml(readText(clean));
  }
}

/** Tidies what was sanitised and sanitises again, until there is nothing to tidy: the last word is the allowlist's. */
function settle(html: string, options: Allowlist): string {
  let before = html;
  for (let round = 0; round < 4; round += 1) {
    const after = sanitise(tidy(before), options, maxStrangerDepth);
    if (after === before) return after;
    before = after;
  }
  return before;
}

function sanitise(html: string, options: Allowlist, maxDepth: number): string {
  /** For each open element of the input the nearest one that is kept, itself or around it. */
  const kept: string[] = [];
  const allowed = new Set(options.allowedTags || []);
  return sanitizeHtml(html, {
    ...options,
    transformTags: {
      ...options.transformTags,
      '*': (name, attribs) => {
        if (!allowed.has(name) || isUnwrapped(attribs)) return { tagName: name, attribs };
        const tagName = fittingElement(name, kept.at(-1) ?? '');
        if (tagName === null || !allowed.has(tagName)) return unwrap(name);
        kept[kept.length - 1] = tagName;
        return { tagName, attribs };
      },
    },
    exclusiveFilter: ({ attribs }) => (isUnwrapped(attribs) ? 'excludeTag' : false),
    onOpenTag() {
      if (kept.length >= maxDepth) throw new TooDeep();
      kept.push(kept.at(-1) ?? '');
    },
    onCloseTag() {
      kept.pop();
    },
  });
}
