import type { FederationContext } from '../context.ts';
import { actorAddress, type ForeignAccount, readWebFinger } from '../vocabulary/webfinger.ts';
import { type FetchOptions, guarded, jsonIn, type NotFetched } from './fetch-document.ts';

const MAX_BYTES = 65_536;

/** What another server's WebFinger says about one of its accounts. */
export type AccountAnswer = { kind: 'account'; account: ForeignAccount } | NotFetched;

/**
 * Asks a host about `name@host`. Over https; over http where that fails, which is refused by the bounded fetch for all
 * but the peers that the owner allowed for tests.
 * Source: RFC 7033, section 4
 */
export async function askWebFinger(
  context: FederationContext,
  { username, host }: { username: string; host: string },
  options: FetchOptions = {},
): Promise<AccountAnswer> {
  const secure = await ask(context, 'https:', { username, host }, options);
  if (secure.kind !== 'unreachable' && secure.kind !== 'refused') return secure;
  const plain = await ask(context, 'http:', { username, host }, options);
  return plain.kind === 'account' || plain.kind === 'gone' ? plain : secure;
}

/** Asks the origin that an id belongs to about a name there. */
export async function askOrigin(
  context: FederationContext,
  { username, id }: { username: string; id: string },
  options: FetchOptions = {},
): Promise<AccountAnswer> {
  const { protocol, host } = new URL(id);
  return ask(context, protocol, { username, host }, options);
}

async function ask(
  context: FederationContext,
  protocol: string,
  { username, host }: { username: string; host: string },
  { timeoutMs = 10_000, budget }: FetchOptions,
): Promise<AccountAnswer> {
  const resource = encodeURIComponent(`acct:${username}@${host}`);
  const address = `${protocol}//${host}/.well-known/webfinger?resource=${resource}`;
  if (!URL.canParse(address)) return { kind: 'refused', reason: `${host} is no host.` };
  if (budget && budget.left <= 0)
    return { kind: 'unreachable', reason: 'Too much would have to be fetched.' };
  if (budget) budget.left -= 1;
  const answer = await guarded(context, address, timeoutMs, (signal) =>
    context.network(address, {
      headers: { accept: 'application/jrd+json, application/json' },
      maxBytes: MAX_BYTES,
      timeoutMs,
      signal,
    }),
  );
  if ('kind' in answer) return answer;
  if (answer.status === 404 || answer.status === 410) return { kind: 'gone', status: answer.status };
  if (answer.status !== 200) return { kind: 'refused', reason: `${host} answered ${answer.status}.` };
  const document = jsonIn(answer);
  if (document.kind !== 'document') return document;
  const read = readWebFinger(document.json);
  return read.kind === 'account' ? read : { kind: 'refused', reason: read.reason };
}

/** Whether an account's `self` links lead to this actor. */
export function leadsTo(account: ForeignAccount, actorId: string): boolean {
  return account.selfLinks.some(({ href }) => href === actorId) || actorAddress(account) === actorId;
}
