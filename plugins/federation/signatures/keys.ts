import { createPublicKey, type KeyObject } from 'node:crypto';
import { readMultibase, writeMultibase } from '../vocabulary/multibase.ts';

/** What a signature is made with. RSA means PKCS#1 v1.5. */
export type Algorithm = 'rsa-sha256' | 'rsa-sha512' | 'ed25519';

/** A key that cannot be used to check or make signatures; `message` says why. */
export class UnusableKeyError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'UnusableKeyError';
  }
}

const MIN_RSA_BITS = 2048;
/** Beyond these one verification would cost a forger nothing and us milliseconds. */
const MAX_RSA_BITS = 8192;
const MAX_RSA_EXPONENT = 2n ** 32n;
const MAX_KEY_LENGTH = 8192;
const QUICK_RSA_BITS = 4096;
const QUICK_RSA_EXPONENT = 65_537n;

const PEM = /^-----BEGIN (RSA )?PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END (RSA )?PUBLIC KEY-----$/;
/** What a Multikey begins with. Source: multicodec table, `ed25519-pub` */
const ED25519_MULTICODEC = Buffer.from([0xed, 0x01]);
/** DER in front of the 32 bytes of an Ed25519 key. Source: RFC 8410 section 4 */
const ED25519_SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * The key in an actor document: PEM (SPKI or PKCS#1, any line ends), or a multibase Multikey (`z…`, `u…`; Ed25519 or RSA).
 * Costs about a verification: keep the result with the actor.
 * Source: FEP-521a; W3C Controlled Identifiers section 2.2.2 (Multikey)
 * @throws UnusableKeyError when it is no public key, RSA below 2048 bits, or of another kind
 */
export function importPublicKey(pemOrMultibase: string): KeyObject {
  const text = pemOrMultibase.trim();
  if (text.length > MAX_KEY_LENGTH) throw new UnusableKeyError('The public key is too long.');
  const key = text.startsWith('-') ? importPem(text) : importMultikey(text);
  if (algorithmsOf(key).length === 0) {
    throw new UnusableKeyError(
      `The public key is neither Ed25519 nor RSA of ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits.`,
    );
  }
  return key;
}

type Abilities = { algorithms: readonly Algorithm[]; isQuick: boolean };

/** Asking a key for its details costs more than a look into a map, and each is asked with every request. */
const known = new WeakMap<KeyObject, Abilities>();

function abilitiesOf(key: KeyObject): Abilities {
  let abilities = known.get(key);
  if (!abilities) {
    abilities = examine(key);
    known.set(key, abilities);
  }
  return abilities;
}

function examine(key: KeyObject): Abilities {
  if (key.asymmetricKeyType === 'ed25519') return { algorithms: ['ed25519'], isQuick: true };
  if (key.asymmetricKeyType !== 'rsa') return { algorithms: [], isQuick: false };
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  const isUsable =
    modulusLength >= MIN_RSA_BITS &&
    modulusLength <= MAX_RSA_BITS &&
    publicExponent >= 3n &&
    publicExponent <= MAX_RSA_EXPONENT;
  const algorithms = isUsable ? (['rsa-sha256', 'rsa-sha512'] as const) : [];
  return { algorithms, isQuick: modulusLength <= QUICK_RSA_BITS && publicExponent <= QUICK_RSA_EXPONENT };
}

/**
 * The algorithms that a key may be used with, the likeliest first; none when the key is too weak or of another kind.
 * The key decides, never the request.
 * Source: RFC 9421 section 7.3.6
 */
export function algorithmsOf(key: KeyObject): readonly Algorithm[] {
  return abilitiesOf(key).algorithms;
}

/** Whether checking a signature with this key takes less than about a tenth of a millisecond. */
export function isQuick(key: KeyObject): boolean {
  return abilitiesOf(key).isQuick;
}

/** Node's name for an algorithm's hash; null for Ed25519, which has its own. */
export function hashFor(algorithm: Algorithm): string | null {
  return algorithm === 'ed25519' ? null : algorithm.slice('rsa-'.length);
}

function importPem(text: string): KeyObject {
  const match = PEM.exec(text);
  if (!match || match[1] !== match[3]) throw new UnusableKeyError('The public key is not PEM.');
  return importDer(Buffer.from(match[2] ?? '', 'base64'), match[1] === undefined ? 'spki' : 'pkcs1');
}

/**
 * The public half of a private Ed25519 key as a Multikey's `publicKeyMultibase`.
 * Source: FEP-521a; W3C Controlled Identifiers, section 2.2.2 (Multikey)
 */
export function multibaseOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return writeMultibase(Buffer.concat([ED25519_MULTICODEC, spki.subarray(ED25519_SPKI_PREFIX.length)]));
}

function importMultikey(text: string): KeyObject {
  const bytes = readMultibase(text);
  if (bytes === null) throw new UnusableKeyError('The public key is neither PEM nor multibase.');
  if (bytes.subarray(0, 2).equals(ED25519_MULTICODEC) && bytes.length === 34) {
    return importDer(Buffer.concat([ED25519_SPKI_PREFIX, bytes.subarray(2)]), 'spki');
  }
  if (bytes[0] === 0x85 && bytes[1] === 0x24) return importDer(bytes.subarray(2), 'pkcs1');
  throw new UnusableKeyError('The multibase key is neither Ed25519 nor RSA.');
}

function importDer(der: Buffer, type: 'spki' | 'pkcs1'): KeyObject {
  try {
    return createPublicKey({ key: der, format: 'der', type });
  } catch (cause) {
    throw new UnusableKeyError('The public key cannot be read.', { cause });
  }
}
