import type { RouteRequest } from 'outpost/plugin';
import { confirmOwner, forgetOwner, resolveKey } from '../actors/remote-actors.ts';
import { isOurs } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { headerLines } from '../signatures/signed-request.ts';
import { type Claim, checkSignature, readSignature } from '../signatures/verify.ts';

/** Who signed a request. */
export type Identity =
  | { kind: 'signer'; actorId: string }
  /** Whose key it says to be has no account any more, by the word of its server. */
  | { kind: 'gone'; keyId: string }
  /** `keyId` is there where the key could not be had. */
  | { kind: 'refused'; status: 400 | 401; reason: string; keyId?: string };

const doesNotFit = 'The signature does not fit the key of its owner.';

/**
 * Finds out who signed a request. A key that is known is used; where it does not fit, it is fetched anew once, because
 * keys are changed.
 */
export async function authenticate(request: RouteRequest, context: FederationContext): Promise<Identity> {
  const { method, rawTarget, rawHeaders, body } = request;
  const signed = {
    method,
    target: rawTarget,
    headers: headerLines(rawHeaders),
    body,
    origin: context.origin,
  };
  const reading = readSignature(signed, context.now());
  if (reading.kind === 'refused') return reading;
  const { claim } = reading;
  if (isOurs(context.origin, claim.keyId)) return refused('No account of this site signs requests to it.');
  const known = await tryKey(context, claim, false);
  if (known.kind !== 'unfit') return known.identity;
  const renewed = await tryKey(context, claim, true);
  if (renewed.kind !== 'unfit') return renewed.identity;
  await forgetOwner(context, renewed.actorId);
  return refused(doesNotFit);
}

async function tryKey(
  context: FederationContext,
  claim: Claim,
  refetch: boolean,
): Promise<{ kind: 'unfit'; actorId: string } | { kind: 'done'; identity: Identity }> {
  const found = await resolveKey(context, claim.keyId, { refetch });
  if (found.kind === 'gone') return { kind: 'done', identity: { kind: 'gone', keyId: claim.keyId } };
  if (found.kind !== 'key')
    return { kind: 'done', identity: { ...refused(found.reason), keyId: claim.keyId } };
  if (!(await checkSignature(claim, found.key))) return { kind: 'unfit', actorId: found.actorId };
  confirmOwner(context, found.actorId);
  return { kind: 'done', identity: { kind: 'signer', actorId: found.actorId } };
}

function refused(reason: string) {
  return { kind: 'refused', status: 401, reason } as const;
}
