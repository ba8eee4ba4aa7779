import type { Direction } from './view-models.ts';

/** Scripts that are written from right to left, by the language that most often brings them. */
const rightToLeft: ReadonlySet<string> = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
  'Yezi',
]);

/** The direction in which a language is written; left to right for a tag that cannot be read. */
export function directionOf(language: string): Direction {
  if (!/^[a-z]{2,8}(-[a-z\d]{1,8})*$/i.test(language)) return 'ltr';
  const { script } = new Intl.Locale(language).maximize();
  return script !== undefined && rightToLeft.has(script) ? 'rtl' : 'ltr';
}
