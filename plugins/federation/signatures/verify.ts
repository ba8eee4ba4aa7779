import { type KeyObject, verify } from 'node:crypto';
import { cavageSigningString, parseCavage } from './cavage.ts';
import { checkDigest } from './digest.ts';
import { checkExpiry, checkSignedAt, httpDateMs, secondsToMs } from './freshness.ts';
import { type Algorithm, algorithmsOf, hashFor, isQuick } from './keys.ts';
import { malformed, SignatureRefused, unproven } from './refusal.ts';
import { derivedComponent, parseRfc9421, signatureBase } from './rfc9421.ts';
import { type Fields, fieldsOf, fieldValue, type SignedRequest } from './signed-request.ts';

/** Who says to have signed, and the texts of which one must fit the signature. Proves nothing until `checkSignature`. */
export type Claim = {
  scheme: 'cavage' | 'rfc9421';
  keyId: string;
  /** Undefined when the key decides alone. */
  algorithm: Algorithm | undefined;
  /** Texts that may have been signed, the likeliest first. */
  signedTexts: readonly string[];
  signature: Buffer;
};

/** What `readSignature` found; `reason` is one plain sentence for the sender. */
export type SignatureReading =
  | { kind: 'claim'; claim: Claim }
  | { kind: 'refused'; status: 400 | 401; reason: string };

/**
 * Reads a request's signature and checks everything that needs no key: form, digests, times, algorithm, and that what
 * matters is covered and meant for us. Never throws on what a stranger sends.
 *
 * A request has one signature. `Signature-Input` makes it one of RFC 9421, whatever else is there; a second signature
 * of either kind is refused, so that adding one can never weaken what is checked.
 * Source: draft-cavage-http-signatures-12, RFC 9421
 */
export function readSignature(request: SignedRequest, now: Date): SignatureReading {
  try {
    return { kind: 'claim', claim: claimOf(request, fieldsOf(request), now) };
  } catch (error) {
    if (!(error instanceof SignatureRefused)) throw error;
    return { kind: 'refused', status: error.status, reason: error.message };
  }
}

/** Whether the claim's signature was made with the private half of this key. */
export async function checkSignature(claim: Claim, key: KeyObject): Promise<boolean> {
  const algorithms = algorithmsOf(key).filter(
    (one) => claim.algorithm === undefined || one === claim.algorithm,
  );
  for (const algorithm of algorithms) {
    for (const text of claim.signedTexts) {
      if (await fits(algorithm, text, key, claim.signature)) return true;
    }
  }
  return false;
}

function claimOf(request: SignedRequest, fields: Fields, now: Date): Claim {
  const signature = fieldValue(fields, 'signature');
  if (signature === undefined) throw unproven('The request is not signed.');
  if (!request.target.startsWith('/') || hasLineBreak(request.target)) {
    throw malformed('The request target is not a path.');
  }
  const input = fieldValue(fields, 'signature-input');
  const claim =
    input === undefined
      ? cavageClaim(request, fields, signature, now)
      : rfc9421Claim(request, fields, { input, signature }, now);
  for (const name of ['digest', 'content-digest'] as const) {
    const digest = fieldValue(fields, name);
    if (digest !== undefined) checkDigest(name, digest, request.body);
  }
  return claim;
}

function cavageClaim(request: SignedRequest, fields: Fields, header: string, now: Date): Claim {
  const { keyId, algorithm, covered, created, expires, signature } = parseCavage(header);
  requireCovered(covered, '(request-target)');
  requireCovered(covered, 'host');
  if (hasBody(request)) requireCovered(covered, 'digest');
  requireOurHost(request, fields);

  if (!covered.includes('date') && !covered.includes('(created)')) {
    throw unproven('The signature covers neither date nor (created).');
  }
  if (created !== undefined) checkSignedAt(secondsToMs('created', created), now);
  if (expires !== undefined) checkExpiry(secondsToMs('expires', expires), now);
  if (covered.includes('date')) checkSignedAt(httpDateMs(signedValue(fields, 'date')), now);

  const text = (target: string) =>
    cavageSigningString(
      covered.map((name) => {
        if (name === '(request-target)') return [name, `${request.method.toLowerCase()} ${target}`];
        if (name === '(created)') return [name, parameter(name, created)];
        if (name === '(expires)') return [name, parameter(name, expires)];
        return [name, signedValue(fields, name)];
      }),
    );
  return { scheme: 'cavage', keyId, algorithm, signature, signedTexts: targetsOf(request.target).map(text) };
}

