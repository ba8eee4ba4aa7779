import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** What a theme's sentences are in one language: by the English sentence, or by a name where the number decides. */
const wordsSchema = z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]));
type Table = z.output<typeof wordsSchema>;

/** A theme's own words in one language; English where that language lacks one. */
export type Words = {
  /** A sentence with its parts put in: `say('Answer {name}', { name })`. What has no translation is said as it stands. */
  say(text: string, parts?: Readonly<Record<string, unknown>>): string;
  /** The form that a number asks for; `{n}` in it is the number. */
  count(name: string, count: number, parts?: Readonly<Record<string, unknown>>): string;
};

const fromRightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Puts parts in. Names in another direction are kept to themselves, so that they turn nothing around them. */
function putIn(text: string, parts: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    if (!Object.hasOwn(parts, name)) return place;
    const value = String(parts[name] ?? '');
    return fromRightToLeft.test(value) !== fromRightToLeft.test(text) ? `\u2068${value}\u2069` : value;
  });
}

function readTable(file: string): Table {
  return existsSync(file) ? wordsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

/** The tags under which words are looked for: `pt-BR`, then `pt`, then English. */
function fallbacks(language: string): string[] {
  const parts = language.split('-');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('-')), 'en'];
}

function makeWords(folder: string, language: string): Words {
  const tables = fallbacks(language)
    // A language is a setting, and becomes a part of a path.
    .filter((tag) => /^[\w-]{1,35}$/.test(tag))
    .map((tag) => ({ tag, table: readTable(path.join(folder, `${tag}.json`)) }));
  const numbers = new Intl.NumberFormat(language);
  return {
    say(text, parts = {}) {
      const found = tables.map(({ table }) => (Object.hasOwn(table, text) ? table[text] : undefined));
      const translated = found.find((entry) => typeof entry === 'string');
      return putIn(typeof translated === 'string' ? translated : text, parts);
    },
    count(name, count, parts = {}) {
      for (const { tag, table } of tables) {
        const forms = Object.hasOwn(table, name) ? table[name] : undefined;
        if (typeof forms !== 'object') continue;
        const form = forms[new Intl.PluralRules(tag).select(count)] ?? forms.other;
        if (form !== undefined) return putIn(form, { n: numbers.format(count), ...parts });
      }
      return `${numbers.format(count)} ${name}`;
    },
  };
}

/** Finds the words for a language in a folder with a file for each, `de.json` for German; they are read once. */
export function createWords(folder: string): (language: string) => Words {
  const known = new Map<string, Words>();
  return (language) => {
    const words = known.get(language) ?? makeWords(folder, language);
    // The site has one language; whoever changes it often fills nothing.
    if (known.size > 20) known.clear();
    known.set(language, words);
    return words;
  };
}
