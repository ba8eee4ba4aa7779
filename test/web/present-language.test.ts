import { expect, test } from 'vitest';
import { directionOf } from '../../src/web/present-language.ts';

test.each([
  ['ar', 'rtl'],
  ['he', 'rtl'],
  ['fa-IR', 'rtl'],
  ['ur', 'rtl'],
  ['az-Arab', 'rtl'],
  ['en', 'ltr'],
  ['az', 'ltr'],
  ['zh-Hant', 'ltr'],
  ['not a language', 'ltr'],
])('%s is written %s', (language, direction) => {
  expect(directionOf(language)).toBe(direction);
});
