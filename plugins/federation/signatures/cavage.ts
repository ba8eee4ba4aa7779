import type { Algorithm } from './keys.ts';
import { malformed, unproven } from './refusal.ts';

/** The parameters of a draft-cavage `Signature` header. */
export type CavageSignature = {
  keyId: string;
  /** Undefined when the key decides alone: no `algorithm`, or `hs2019`. */
  algorithm: Algorithm | undefined;
  /** Header names and pseudo-headers in signing order, lower case, each once. */
  covered: readonly string[];
  /** Seconds since 1970, as written: that text is what `(created)` signs. */
  created: string | undefined;
  expires: string | undefined;
  signature: Buffer;
};

const MAX_HEADER_LENGTH = 8192;
const MAX_PARAMETERS = 32;
const MAX_KEY_ID_LENGTH = 2048;
const MAX_COVERED = 64;

const ALGORITHMS = new Map<string, Algorithm | undefined>([
  ['hs2019', undefined],
  ['rsa-sha256', 'rsa-sha256'],
  ['rsa-sha512', 'rsa-sha512'],
  ['ed25519', 'ed25519'],
  ['ed25519-sha512', 'ed25519'],
]);

/**
 * Reads a `Signature` header.
 * Source: draft-cavage-http-signatures-12 section 4.1
 * @throws SignatureRefused
 */
export function parseCavage(header: string): CavageSignature {
  const parameters = scanParameters(header);

  const keyId = parameters.get('keyid');
  if (!keyId) throw malformed('The Signature header has no keyId.');
  if (Buffer.byteLength(keyId) > MAX_KEY_ID_LENGTH) throw malformed('The keyId is longer than 2,048 bytes.');

  const named = parameters.get('algorithm')?.toLowerCase();
  if (named !== undefined && !ALGORITHMS.has(named)) {
    throw unproven(
      'The signature algorithm is not accepted here: use rsa-sha256, rsa-sha512, ed25519 or hs2019.',
    );
  }

  const signature = Buffer.from(parameters.get('signature') ?? '', 'base64');
  if (signature.length === 0) throw malformed('The Signature header has no signature.');

  return {
    keyId,
    algorithm: named === undefined ? undefined : ALGORITHMS.get(named),
    covered: coveredNames(parameters.get('headers')),
    created: parameters.get('created'),
    expires: parameters.get('expires'),
    signature,
  };
}

/**
 * The text that is signed: one line for each covered name.
 * Source: draft-cavage-http-signatures-12 section 2.3
 */
export function cavageSigningString(lines: ReadonlyArray<readonly [name: string, value: string]>): string {
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n');
}

function coveredNames(headers: string | undefined): string[] {
  if (headers === undefined) throw unproven('The Signature header does not list the signed headers.');
  const names = headers
    .toLowerCase()
    .split(' ')
    .filter((name) => name !== '');
  if (names.length === 0) throw malformed('The list of signed headers is empty.');
  if (names.length > MAX_COVERED) throw malformed('The list of signed headers is too long.');
  if (new Set(names).size !== names.length)
    throw malformed('The list of signed headers names one of them twice.');
  return names;
}

/** One pass from left to right; every character is looked at once. Names come out in lower case, each once. */
function scanParameters(header: string): Map<string, string> {
  if (header.length > MAX_HEADER_LENGTH) throw malformed('The Signature header is too long.');
  const parameters = new Map<string, string>();
  let at = skipBlanks(header, 0);
  for (;;) {
    const nameEnd = skipWhile(header, at, isNameCode);
    const name = header.slice(at, nameEnd).toLowerCase();
    at = skipBlanks(header, nameEnd);
    if (name === '' || header[at] !== '=')
      throw malformed('The Signature header is not a list of name="value".');
    at = skipBlanks(header, at + 1);

    const [value, end] = header[at] === '"' ? scanQuoted(header, at + 1) : scanNumber(header, at);
    if (parameters.has(name)) throw malformed(`The Signature header gives ${name} twice.`);
    if (parameters.size >= MAX_PARAMETERS) throw malformed('The Signature header has too many parameters.');
    parameters.set(name, value);

    at = skipBlanks(header, end);
    if (at === header.length) return parameters;
    if (header[at] !== ',') throw malformed('The Signature header is not a list of name="value".');
    at = skipBlanks(header, at + 1);
  }
}

function scanQuoted(header: string, start: number): [value: string, end: number] {
  let value = '';
  let from = start;
  for (let at = start; at < header.length; at += 1) {
    const code = header.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) throw malformed('The Signature header has a control character.');
    if (code === 0x22) return [value + header.slice(from, at), at + 1];
    if (code === 0x5c) {
      value += header.slice(from, at);
      at += 1;
      from = at;
      if (header[at] !== '"' && header[at] !== '\\')
        throw malformed('The Signature header has a stray backslash.');
    }
  }
  throw malformed('The Signature header has a quotation mark that is not closed.');
}

/** Only `created` and `expires` come without quotation marks. */
function scanNumber(header: string, start: number): [value: string, end: number] {
  const end = skipWhile(header, start, isNumberCode);
  if (end === start) throw malformed('The Signature header has a value without quotation marks.');
  return [header.slice(start, end), end];
}

function skipWhile(text: string, start: number, accept: (code: number) => boolean): number {
  let at = start;
  while (at < text.length && accept(text.charCodeAt(at))) at += 1;
  return at;
}

function skipBlanks(text: string, start: number): number {
  return skipWhile(text, start, (code) => code === 0x20 || code === 0x09);
}

function isNumberCode(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d
  );
}