function rfc9421Claim(
  request: SignedRequest,
  fields: Fields,
  headers: { input: string; signature: string },
  now: Date,
): Claim {
  const parsed = parseRfc9421(headers.input, headers.signature);
  const { keyId, algorithm, covered, signature } = parsed;
  requireCovered(covered, '@method');
  if (!covered.includes('@target-uri')) {
    if (!covered.includes('@path')) requireCovered(covered, '@request-target');
    if (!covered.includes('@authority')) requireCovered(covered, 'host');
  }
  if (hasBody(request)) requireCovered(covered, 'content-digest');
  if (covered.includes('host')) requireOurHost(request, fields);
  checkSignedAt(parsed.createdAtMs, now);
  if (parsed.expiresAtMs !== undefined) checkExpiry(parsed.expiresAtMs, now);

  const source = { method: request.method, target: request.target, origin: new URL(request.origin) };
  const lines = covered.map((name) => {
    if (!name.startsWith('@')) return [name, signedValue(fields, name)] as const;
    const value = derivedComponent(name, source);
    if (value === undefined) throw unproven('The signature covers a component that is not known here.');
    return [name, value] as const;
  });
  const signedTexts = [signatureBase(lines, parsed.parameters)];
  return { scheme: 'rfc9421', keyId, algorithm, signature, signedTexts };
}

function hasBody({ method, body }: SignedRequest): boolean {
  return body.length > 0 || (method !== 'GET' && method !== 'HEAD');
}

function requireCovered(covered: readonly string[], name: string): void {
  if (!covered.includes(name)) throw unproven(`The signature does not cover ${name}.`);
}

function requireOurHost(request: SignedRequest, fields: Fields): void {
  const { protocol, host } = new URL(request.origin);
  const defaultPort = protocol === 'https:' ? ':443' : ':80';
  const received = signedValue(fields, 'host').toLowerCase();
  if (received !== host && received !== host + defaultPort) {
    throw unproven('The request was signed for another host.');
  }
}

/** A covered header's value. A line break in it could pass for another signed line. */
function signedValue(fields: Fields, name: string): string {
  const value = fieldValue(fields, name);
  if (value === undefined) throw unproven('The signature covers a header that the request does not have.');
  if (hasLineBreak(value)) throw malformed('A signed header contains a line break.');
  return value;
}

function hasLineBreak(text: string): boolean {
  return text.includes('\n') || text.includes('\r');
}

function parameter(name: string, value: string | undefined): string {
  if (value === undefined) throw malformed(`The signature covers ${name} and does not give it.`);
  return value;
}

/** Some servers leave the query out of what they sign. */
function targetsOf(target: string): string[] {
  const queryStart = target.indexOf('?');
  return queryStart < 0 ? [target] : [target, target.slice(0, queryStart)];
}

/**
 * Node reads header bytes as Latin-1, so that is the way back to the bytes that were signed. A key of usual size is
 * quicker than the way to another thread and back.
 */
async function fits(algorithm: Algorithm, text: string, key: KeyObject, signature: Buffer): Promise<boolean> {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.toString('latin1') !== text) return false;
  const hash = hashFor(algorithm);
  if (isQuick(key)) return verify(hash, bytes, key, signature);
  return new Promise((resolve, reject) => {
    verify(hash, bytes, key, signature, (error, fit) => (error ? reject(error) : resolve(fit)));
  });
}
