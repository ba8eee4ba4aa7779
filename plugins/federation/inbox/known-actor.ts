import type { CommentAuthor } from 'outpost/plugin';
import { fetchActor, findActor, type RemoteActor } from '../actors/remote-actors.ts';
import type { FederationContext } from '../context.ts';

/**
 * Who an activity is by, as known here or fetched. Null for an account that is gone or cannot be one.
 * @throws Error where the server cannot be reached and nothing is known yet: to be tried again
 */
export async function knownActor(
  context: FederationContext,
  id: string,
  budget: { left: number },
): Promise<RemoteActor | null> {
  const answer = await fetchActor(context, id, { budget, timeoutMs: 10_000 });
  switch (answer.kind) {
    case 'actor':
      return answer.actor;
    case 'unreachable':
      throw new Error(`The account ${id} could not be fetched: ${answer.reason}`);
    default:
      return (await findActor(context, id))?.goneAt === null ? findActor(context, id) : null;
  }
}

/** An actor as the author of a comment, with the pictures that the name has in it. */
export function asCommentAuthor(actor: RemoteActor): CommentAuthor {
  const { name, handle, avatarUrl, emojis } = actor;
  return { name, url: actor.url ?? actor.id, handle, avatarUrl, emojis };
}

/** Those who pass on what others say as their trade: communities and relays. Their Announce is no boost. */
const distributors: ReadonlySet<string> = new Set(['Group', 'Application']);

/**
 * Whether an account passes on what others say as its trade.
 * @throws Error where it is not known and its server cannot be reached: to be tried again
 */
export async function isDistributor(
  context: FederationContext,
  id: string,
  budget: { left: number },
): Promise<boolean> {
  const actor = await knownActor(context, id, budget);
  return actor !== null && distributors.has(actor.type);
}
