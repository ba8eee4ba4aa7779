type Terms = Readonly<Record<string, unknown>>;

const reference = (id: string) => ({ '@id': id, '@type': '@id' });

/**
 * Words for Multikeys, to be added to an inline context. The contexts at w3id.org that define them are not named, because
 * some receivers would have to fetch them, and readers of JSON-LD 1.0 stop at what they use.
 * Source: FEP-521a; W3C Controlled Identifiers, section 2.2
 */
export const keyTerms: Terms = {
  sec: 'https://w3id.org/security#',
  Multikey: 'sec:Multikey',
  assertionMethod: reference('sec:assertionMethod'),
  controller: reference('sec:controller'),
  publicKeyMultibase: { '@id': 'sec:publicKeyMultibase', '@type': 'sec:multibase' },
};

/** Words for integrity proofs, in the same way. Source: FEP-8b32; W3C Data Integrity, section 2.1 */
const proofTerms: Terms = {
  sec: 'https://w3id.org/security#',
  DataIntegrityProof: 'sec:DataIntegrityProof',
  proof: reference('sec:proof'),
  cryptosuite: 'sec:cryptosuite',
  verificationMethod: reference('sec:verificationMethod'),
  proofPurpose: { '@id': 'sec:proofPurpose', '@type': '@vocab' },
  assertionMethod: reference('sec:assertionMethod'),
  proofValue: { '@id': 'sec:proofValue', '@type': 'sec:multibase' },
  created: {
    '@id': 'http://purl.org/dc/terms/created',
    '@type': 'http://www.w3.org/2001/XMLSchema#dateTime',
  },
};

/** A document's context with the words of its proof in the inline part at its end. */
export function withProofTerms(context: unknown): unknown[] {
  const parts: unknown[] = Array.isArray(context) ? [...context] : context === undefined ? [] : [context];
  const last = parts.at(-1);
  if (typeof last !== 'object' || last === null || Array.isArray(last)) return [...parts, proofTerms];
  return [...parts.slice(0, -1), { ...last, ...proofTerms }];
}
