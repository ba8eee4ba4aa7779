import { hash } from 'node:crypto';
import { malformed, unproven } from './refusal.ts';

/** Digest algorithms that still prove something, with Node's names for them. Others in a header are passed over. */
const STRONG_ALGORITHMS = new Map([
  ['sha-256', 'sha256'],
  ['sha-512', 'sha512'],
]);

const MAX_DIGESTS = 16;

/**
 * The `Digest` header of a body. Some receivers compare the algorithm's name letter by letter, so it is upper case.
 * Source: RFC 3230 section 4.3.2
 */
export function digestOf(body: Uint8Array): string {
  return `SHA-256=${hash('sha256', body, 'base64')}`;
}

/**
 * The `Content-Digest` header that says the same as a `Digest` from `digestOf`, without hashing again.
 * Source: RFC 9530 section 2
 */
export function contentDigestOf(digest: string): string {
  return `sha-256=:${digest.slice('SHA-256='.length)}:`;
}

/**
 * Holds a `Digest` or `Content-Digest` header against the body. Every SHA-256 and SHA-512 in it must fit, one must be there.
 * Source: RFC 3230 section 4.3.2, RFC 9530 section 2
 * @throws SignatureRefused
 */
export function checkDigest(name: 'digest' | 'content-digest', header: string, body: Uint8Array): void {
  const members = header.split(',', MAX_DIGESTS + 1);
  if (members.length > MAX_DIGESTS) throw malformed(`The ${name} header lists too many digests.`);

  const seen = new Set<string>();
  for (const member of members) {
    const equals = member.indexOf('=');
    const algorithm = member.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    const nodeName = STRONG_ALGORITHMS.get(algorithm);
    if (nodeName === undefined) continue;
    if (seen.has(algorithm)) throw malformed(`The ${name} header gives ${algorithm} twice.`);
    seen.add(algorithm);

    const expected = hash(nodeName, body, 'base64');
    const wanted = name === 'digest' ? expected : `:${expected}:`;
    if (member.slice(equals + 1).trim() !== wanted)
      throw unproven(`The ${name} header does not fit the body.`);
  }
  if (seen.size === 0) throw unproven(`The ${name} header has neither SHA-256 nor SHA-512.`);
}
