import { entries, first, text } from './shapes.ts';
import { asNode } from './terms.ts';

/** A text and its BCP 47 language tag, null where none is said. */
type LanguageText = { text: string | null; language: string | null };

/**
 * A text that may also, or only, stand in a language map. The plain member wins; without it the map's first text
 * counts (feeds in space sends `contentMap` alone). The language is the map's key with the same text, else its only
 * key (Friendica writes the two differently).
 *
 * Source: ActivityStreams 2.0 Core, section 4.7.
 */
export function languageText(plain: unknown, map: unknown): LanguageText {
  const written = text(plain);
  const variants = mapVariants(map);
  if (written === null) return variants[0] ?? { text: null, language: null };
  const same =
    variants.find((variant) => variant.text === written) ?? (variants.length === 1 ? variants[0] : null);
  return { text: written, language: same?.language ?? languageTag(asNode(first(plain))?.['@language']) };
}

/** How many languages are looked at. */
const MAX_VARIANTS = 50;

/** PHP writes an empty map as `[]`; some write a list of texts; Mbin has null for a text. */
function mapVariants(map: unknown): LanguageText[] {
  if (Array.isArray(map)) {
    return entries(map, MAX_VARIANTS).flatMap((entry) => {
      const written = text(entry);
      return written === null
        ? mapVariants(entry).slice(0, 1)
        : [{ text: written, language: languageTag(asNode(entry)?.['@language']) }];
    });
  }
  const node = asNode(map);
  if (!node) return [];
  const variants: LanguageText[] = [];
  for (const key in node) {
    const written = text(node[key]);
    if (written !== null && variants.push({ text: written, language: languageTag(key) }) === MAX_VARIANTS)
      break;
  }
  return variants;
}

/**
 * A language tag in the usual letter case (`zh-Hans-CN`), or null for what is none and for `und`.
 * Source: RFC 5646, section 2.1.1.
 */
export function languageTag(value: unknown): string | null {
  if (typeof value !== 'string' || !/^[a-z]{2,3}(?:[-_][a-z0-9]{1,8}){0,7}$/i.test(value)) return null;
  const [language = '', ...subtags] = value.toLowerCase().split(/[-_]/);
  if (language === 'und') return null;
  return [language, ...subtags.map(usualCase)].join('-');
}

function usualCase(subtag: string): string {
  if (/^[a-z]{4}$/.test(subtag)) return subtag.charAt(0).toUpperCase() + subtag.slice(1);
  return /^[a-z]{2}$/.test(subtag) ? subtag.toUpperCase() : subtag;
}
