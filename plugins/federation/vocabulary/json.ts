import { InvalidError } from 'outpost/plugin';
import { MAX_JSON_DEPTH, MAX_JSON_VALUES, MAX_MEMBER_NAME_LENGTH, MAX_NUMBER_LENGTH } from './limits.ts';

/** The bytes are no JSON document that is read here; nothing of them was used. 400 */
export class MalformedJsonError extends InvalidError {
  constructor(message: string) {
    super('federation.malformed_json', message);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a foreign JSON document. The text must be valid UTF-8, at most 64 levels deep, and no object in it may name
 * its `actor`, `id`, `object` or `type` twice, because two readers would then see two documents. Members called
 * `__proto__` are left out; NUL characters and lone surrogates in strings become U+FFFD, so that every database
 * and every XML feed can hold them. A byte order mark is skipped.
 *
 * Source: RFC 8259, section 8.1 (UTF-8), section 4 (names should be unique).
 * @throws MalformedJsonError with one sentence that says what is wrong
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const { hasProtoMember } = scan(text);
  const document = parse(text);
  if (!hasProtoMember && !mayNeedRepair.test(text)) return document;
  return repaired(document);
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new MalformedJsonError('The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8's message quotes the text, which may be private and belongs in no log.
    throw new MalformedJsonError('The body is not valid JSON.');
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

const IN_ARRAY = 0x80;

/** The members that decide what a document is and who speaks; `@id` and `@type` are JSON-LD's names for two of them. */
const decisiveMembers: ReadonlyMap<string, number> = new Map([
  ['actor', 1],
  ['id', 2],
  ['@id', 2],
  ['object', 4],
  ['type', 8],
  ['@type', 8],
]);
const PROTO_NAME = '__proto__';

/**
 * One pass over the text before it is parsed: depth, sizes and repeated decisive members. It need not be right about
 * text that is no JSON, because the parser refuses that afterwards.
 */
function scan(text: string): { hasProtoMember: boolean } {
  const levels = new Uint8Array(MAX_JSON_DEPTH + 1);
  let depth = 0;
  let values = 0;
  let nameComes = false;
  let hasProtoMember = false;

  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at + 1);
      if (nameComes) {
        nameComes = false;
        const name = memberName(text, at, end);
        if (name === PROTO_NAME) hasProtoMember = true;
        const bit = decisiveMembers.get(name);
        if (bit !== undefined) {
          const seen = levels[depth] ?? 0;
          if ((seen & bit) !== 0) throw new MalformedJsonError(`An object has two members named ${name}.`);
          levels[depth] = seen | bit;
        }
      }
      at = end;
    } else if (char === COMMA) {
      if (++values > MAX_JSON_VALUES) throw new MalformedJsonError('The document has too many values.');
      nameComes = (levels[depth] ?? 0) < IN_ARRAY;
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (++depth > MAX_JSON_DEPTH) {
        throw new MalformedJsonError(`The document is nested more than ${MAX_JSON_DEPTH} levels deep.`);
      }
      nameComes = char === OPEN_BRACE;
      levels[depth] = nameComes ? 0 : IN_ARRAY;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      if (--depth < 0) throw new MalformedJsonError('The body is not valid JSON.');
      nameComes = false;
    } else if (char >= DIGIT_0 && char <= DIGIT_9) {
      at = endOfNumber(text, at);
    }
  }
  return { hasProtoMember };
}

/** The index of the quote that ends the string whose first character is at `from`. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((end - first) % 2 === 0) return end;
  }
  throw new MalformedJsonError('The body is not valid JSON.');
}

/** The name between the two quotes, escapes undone: `\u0069d` is `id`. */
function memberName(text: string, quote: number, end: number): string {
  if (end - quote > MAX_MEMBER_NAME_LENGTH) throw new MalformedJsonError('A member name is too long.');
  const name = text.slice(quote + 1, end);
  return name.includes('\\') ? unescaped(name) : name;
}

function unescaped(name: string): string {
  const value = parse(`"${name}"`);
  return typeof value === 'string' ? value : '';
}

/** The index of the last character of the number that begins at `from`. */
function endOfNumber(text: string, from: number): number {
  let at = from + 1;
  while (isNumberCharacter(text.charCodeAt(at))) at++;
  if (at - from > MAX_NUMBER_LENGTH) throw new MalformedJsonError('A number has too many digits.');
  return at - 1;
}

function isNumberCharacter(char: number): boolean {
  return (
    (char >= DIGIT_0 && char <= DIGIT_9) ||
    char === 0x2e ||
    (char | 0x20) === 0x65 ||
    char === 0x2b ||
    char === 0x2d
  );
}

/** Escapes are the only way for a NUL or a lone surrogate to get into a string. */
const mayNeedRepair = /\\u(?:0000|[dD][89a-fA-F])/;

/** The same value, changed in place; the depth was checked, so that it may recurse. */
function repaired(value: unknown): unknown {
  if (typeof value === 'string') return repairedText(value);
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = repaired(value[at]);
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== PROTO_NAME)
      .map(([name, member]) => [repairedText(name), repaired(member)]),
  );
}

function repairedText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
