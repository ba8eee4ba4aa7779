import { fetchDocument } from '../actors/fetch-document.ts';
import { confirmOwner, forgetOwner, resolveKey } from '../actors/remote-actors.ts';
import { isOurs } from '../addresses.ts';
import { concernsUs } from '../communities/passed-on.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { checkProof, type ProofClaim, readProof } from '../signatures/proof.ts';
import { type ForeignActivity, readActivity } from '../vocabulary/activity.ts';
import { sameOrigin } from '../vocabulary/ids.ts';
import { receivedId } from './received-id.ts';

/**
 * What is done to something of ours, so that there is no object to ask for: the activity itself is asked for. The ids of
 * other types mostly lead to nothing, or to what is not public.
 */
const askedFor: ReadonlySet<string> = new Set(['Like', 'Dislike', 'EmojiReact', 'Undo']);

/**
 * What its actor's proof is enough for. The rest may be done and taken back again under one id, so that an old copy would
 * do it once more.
 */
const provable: ReadonlySet<string> = new Set(['Create', 'Update', 'Delete', 'Undo']);

/** Less is not worth another request. */
const LEAST_MS = 300;

/**
 * An activity that somebody else than its actor has sent, as far as it can be believed at once: as it came where it has
 * the actor's own proof, or as the actor's server has it. `known` where it was received before: nobody may repeat what an
 * actor said. Null where neither is so. Linked Data signatures are passed over: canonical forms of JSON-LD were their
 * undoing more than once.
 * Source: FEP-8b32; ActivityPub, section 7.1.2 (forwarding); FEP-fe34
 * @param from.document the JSON as it was sent; `timeoutMs` is for everything that has to be fetched
 */
export async function believePassedOn(
  context: FederationContext,
  { activity, document, timeoutMs }: { activity: ForeignActivity; document: unknown; timeoutMs: number },
): Promise<ForeignActivity | 'known' | null> {
  if (activity.id === null || isOurs(context.origin, activity.actor) || timeoutMs < LEAST_MS) return null;
  const mayBeProven = provable.has(activity.type) && isObject(document) && document.proof !== undefined;
  const isAskedFor = askedFor.has(activity.type) && !activity.id.includes('#');
  if (!mayBeProven && !isAskedFor) return null;
  // Nobody is asked for what is no business of ours, whoever wants us to.
  if (!(await concernsUs(context, activity))) return null;
  const proof = mayBeProven ? readProof(document, context.now()) : null;
  const until = performance.now() + timeoutMs;
  const isProven = proof !== null && (await isProof(context, proof, activity.actor, timeoutMs));
  const believed = isProven
    ? activity
    : isAskedFor && (await confirmed(context, activity, Math.round(until - performance.now())));
  if (!believed) return null;
  return (await wasReceived(context, believed)) ? 'known' : believed;
}

/** Whether the proof was made with a key that the actor's own document lists. */
async function isProof(
  context: FederationContext,
  proof: ProofClaim,
  actorId: string,
  timeoutMs: number,
): Promise<boolean> {
  if (!sameOrigin(proof.keyId, actorId)) return false;
  const found = await resolveKey(context, proof.keyId, { refetch: false, timeoutMs });
  if (found.kind !== 'key') return false;
  const fits = found.actorId === actorId && checkProof(proof, found.key);
  if (fits) confirmOwner(context, actorId);
  else await forgetOwner(context, found.actorId);
  return fits;
}

/** The activity as its actor's own server has it. */
async function confirmed(
  context: FederationContext,
  { id, type, actor }: ForeignActivity,
  timeoutMs: number,
): Promise<ForeignActivity | null> {
  if (id === null || timeoutMs < LEAST_MS) return null;
  const answer = await fetchDocument(context, id, { timeoutMs, budget: { left: 4 } });
  const reading = answer.kind === 'document' ? readActivity(answer.json) : null;
  if (reading?.kind !== 'activity') return null;
  const { activity } = reading;
  return activity.id === id && activity.type === type && activity.actor === actor ? activity : null;
}

async function wasReceived(context: FederationContext, { id, type }: ForeignActivity): Promise<boolean> {
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_inbox')
    .select('id')
    .where('id', '=', receivedId(id ?? '', type))
    .executeTakeFirst();
  return row !== undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
