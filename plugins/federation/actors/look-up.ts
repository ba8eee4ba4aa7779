import type { FederationContext } from '../context.ts';
import { actorAddress } from '../vocabulary/webfinger.ts';
import type { FetchOptions } from './fetch-document.ts';
import { deadline } from './fetch-document.ts';
import type { ActorAnswer } from './load-actor.ts';
import { fetchActor } from './remote-actors.ts';
import { askWebFinger } from './webfinger-client.ts';

/**
 * Finds somebody elsewhere by a handle, `@name@host` with or without the first `@`.
 * @param options `wantedType`: which type of actor is meant where the name is that of two, a Person where absent
 */
export async function lookUpHandle(
  context: FederationContext,
  handle: string,
  options: FetchOptions & { maxAgeMs?: number; wantedType?: string } = {},
): Promise<ActorAnswer> {
  const [, username, host] = /^(?:acct:)?@?([^@\s/]+)@([^@\s/?#\\]+)$/i.exec(handle.trim()) ?? [];
  if (!username || !host) return { kind: 'refused', reason: `${handle} is no handle; give @name@host.` };
  const until = deadline(options);
  const answer = await askWebFinger(context, { username, host }, { ...options, timeoutMs: until() });
  if (answer.kind === 'gone') return { kind: 'refused', reason: `${host} knows nobody called ${username}.` };
  if (answer.kind !== 'account') return answer;
  const id = actorAddress(answer.account, options.wantedType);
  if (id === null) return { kind: 'refused', reason: `${host} does not say where ${username} is found.` };
  return fetchActor(context, id, { ...options, timeoutMs: until() });
}
