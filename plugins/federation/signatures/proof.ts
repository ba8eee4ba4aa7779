import { hash, type KeyObject, sign, verify } from 'node:crypto';
import { readMultibase, writeMultibase } from '../vocabulary/multibase.ts';
import { canonicalJson } from './canonical-json.ts';
import { checkExpiry, checkSignedAt } from './freshness.ts';
import { SignatureRefused } from './refusal.ts';
import type { SigningKey } from './sign.ts';

/** A JSON document with its members by name. */
type Document = Readonly<Record<string, unknown>>;

/** Whose key says to have signed a document, and the digests of which one must fit. Proves nothing until `checkProof`. */
export type ProofClaim = {
  /** The key's id, an address. */
  keyId: string;
  /** What may have been signed, the likeliest first. */
  digests: readonly Buffer[];
  signature: Buffer;
};

const SUITE = 'eddsa-jcs-2022';
const SIGNATURE_BYTES = 64;
const MAX_PROOFS = 5;
const MAX_KEY_ID_LENGTH = 2048;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * A document with an integrity proof: whoever gets it, through whomever, can check who made it. The proof repeats the
 * document's context, without which some verifiers hash something else, and its time has whole seconds, which nobody
 * writes in two ways.
 * Source: FEP-8b32; W3C Data Integrity EdDSA Cryptosuites, section 3.3.1 (eddsa-jcs-2022)
 * @param by an Ed25519 key and when the document was made
 */
export function addProof(document: Document, { key, created }: { key: SigningKey; created: Date }): Document {
  const { proof: _, ...unsecured } = document;
  const context = unsecured['@context'];
  const options = {
    ...(context !== undefined && { '@context': context }),
    type: 'DataIntegrityProof',
    cryptosuite: SUITE,
    verificationMethod: key.keyId,
    proofPurpose: 'assertionMethod',
    created: `${created.toISOString().slice(0, 19)}Z`,
  };
  const signature = sign(null, Buffer.concat([digestOf(options), digestOf(unsecured)]), key.privateKey);
  return { ...unsecured, proof: { ...options, proofValue: writeMultibase(signature) } };
}

/**
 * The integrity proof of a document, where it has one of the kind that is checked here and that is not stale: made at
 * most twelve hours ago, or whoever kept an old text could bring it back. Never throws on what a stranger sends.
 * Source: FEP-8b32; W3C Data Integrity EdDSA Cryptosuites, section 3.3.2
 */
export function readProof(document: Document, now: Date): ProofClaim | null {
  const proofs = Array.isArray(document.proof) ? document.proof : [document.proof];
  for (const proof of proofs.slice(0, MAX_PROOFS)) {
    const claim = isDocument(proof) ? claimOf(document, proof, now) : null;
    if (claim) return claim;
  }
  return null;
}

/** Whether the document was signed with the private half of this key, which must be Ed25519. */
export function checkProof(claim: ProofClaim, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'ed25519') return false;
  return claim.digests.some((digest) => verify(null, digest, key, claim.signature));
}

function claimOf(document: Document, proof: Document, now: Date): ProofClaim | null {
  const { proofValue, ...options } = proof;
  const { verificationMethod: keyId } = options;
  if (options.type !== 'DataIntegrityProof' || options.cryptosuite !== SUITE) return null;
  // A proof that stands on others is not checked here.
  if (options.proofPurpose !== 'assertionMethod' || options.previousProof !== undefined) return null;
  if (typeof keyId !== 'string' || keyId.length > MAX_KEY_ID_LENGTH || !isFresh(options, now)) return null;
  const signature = typeof proofValue === 'string' ? readMultibase(proofValue) : null;
  if (signature?.length !== SIGNATURE_BYTES) return null;
  return { keyId, signature, digests: digestsOf(document, options) };
}

/**
 * What may have been signed. The proof's own context must be the document's; where it has none, it was signed with the
 * document's (FEP-8b32) or without. A Linked Data signature beside the proof was mostly added afterwards.
 */
function digestsOf(document: Document, options: Document): Buffer[] {
  const { proof: _, ...unsecured } = document;
  const { signature: __, ...bare } = unsecured;
  const context = unsecured['@context'];
  const documents = 'signature' in unsecured ? [bare, unsecured] : [unsecured];
  try {
    if ('@context' in options) {
      if (canonicalJson(options['@context']) !== canonicalJson(context ?? null)) return [];
      return pairs([options], documents);
    }
    const forms = context === undefined ? [options] : [{ ...options, '@context': context }, options];
    return pairs(forms, documents);
  } catch (error) {
    // It cannot be written in the canonical form, so that nobody can have signed it.
    if (error instanceof TypeError) return [];
    throw error;
  }
}

/** Every form of the options with every form of the document; each is written out once. */
function pairs(options: readonly Document[], documents: readonly Document[]): Buffer[] {
  const digests = documents.map(digestOf);
  return options.map(digestOf).flatMap((before) => digests.map((digest) => Buffer.concat([before, digest])));
}

function digestOf(document: Document): Buffer {
  return hash('sha256', canonicalJson(document), 'buffer');
}

function isFresh({ created, expires }: Document, now: Date): boolean {
  if (typeof created !== 'string' || !TIME.test(created)) return false;
  if (expires !== undefined && (typeof expires !== 'string' || !TIME.test(expires))) return false;
  try {
    checkSignedAt(Date.parse(created), now);
    if (expires !== undefined) checkExpiry(Date.parse(expires), now);
    return true;
  } catch (error) {
    if (error instanceof SignatureRefused) return false;
    throw error;
  }
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
