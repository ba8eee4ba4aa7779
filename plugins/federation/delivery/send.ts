import { signingKeyOf } from '../actors/local-actors.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { digestOf } from '../signatures/digest.ts';
import { type SigningKey, signCavage, signRfc9421 } from '../signatures/sign.ts';
import { type Delivery, findActivityBody } from './delivery-store.ts';
import { type DeliveryOutcome, maySignOtherwise, outcomeOfAnswer, outcomeOfError } from './outcome.ts';

type Scheme = 'cavage' | 'rfc9421';
type Message = { body: Buffer; digest: string };

/** What came of a delivery, and the kind of signature with which it did. */
export type Sent = { outcome: DeliveryOutcome; scheme: Scheme };

const timeoutMs = 15_000;
/** Bodies that are being sent; each goes to many servers within seconds. */
const keptBodies = 64;
const bodies = new WeakMap<FederationContext, Map<string, Message>>();

async function messageOf(context: FederationContext, activityId: string): Promise<Message | null> {
  let kept = bodies.get(context);
  if (!kept) {
    kept = new Map();
    bodies.set(context, kept);
  }
  const known = kept.get(activityId);
  if (known) return known;
  const text = await findActivityBody(tablesOf(context), activityId);
  if (text === null) return null;
  const body = Buffer.from(text);
  const message = { body, digest: digestOf(body) };
  kept.set(activityId, message);
  const oldest = kept.keys().next().value;
  if (kept.size > keptBodies && oldest !== undefined) kept.delete(oldest);
  return message;
}

/**
 * Sends one activity to one inbox. It is signed now, since receivers accept minutes only; where the signature is not
 * understood, the other kind is tried once.
 * @param known the kind of signature that the server took before
 */
export async function sendDelivery(
  context: FederationContext,
  delivery: Delivery,
  { known, signal }: { known: Scheme | null; signal: AbortSignal },
): Promise<Sent> {
  const first = known ?? 'cavage';
  const message = await messageOf(context, delivery.activity_id);
  if (!message) {
    const reason = 'The activity is not kept any more.';
    return { outcome: { kind: 'refused', status: null, reason }, scheme: first };
  }
  const key = await signingKeyOf(context, delivery.user_id);
  const attempt = (scheme: Scheme, includeQuery = true) =>
    post(context, { inbox: delivery.inbox, message, key, scheme, includeQuery, signal });

  const outcome = await attempt(first);
  const status = statusOf(outcome);
  if (status === null || !maySignOtherwise(status, delivery.host)) return { outcome, scheme: first };
  const second = first === 'cavage' ? 'rfc9421' : 'cavage';
  const other = await attempt(second);
  if (other.kind === 'delivered') return { outcome: other, scheme: second };
  if (status === 401 && new URL(delivery.inbox).search !== '') {
    const bare = await attempt('cavage', false);
    if (bare.kind === 'delivered') return { outcome: bare, scheme: 'cavage' };
  }
  return { outcome, scheme: first };
}

function statusOf(outcome: DeliveryOutcome): number | null {
  return outcome.kind === 'retry' || outcome.kind === 'refused' ? outcome.status : null;
}

type Attempt = {
  inbox: string;
  message: Message;
  key: SigningKey;
  scheme: Scheme;
  includeQuery: boolean;
  signal: AbortSignal;
};

async function post(context: FederationContext, attempt: Attempt): Promise<DeliveryOutcome> {
  const { message, key, scheme, includeQuery } = attempt;
  try {
    const answer = await context.network(attempt.inbox, {
      method: 'POST',
      headers: { 'content-type': 'application/activity+json' },
      body: message.body,
      timeoutMs,
      discardBody: true,
      signal: attempt.signal,
      sign: async ({ method, url }) => {
        const request = { method, url, now: context.now(), digest: message.digest };
        const headers =
          scheme === 'cavage'
            ? await signCavage(key, { ...request, includeQuery })
            : await signRfc9421(key, request);
        await context.failpoint('deliver.after-sign');
        return headers;
      },
    });
    return outcomeOfAnswer(answer.status, answer.headers['retry-after'], context.now());
  } catch (error) {
    return outcomeOfError(error);
  }
}
