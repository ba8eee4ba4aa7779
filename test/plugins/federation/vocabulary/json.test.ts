import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedJsonError, parseJson } from '../../../../plugins/federation/vocabulary/json.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const parseText = (text: string) => parseJson(bytes(text));

/** Processor time, so that a busy machine changes nothing. */
function millisecondsOf(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test('every JSON text without repeated names reads as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
      fc.pre(!text.includes('__proto__') && !/\\u(0000|d[89a-f])/i.test(text));
      expect(parseText(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('arbitrary bytes are read or refused as malformed, and nothing else happens', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string().map(bytes)), (body) => {
      try {
        parseJson(body);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedJsonError);
      }
    }),
  );
});

test('a refusal is a 400 that does not quote the body', () => {
  const secret = 'a private sentence';
  let caught: unknown;
  try {
    parseText(`{"content": "${secret}" oops}`);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(MalformedJsonError);
  expect(caught).toMatchObject({ status: 400, code: 'federation.malformed_json' });
  expect(String(caught)).not.toContain(secret);
});

describe('encoding', () => {
  test.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x22, 0x00, 0x22, 0x00]],
  ])('refuses %s', (_, body) => {
    expect(() => parseJson(Uint8Array.from(body))).toThrow('not valid UTF-8');
  });

  test('skips a byte order mark', () => {
    expect(parseText('\uFEFF{"a":1}')).toEqual({ a: 1 });
  });

  test('replaces NUL characters and lone surrogates in values and names, and leaves pairs alone', () => {
    const parsed = parseText(
      String.raw`{"a":["x\u0000y","\ud83d\ude00"],"b\ud800":"\udc00!","c":{"d":"\uD83D"}}`,
    );
    expect(parsed).toEqual({ a: ['x\uFFFDy', '😀'], 'b\uFFFD': '\uFFFD!', c: { d: '\uFFFD' } });
  });
});

describe('nesting', () => {
  test('takes 64 levels and refuses 65', () => {
    expect(parseText('['.repeat(64) + ']'.repeat(64))).toHaveLength(1);
    expect(() => parseText('['.repeat(65) + ']'.repeat(65))).toThrow('64 levels');
  });

  test('brackets in strings are no nesting', () => {
    const text = `${'[{'.repeat(200)}\\"]}`;
    expect(parseText(JSON.stringify({ text }))).toEqual({ text });
  });
});

describe('repeated members', () => {
  test.each(['actor', 'id', 'object', 'type'])('refuses two members named %s in one object', (name) => {
    expect(() => parseText(`{"x":{"${name}":1,"content":"","${name}":2}}`)).toThrow(
      `two members named ${name}`,
    );
  });

  test('sees through escapes, spaces and the @ names', () => {
    expect(() => parseText(String.raw`{"actor":"a","\u0061ctor":"b"}`)).toThrow('two members');
    expect(() => parseText('{ "id" : 1 , "id"\n: 2 }')).toThrow('two members');
    expect(() => parseText('{"id":1,"@id":2}')).toThrow('two members');
  });

  test('allows the same name at other places, as a value and for undecided members', () => {
    const text =
      '{"type":"type","a":["type","type","type",{"type":1}],"object":{"type":2,"id":1},"id":1,"tag":1,"tag":2}';
    expect(parseText(text)).toEqual(JSON.parse(text));
  });
});

test('members named after the prototype change no prototype', () => {
  const parsed = parseText(
    String.raw`{"__proto__":{"polluted":1},"a":{"__pr\u006fto__":{"polluted":1}},"constructor":{"prototype":{"polluted":1}},"toString":"x"}`,
  );
  expect(parsed).toEqual({ a: {}, constructor: { prototype: { polluted: 1 } }, toString: 'x' });
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  expect('polluted' in {}).toBe(false);
  expect(Object.hasOwn(Object(parsed), '__proto__')).toBe(false);
});

describe('within 100 ms', () => {
  const cases: [string, string, 'refused' | 'read'][] = [
    ['an array 100,000 deep', '['.repeat(100_000), 'refused'],
    ['an object 100,000 deep', '{"a":'.repeat(100_000), 'refused'],
    ['an array of a million numbers', `[${'1,'.repeat(999_999)}1]`, 'refused'],
    ['a name of 1 MiB', `{"${'k'.repeat(1 << 20)}":1}`, 'refused'],
    ['a number of 100,000 digits', `{"a":${'1'.repeat(100_000)}}`, 'refused'],
    ['a string of a million backslashes', `"${'\\'.repeat(1 << 20)}"`, 'read'],
    ['a million quotes', '"'.repeat(1 << 20), 'refused'],
    ['half a million escaped quotes', `"${'\\"'.repeat(1 << 19)}"`, 'read'],
    ['100,000 lone surrogates', `[${'"\\ud800",'.repeat(100_000)}1]`, 'read'],
  ];
  test.each(cases)('%s', (_, text, outcome) => {
    const body = bytes(text);
    const spent = millisecondsOf(() => {
      if (outcome === 'refused') expect(() => parseJson(body)).toThrow(MalformedJsonError);
      else parseJson(body);
    });
    expect(spent).toBeLessThan(100);
  });
});
