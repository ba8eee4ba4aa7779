import type { Attributes, IOptions, Tag } from 'sanitize-html';
import { authorLink } from './links.ts';
import { unwrap } from './unwrap.ts';

const linkSchemes = ['http:', 'https:', 'mailto:', 'tel:'];
const mediaSchemes = ['http:', 'https:'];
const wholeNumber = /^-?\d{1,6}$/;

/** How an author's elements are put in order: addresses resolved, media never playing by themselves, boxes only ticked. */
export function authorTransforms(baseUrl: string | undefined): IOptions['transformTags'] {
  const resolve = (attribs: Attributes, name: string, schemes: readonly string[]): Attributes => {
    const value = attribs[name];
    if (value === undefined) return attribs;
    const address = authorLink(value, schemes, baseUrl);
    return address === null ? without(attribs, name) : { ...attribs, [name]: address };
  };
  const media = (attribs: Attributes): Attributes => {
    const resolved = resolve(resolve(attribs, 'src', mediaSchemes), 'poster', mediaSchemes);
    return resolved.srcset === undefined
      ? resolved
      : { ...resolved, srcset: srcset(resolved.srcset, baseUrl) };
  };
  const player = (tagName: string, attribs: Attributes): Tag => ({
    tagName,
    attribs: { ...media(attribs), controls: '', preload: attribs.preload === 'none' ? 'none' : 'metadata' },
  });
  const quoting = (tagName: string, attribs: Attributes): Tag => ({
    tagName,
    attribs: resolve(attribs, 'cite', linkSchemes),
  });

  return {
    a: (tagName, attribs) => ({ tagName, attribs: resolve(attribs, 'href', linkSchemes) }),
    audio: player,
    blockquote: quoting,
    del: quoting,
    img: (tagName, attribs) => ({ tagName, attribs: image(media(attribs)) }),
    input: (tagName, attribs) =>
      attribs.type === 'checkbox'
        ? {
            tagName,
            attribs: { type: 'checkbox', disabled: '', ...pick(attribs, ['checked', 'aria-label']) },
          }
        : unwrap(tagName),
    ins: quoting,
    li: (tagName, attribs) => ({ tagName, attribs: numeric(attribs, 'value') }),
    ol: (tagName, attribs) => ({ tagName, attribs: numeric(attribs, 'start') }),
    q: quoting,
    source: (tagName, attribs) => ({ tagName, attribs: media(attribs) }),
    track: (tagName, attribs) => ({ tagName, attribs: media(attribs) }),
    video: player,
  };
}

function image(attribs: Attributes): Attributes {
  return { ...attribs, alt: attribs.alt ?? '' };
}

function srcset(value: string, baseUrl: string | undefined): string {
  return value
    .split(/,\s/)
    .map((candidate) => {
      const [url = '', size = ''] = candidate.trim().split(/\s+/);
      const address = url === '' ? null : authorLink(url, mediaSchemes, baseUrl);
      return address === null ? null : `${address} ${size}`.trim();
    })
    .filter((candidate) => candidate !== null)
    .join(', ');
}

function numeric(attribs: Attributes, name: string): Attributes {
  return wholeNumber.test(attribs[name] ?? '') ? attribs : without(attribs, name);
}

function without(attribs: Attributes, name: string): Attributes {
  return Object.fromEntries(Object.entries(attribs).filter(([key]) => key !== name));
}

function pick(attribs: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(attribs).filter(([key]) => names.includes(key)));
}
