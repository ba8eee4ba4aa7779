import { malformed } from './refusal.ts';

/** A request as it came over the wire: everything that a signature can speak of. */
export type SignedRequest = {
  method: string;
  /** Path and query exactly as received, for example `/inbox?page=1`. Express: `originalUrl`, never the `url` that routers shorten. */
  target: string;
  /** Every header line in the order received, repeated ones kept: `headerLines(message.rawHeaders)`. */
  headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** The bytes received, before any parsing. */
  body: Uint8Array;
  /** Our own configured public origin, `scheme://host[:port]`. Signatures must be meant for it. */
  origin: string;
};

/** Header lines by lower-case name, each value without surrounding blanks. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** Headers of which a second line would let two readers see two different requests. */
const SINGLE_LINE_FIELDS = ['signature', 'signature-input', 'host', 'date', 'digest', 'content-digest'];

/** The name and value pairs of Node's flat `rawHeaders`, which unlike `headers` keeps repeated lines. */
export function headerLines(rawHeaders: readonly string[]): Array<readonly [name: string, value: string]> {
  const lines: Array<readonly [string, string]> = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    lines.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return lines;
}

/**
 * Header lines by name.
 * @throws SignatureRefused 400 when a header that signatures depend on comes twice: never first-wins, never last-wins.
 */
export function fieldsOf(request: SignedRequest): Fields {
  const fields = new Map<string, string[]>();
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    const values = fields.get(key);
    if (values) values.push(withoutBlanks(value));
    else fields.set(key, [withoutBlanks(value)]);
  }
  for (const name of SINGLE_LINE_FIELDS) {
    if ((fields.get(name)?.length ?? 0) > 1) throw malformed(`The request has more than one ${name} header.`);
  }
  return fields;
}

/**
 * The value that a signature over this header covers: all its lines joined, or undefined when there is none.
 * Source: draft-cavage-http-signatures-12 section 2.3, RFC 9421 section 2.1
 */
export function fieldValue(fields: Fields, name: string): string | undefined {
  return fields.get(name)?.join(', ');
}

/** Optional whitespace is space and tab only; `trim` would also eat bytes that were signed. */
function withoutBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start += 1;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
