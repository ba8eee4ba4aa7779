import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { themeFolder, themeWords } from '../../src/http/views.ts';
import { changeSettings } from '../../src/settings/site-settings.ts';
import { openSite } from './open-site.ts';

const languages = ['de', 'es', 'fr'];
const table = (language: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(themeFolder, 'words', `${language}.json`), 'utf8'));
const views = readdirSync(themeFolder, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.liquid'))
  .map((name) => readFileSync(path.join(themeFolder, name), 'utf8'))
  .join('\n');
const found = (pattern: RegExp) =>
  [...new Set([...views.matchAll(pattern)].map(([, text = '']) => text))].sort();
const sentences = found(/'([^']+)' \| t\b/g);
const counted = found(/\| plural: '([^']+)'/g);

test.each(languages)('the theme says everything in %s that it says in English', (language) => {
  const known = table(language);
  expect(sentences.length).toBeGreaterThan(60);
  expect(sentences.filter((text) => typeof known[text] !== 'string')).toEqual([]);
  expect(counted.filter((name) => typeof known[name] !== 'object')).toEqual([]);
  for (const [text, said] of Object.entries(known)) {
    const places = (words: string) => [...words.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    if (typeof said === 'string') expect([text, places(said)]).toEqual([text, places(text)]);
  }
});

test('everything that is counted is in English', () => {
  expect(counted.filter((name) => !(name in table('en')))).toEqual([]);
});

test('a language says what it has, then English does; numbers are written as it writes them', () => {
  expect(themeWords('de-AT').say('Answer {name}', { name: 'Jo' })).toBe('Jo antworten');
  expect(themeWords('fi').say('Answer {name}', { name: 'Jo' })).toBe('Answer Jo');
  expect(themeWords('de').say('Unheard of')).toBe('Unheard of');
  expect(themeWords('de').count('answers', 1200)).toBe('1.200 Antworten');
  expect(themeWords('fr').count('answers', 0)).toBe('0 réponse');
  expect(themeWords('en').say('Answer {name}', { name: 'مرحبا' })).toBe('Answer \u2068مرحبا\u2069');
});

test('pages are in the language of the site, also the errors, and change with the setting', async () => {
  const site = await openSite();
  await site.publish({ title: 'Offen', bodyMarkdown: 'x' });
  expect(await site.page('/offen')).toContain('Nobody has answered yet.');
  await changeSettings(site.deps, { language: 'de' });
  const html = await site.page('/offen');
  for (const words of [
    'Noch hat niemand geantwortet.',
    'Eine Antwort schreiben',
    '>Suche<',
    'Zum Text springen',
  ])
    expect(html).toContain(words);
  expect(html).toContain('<html lang="de"');
  const missing = await site.get('/nirgends');
  expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('Hier ist nichts')]);
  const search = await site.page('/search?q=offen');
  expect(search).toContain('Ein Beitrag enthält „offen“.');
  expect(search).toContain('<title>Suche: offen');
  const form = await site.post('/offen/comments', { text: 'x', name: '', form_token: 'none' });
  expect(await form.text()).toContain('Die Seite war zu lange offen.');
});
