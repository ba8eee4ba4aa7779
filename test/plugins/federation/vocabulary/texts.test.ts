import { describe, expect, test } from 'vitest';
import { PUBLIC, recipients, visibilityOf } from '../../../../plugins/federation/vocabulary/audience.ts';
import { languageTag, languageText } from '../../../../plugins/federation/vocabulary/languages.ts';
import { plainLine, plainText } from '../../../../plugins/federation/vocabulary/plain-text.ts';

describe('audience', () => {
  const followers = 'https://a.example/users/b/followers';
  test('Public is known by its three names', () => {
    for (const name of [PUBLIC, 'as:Public', 'Public']) expect(recipients([name])).toEqual([PUBLIC]);
    expect(recipients({ id: PUBLIC })).toEqual([PUBLIC]);
    expect(recipients(['obj1', null, { id: followers }, followers])).toEqual([followers]);
  });

  test('only Public makes something public', () => {
    expect(visibilityOf([PUBLIC], [followers])).toBe('public');
    expect(visibilityOf([followers], [PUBLIC])).toBe('unlisted');
    expect(visibilityOf([followers], [])).toBe('followers');
    expect(visibilityOf(['https://a.example/f'], [], 'https://a.example/f')).toBe('followers');
    expect(visibilityOf([followers], [], 'https://a.example/f')).toBe('direct');
    expect(visibilityOf(['https://b.example/users/c'], [])).toBe('direct');
    expect(visibilityOf([], [])).toBe('direct');
  });
});

describe('languages', () => {
  test.each([
    ['the map alone', undefined, { 'en-us': 'hello' }, { text: 'hello', language: 'en-US' }],
    ['the key of the same text', 'b', { de: 'a', fr: 'b' }, { text: 'b', language: 'fr' }],
    ['the only key of another text', 'b', { de: 'a' }, { text: 'b', language: 'de' }],
    ['no key among several', 'c', { de: 'a', fr: 'b' }, { text: 'c', language: null }],
    ['a null text in the map', null, { en: null }, { text: null, language: null }],
    ["PHP's empty map", 'a', [], { text: 'a', language: null }],
    ['a list of texts', '', ['a', 'b'], { text: 'a', language: null }],
    ['a list of maps', null, [{ fr: 'a' }], { text: 'a', language: 'fr' }],
    ['an undetermined language', 'a', { und: 'a' }, { text: 'a', language: null }],
  ])('%s', (_, plain, map, expected) => {
    expect(languageText(plain, map)).toEqual(expected);
  });

  test('tags get their usual letters', () => {
    expect(languageTag('ZH-hans-cn')).toBe('zh-Hans-CN');
    expect(languageTag('pt_BR')).toBe('pt-BR');
    for (const value of ['und', '', 'Français', 'x'.repeat(9), null, 1])
      expect(languageTag(value)).toBeNull();
  });
});

describe('plain text', () => {
  test('is one line without anything that reorders or hides', () => {
    expect(plainLine('  a\u202Eb\u2066c\u0000\n\td\u200B  ')).toBe('abc d');
    expect(plainLine('👩‍💻')).toBe('👩‍💻');
    expect(plainLine('<b>{{x}}')).toBe('<b>{{x}}');
  });

  test('is null where nothing visible is left', () => {
    for (const value of ['', '   ', '\u202E\u200F\u200D', '\u0301', null, {}, []])
      expect(plainLine(value)).toBeNull();
  });

  test('is cut between code points', () => {
    expect(plainLine('😀'.repeat(300))).toBe('😀'.repeat(255));
    expect([...(plainLine('x'.repeat(1_000_000)) ?? '')]).toHaveLength(255);
  });

  test('stacks at most five accents on a letter', () => {
    expect(plainLine(`a${'\u0301'.repeat(300)}b`)).toBe(`a${'\u0301'.repeat(5)}b`);
  });

  test('of several lines keeps their breaks', () => {
    expect(plainText('a\r\nb\n\n\n\nc\td', 100)).toBe('a\nb\n\nc d');
  });
});
