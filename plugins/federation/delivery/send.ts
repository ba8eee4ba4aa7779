import { signingKeysFor } from '../actors/keys.ts';
import type { FederationContext } from '../context.ts';
import { type SigningKey, signCavage, signRfc9421 } from '../signatures/sign.ts';
import type { Message } from './message.ts';
import { type DeliveryOutcome, maySignOtherwise, outcomeOfAnswer, outcomeOfError } from './outcome.ts';
import type { Delivery } from './waiting-store.ts';

type Scheme = 'cavage' | 'rfc9421';

/** What came of a delivery, and the kind of signature with which it did. */
export type Sent = { outcome: DeliveryOutcome; scheme: Scheme };

const timeoutMs = 15_000;

/**
 * Sends one activity to one inbox. It is signed now, since receivers accept minutes only; where the signature is not
 * understood, the other kind is tried once.
 * @param known the kind of signature that the server took before
 */
export async function sendDelivery(
  context: FederationContext,
  delivery: Pick<Delivery, 'activity_id' | 'user_id' | 'inbox' | 'host'>,
  { message, known, signal }: { message: Message; known: Scheme | null; signal: AbortSignal },
): Promise<Sent> {
  const first = known ?? 'cavage';
  const { activity_id: activityId, user_id: userId, inbox, host } = delivery;
  const [key, ...others] = await signingKeysFor(context, { userId, activityId });
  if (!key) throw new Error(`${userId} has no key.`);
  const order = { inbox, host, message, first, signal };
  const sent = await sendWith(context, key, order);
  for (const other of others) {
    if (!isRefused(sent, host)) break;
    const again = await sendWith(context, other, order);
    if (again.outcome.kind === 'delivered') return again;
  }
  return sent;
}

/** Sends with one key, and in another way where the server does not understand the first. */
async function sendWith(
  context: FederationContext,
  key: SigningKey,
  order: { inbox: string; host: string; message: Message; first: Scheme; signal: AbortSignal },
): Promise<Sent> {
  const { inbox, message, first, signal } = order;
  const attempt = async (scheme: Scheme, includeQuery = true): Promise<Sent> => {
    const outcome = await post(context, { inbox, message, key, scheme, includeQuery, signal });
    return { outcome, scheme };
  };
  const sent = await attempt(first);
  if (!isRefused(sent, order.host)) return sent;
  const other = await attempt(first === 'cavage' ? 'rfc9421' : 'cavage');
  if (other.outcome.kind === 'delivered') return other;
  if (statusOf(sent.outcome) === 401 && new URL(inbox).search !== '') {
    const bare = await attempt('cavage', false);
    if (bare.outcome.kind === 'delivered') return bare;
  }
  return sent;
}

function isRefused({ outcome }: Sent, host: string): boolean {
  const status = statusOf(outcome);
  return status !== null && maySignOtherwise(status, host);
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
