import sindreSlugify from '@sindresorhus/slugify';

const maxLength = 80;

/** What `slugify` does beside turning a title into a slug. */
export type SlugOptions = {
  /** Taken when nothing of the title can be written in a slug; used as it is. */
  fallback: string;
  /** Slugs that are taken or mean something else; a number is added until it is none of them. */
  reserved?: ReadonlySet<string>;
};

/** The last part of an address made of a title: `a-z`, `0-9` and single hyphens, 80 characters at most, never empty. */
export function slugify(title: string, { fallback, reserved }: SlugOptions): string {
  const words = sindreSlugify(title.slice(0, 300).toWellFormed());
  const slug = shorten(words, maxLength) || fallback;
  if (!reserved?.has(slug)) return slug;
  for (let number = 2; ; number += 1) {
    const numbered = `${shorten(slug, maxLength - `-${number}`.length)}-${number}`;
    if (!reserved.has(numbered)) return numbered;
  }
}

function shorten(slug: string, length: number): string {
  if (slug.length <= length) return slug;
  const cut = slug.slice(0, length + 1);
  const lastHyphen = cut.lastIndexOf('-');
  return lastHyphen > length / 2 ? cut.slice(0, lastHyphen) : slug.slice(0, length);
}
