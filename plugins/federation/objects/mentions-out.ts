import { findActorByHandle, type RemoteActor } from '../actors/actor-store.ts';
import type { ActorAnswer } from '../actors/load-actor.ts';
import { lookUpHandle } from '../actors/look-up.ts';
import { handleHost } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { noteHandle } from '../mentions/unknown-handles.ts';
import { HANDLE, type OutgoingMention } from '../vocabulary/content-out.ts';

const MAX_MENTIONS = 20;

/** The handles of people elsewhere that a text names, in its order, each once. */
export function handlesIn(text: string, origin: string): string[] {
  const own = handleHost(origin).toLowerCase();
  const handles = new Map<string, string>();
  for (const [handle, , host] of text.matchAll(HANDLE)) {
    if (host?.toLowerCase() === own || handles.size === MAX_MENTIONS) continue;
    if (!handles.has(handle.toLowerCase())) handles.set(handle.toLowerCase(), handle);
  }
  return [...handles.values()];
}

/**
 * Those whom a post's text mentions and who are known here. Nothing is fetched, so that an object can always be served;
 * `meetMentioned` is for before it is sent.
 */
export async function mentionsIn(context: FederationContext, text: string): Promise<OutgoingMention[]> {
  const mentions: OutgoingMention[] = [];
  for (const handle of handlesIn(text, context.origin)) {
    const actor = await findActorByHandle(context, handle);
    if (actor) mentions.push({ id: actor.id, handle, url: actor.url ?? actor.id });
  }
  return mentions;
}

/**
 * Gets to know those whom a text mentions, asking their servers where need be, and gives their actors: the post goes to
 * them too. Who cannot be found stays plain text.
 */
export async function meetMentioned(context: FederationContext, text: string): Promise<RemoteActor[]> {
  const met: RemoteActor[] = [];
  for (const handle of handlesIn(text, context.origin)) {
    const known = await findActorByHandle(context, handle);
    const answer = known ? ({ kind: 'actor', actor: known } as const) : await lookUpHandle(context, handle);
    if (answer.kind === 'actor') met.push(answer.actor);
    else context.log.info({ handle, answer: answer.kind }, 'a mentioned person was not found');
    if (!known) await noteHandle(context, { handle, reason: reasonOf(answer) });
  }
  return met;
}

/** Why nobody was met, in words for the writer; null where somebody was. */
function reasonOf(answer: ActorAnswer): string | null {
  switch (answer.kind) {
    case 'actor':
      return null;
    case 'gone':
      return 'The account is gone.';
    default:
      return answer.reason;
  }
}
