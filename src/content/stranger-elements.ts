import type { Attributes, IOptions, Tag } from 'sanitize-html';
import type { Allowlist } from './allowed-html.ts';
import { unwrap } from './unwrap.ts';

const maxDescription = 1500;

const blocks = [
  'address',
  'article',
  'aside',
  'caption',
  'center',
  'dd',
  'details',
  'div',
  'dl',
  'dt',
  'fieldset',
  'figcaption',
  'figure',
  'footer',
  'form',
  'header',
  'main',
  'nav',
  'section',
  'summary',
  'td',
  'th',
  'tr',
];
const substitutes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(blocks.map((element) => [element, 'p'])),
  ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5'].map((element) => [element, 'h6'])),
  ins: 'u',
  strike: 'del',
  tt: 'code',
};

/**
 * How a stranger's elements become those that the allowlist has.
 *
 * @param resolve gives the address that a link may have, or null
 */
export function strangerTransforms(
  { allowedTags }: Allowlist,
  resolve: (href: string | undefined) => string | null,
): NonNullable<IOptions['transformTags']> {
  const allowed = new Set(allowedTags || []);
  const frame = (tagName: string, attribs: Attributes): Tag => {
    const href = resolve(attribs.src);
    return href === null ? { tagName, attribs } : { tagName: 'a', attribs: linkTo(href), text: href };
  };
  return {
    ...Object.fromEntries(Object.entries(substitutes).filter(([, substitute]) => allowed.has(substitute))),
    a: (tagName, attribs) => {
      const href = resolve(attribs.href);
      if (href === null) return unwrap(tagName);
      return { tagName, attribs: { ...linkTo(href), ...(attribs.class ? { class: attribs.class } : {}) } };
    },
    embed: frame,
    iframe: frame,
    img: (tagName, attribs) => {
      const description = attribs.alt?.trim().slice(0, maxDescription);
      // Isolated, because it may run in another direction than the text.
      return description ? { tagName: 'bdi', attribs: {}, text: description } : { tagName, attribs };
    },
  };
}

function linkTo(href: string): Attributes {
  return { href, rel: 'nofollow ugc noopener' };
}
