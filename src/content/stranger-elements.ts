import type { Attributes, IOptions, Tag } from 'sanitize-html';

/** A name that no allowlist holds: the element goes, what is in it stays. */
const unwrapped: Tag = { tagName: 'x-unwrapped', attribs: {} };
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

/**
 * How a stranger's elements become those that a comment may have.
 *
 * @param resolve gives the address that a link may have, or null
 */
export function strangerTransforms(
  resolve: (href: string | undefined) => string | null,
): IOptions['transformTags'] {
  const link = (attribs: Attributes): Tag => {
    const href = resolve(attribs.href);
    if (href === null) return unwrapped;
    return {
      tagName: 'a',
      attribs: { href, rel: 'nofollow ugc noopener', ...(attribs.class ? { class: attribs.class } : {}) },
    };
  };
  const frame = (attribs: Attributes): Tag => {
    const href = resolve(attribs.src);
    if (href === null) return unwrapped;
    return { tagName: 'a', attribs: { href, rel: 'nofollow ugc noopener' }, text: href };
  };
  return {
    ...Object.fromEntries(blocks.map((element) => [element, 'p'])),
    ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5'].map((element) => [element, 'h6'])),
    a: (_element, attribs) => link(attribs),
    embed: (_element, attribs) => frame(attribs),
    iframe: (_element, attribs) => frame(attribs),
    img: (_element, attribs) => description(attribs.alt),
    ins: 'u',
    strike: 'del',
    tt: 'code',
  };
}

/** A picture's words in its place; isolated, because they may run in another direction. */
function description(alt: string | undefined): Tag {
  const text = alt?.trim().slice(0, maxDescription);
  return text ? { tagName: 'bdi', attribs: {}, text } : unwrapped;
}
