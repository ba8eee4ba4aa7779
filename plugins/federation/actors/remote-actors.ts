import type { FederationContext } from '../context.ts';
import { findActor, type RemoteActor, saveHandle } from './actor-store.ts';
import { deadline, type FetchOptions } from './fetch-document.ts';
import { type ActorAnswer, loadActor } from './load-actor.ts';
import { askOrigin, askWebFinger, leadsTo } from './webfinger-client.ts';

export { findActor, type RemoteActor, storeActor } from './actor-store.ts';
export { confirmOwner, forgetOwner, resolveKey } from './resolve-key.ts';

const DAY_MS = 86_400_000;

/**
 * An actor elsewhere: as stored where that is young enough, else fetched from its own id and stored. Its handle is
 * checked with its host's WebFinger.
 * @param options `maxAgeMs`: how old what is stored may be, a day where absent
 */
export async function fetchActor(
  context: FederationContext,
  id: string,
  options: FetchOptions & { maxAgeMs?: number } = {},
): Promise<ActorAnswer> {
  const until = deadline(options);
  const known = await findActor(context, id);
  const maxAgeMs = options.maxAgeMs ?? DAY_MS;
  const answer: ActorAnswer =
    known && !known.goneAt && ageMs(context, known.fetchedAt) < maxAgeMs
      ? { kind: 'actor', actor: known }
      : await loadActor(context, id, options);
  // Nobody is waiting for news of an actor who was known yesterday.
  if (answer.kind === 'unreachable' && known && !known.goneAt) return { kind: 'actor', actor: known };
  if (answer.kind !== 'actor' || answer.actor.handleCheckedAt !== null) return answer;
  const actor = await checkHandle(context, answer.actor, { ...options, timeoutMs: until() });
  return { kind: 'actor', actor };
}

/**
 * Asks WebFinger whose the name is, on the actor's own host and, where that names another host, there as well: both must
 * lead back to the actor. Where nothing answers, the name stands with the actor's own host.
 * Source: ActivityPub and WebFinger (SWICG report), section 3
 */
async function checkHandle(
  context: FederationContext,
  actor: RemoteActor,
  options: FetchOptions,
): Promise<RemoteActor> {
  const own = await askOrigin(context, { username: actor.preferredUsername, id: actor.id }, options);
  if (own.kind === 'unreachable') return actor;
  let handle: string | null = `@${actor.preferredUsername}@${actor.host}`;
  if (own.kind === 'account') {
    const { handle: subject } = own.account;
    if (!leadsTo(own.account, actor.id)) handle = null;
    else if (subject && subject.host !== actor.host) {
      const other = await askWebFinger(context, subject, options);
      if (other.kind === 'account' && leadsTo(other.account, actor.id))
        handle = `@${subject.username}@${subject.host}`;
    }
  }
  await saveHandle(context, actor.id, handle);
  return { ...actor, handle, handleCheckedAt: context.now().toISOString() };
}

function ageMs(context: FederationContext, since: string): number {
  return context.now().getTime() - Date.parse(since);
}
