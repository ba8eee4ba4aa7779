/**
 * The one way to write a JSON value: members sorted by UTF-16 code units, no blanks, numbers and strings as ECMAScript
 * writes them. For values as `JSON.parse` gives them, at most as deep as the reader of foreign JSON lets through.
 * Source: RFC 8785 (JSON Canonicalization Scheme)
 * @throws TypeError for what is no JSON: a lone surrogate, a number that is none, `undefined`
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${members.map(([name, member]) => `${primitive(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return primitive(value);
}

function primitive(value: unknown): string {
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('A text has a lone surrogate.');
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('A number is none.');
  const written = JSON.stringify(value);
  if (written === undefined) throw new TypeError('The value is no JSON.');
  return written;
}
