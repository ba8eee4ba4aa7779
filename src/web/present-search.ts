import { cleanLine } from '../content/clean-text.ts';
import type { FragmentView } from './view-models.ts';

const beforeHit = 80;
const excerptLength = 260;

/** The words of a query, at most eight, as the search takes them. */
export function searchWords(query: string): string[] {
  return cleanLine(query).toLowerCase().split(/\s+/u).filter(Boolean).slice(0, 8);
}

function findHits(text: string, words: readonly string[]): { start: number; end: number }[] {
  const lower = text.toLowerCase();
  // Where lower case is longer than the text, places would not fit.
  if (lower.length !== text.length) return [];
  const hits: { start: number; end: number }[] = [];
  for (const word of words) {
    for (let start = lower.indexOf(word); start !== -1; start = lower.indexOf(word, start + word.length))
      hits.push({ start, end: start + word.length });
  }
  return hits.sort((one, other) => one.start - other.start || other.end - one.end);
}

/** Cuts a text where the words stand in it. */
export function markWords(text: string, words: readonly string[]): FragmentView[] {
  const fragments: FragmentView[] = [];
  let at = 0;
  for (const { start, end } of findHits(text, words)) {
    if (start < at) continue;
    if (start > at) fragments.push({ text: text.slice(at, start), hit: false });
    fragments.push({ text: text.slice(start, end), hit: true });
    at = end;
  }
  if (at < text.length) fragments.push({ text: text.slice(at), hit: false });
  return fragments;
}

/** The part of a text around the first of the words, with the words marked. */
export function excerptAround(text: string, words: readonly string[]): FragmentView[] {
  const line = cleanLine(text);
  const first = findHits(line, words)[0]?.start ?? 0;
  const from = first <= beforeHit ? 0 : line.lastIndexOf(' ', first - beforeHit / 2) + 1;
  const space = line.indexOf(' ', from + excerptLength);
  const to = space === -1 ? Math.min(line.length, from + excerptLength + 40) : space;
  const cut = `${from > 0 ? '… ' : ''}${line.slice(from, to)}${to < line.length ? ' …' : ''}`;
  return markWords(cut, words);
}
