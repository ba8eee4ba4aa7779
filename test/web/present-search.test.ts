import { expect, test } from 'vitest';
import { excerptAround, markWords, searchWords } from '../../src/web/present-search.ts';

const inShort = (fragments: readonly { text: string; hit: boolean }[]) =>
  fragments.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('');

test('the words of a search are marked wherever they stand, in any case', () => {
  expect(inShort(markWords('The Door, the doorway', ['door']))).toBe('The [Door], the [door]way');
});

test('words that overlap are marked once', () => {
  expect(inShort(markWords('overlapping', ['over', 'overlap', 'lapping']))).toBe('[overlap]ping');
});

test('an excerpt begins shortly before the first word that was found and ends with a whole word', () => {
  const text = `${'before '.repeat(40)}needle ${'after '.repeat(100)}`;
  const shown = inShort(excerptAround(text, ['needle']));
  expect(shown).toMatch(/^… before .*\[needle\] after .*after …$/);
  expect(shown.length).toBeLessThan(330);
});

test('marks are never put where lower case has another length', () => {
  expect(inShort(markWords('İstanbul door', ['door']))).toBe('İstanbul door');
});

test('a search is at most eight words', () => {
  expect(searchWords(' One  two\tthree 4 5 6 7 8 9 ')).toEqual([
    'one',
    'two',
    'three',
    '4',
    '5',
    '6',
    '7',
    '8',
  ]);
});
