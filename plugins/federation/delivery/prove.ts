import { proofKeyOf } from '../actors/keys.ts';
import type { FederationContext } from '../context.ts';
import { addProof } from '../signatures/proof.ts';
import { withProofTerms } from '../vocabulary/security-terms.ts';

/** Misskey takes no more at its inbox. */
const MAX_BYTES = 65_536;

/**
 * An activity of ours as it is sent: with an integrity proof of its author, unless the owner has switched that off or it
 * would be too large for Misskey then. The same activity always has the same proof, as long as its author's key stays.
 * Source: FEP-8b32
 * @param plain the activity as JSON
 */
export async function withProof(
  context: FederationContext,
  plain: string,
  { userId, createdAt }: { userId: string; createdAt: string },
): Promise<string> {
  const activity: unknown = JSON.parse(plain);
  const { integrityProofs } = await context.settings.get();
  if (!integrityProofs || typeof activity !== 'object' || activity === null) return plain;
  const key = await proofKeyOf(context, userId);
  const terms = '@context' in activity ? activity['@context'] : undefined;
  const document = { ...activity, '@context': withProofTerms(terms) };
  const text = JSON.stringify(addProof(document, { key, created: new Date(createdAt) }));
  const isTooLarge = Buffer.byteLength(text) > MAX_BYTES && Buffer.byteLength(plain) <= MAX_BYTES;
  return isTooLarge ? plain : text;
}
