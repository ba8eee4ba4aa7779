import { escapeHtml } from './escape.ts';
import { makeSafeHtml, type SafeHtml } from './safe-html.ts';

/** The address of the picture that stands for a name, or undefined where none does. */
export type EmojiPictures = ReadonlyMap<string, string>;

const shortcode = /:([^\s:<>&"']{1,100}):/gu;
/** Text in these says what it says. */
const literal = /^<(\/?)(?:code|pre)[\s>]/;

/**
 * Puts pictures where a sanitised text has names of them between colons, outside of code. The name stays as the
 * picture's description.
 */
export function withEmojis(html: SafeHtml, pictures: EmojiPictures): SafeHtml {
  if (pictures.size === 0) return html;
  let depth = 0;
  // What was sanitised has each angle bracket of its text and attributes escaped, so that tags can be told apart.
  const parts = html
    .toString()
    .split(/(<[^>]*>)/)
    .map((part) => {
      const [tag, closes] = literal.exec(part) ?? [];
      if (tag !== undefined) depth += closes === '/' ? -1 : 1;
      return part.startsWith('<') || depth > 0 ? part : drawn(part, pictures);
    });
  return makeSafeHtml(parts.join(''));
}

/** A name as markup, with its pictures. */
export function nameHtml(name: string, pictures: EmojiPictures): SafeHtml {
  return makeSafeHtml(drawn(escapeHtml(name), pictures));
}

function drawn(text: string, pictures: EmojiPictures): string {
  return text.replace(shortcode, (whole, name: string) => {
    const address = pictures.get(name);
    return address === undefined ? whole : imageOf(whole, address);
  });
}

function imageOf(label: string, address: string): string {
  const words = escapeHtml(label);
  return `<img class="emoji" src="${escapeHtml(address)}" alt="${words}" title="${words}" height="24" loading="lazy" decoding="async">`;
}
