import { fetchDocument } from '../actors/fetch-document.ts';
import type { FederationContext } from '../context.ts';
import type { Circumstances } from '../inbox/circumstances.ts';
import type { BlockLevel } from '../moderation/block.ts';
import { blockLevelOf } from '../moderation/block-level.ts';
import { sameOrigin } from '../vocabulary/ids.ts';
import { authorOf, type ForeignObject, readObject } from '../vocabulary/object.ts';

/** An object as its own server has it. `id` is what it calls itself: one can be asked for by the address of its page. */
export type FoundObject = {
  kind: 'object';
  id: string;
  object: ForeignObject;
  authorId: string;
  /** What the owner has decided about its author. */
  level: BlockLevel | null;
};

/** What an object's own server says of it. */
export type FetchedObject =
  | FoundObject
  /** By its server's own word, for good. A 404 proves nothing: some answer so whom they do not want to answer. */
  | { kind: 'gone' }
  | { kind: 'blocked' }
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable'; reason: string };

/**
 * Asks for an object at its own id. What is found there is as good as signed by its author.
 * Source: FEP-fe34 (origins)
 */
export async function fetchObject(
  context: FederationContext,
  objectId: string,
  how: Pick<Circumstances, 'budget'>,
): Promise<FetchedObject> {
  const { host } = new URL(objectId);
  if ((await blockLevelOf(context, { host, actorId: null })) === 'block') return { kind: 'blocked' };
  const answer = await fetchDocument(context, objectId, { budget: how.budget, timeoutMs: 10_000 });
  if (answer.kind === 'gone') {
    return answer.status === 410 ? { kind: 'gone' } : { kind: 'refused', reason: 'not to be had there' };
  }
  if (answer.kind !== 'document') return answer;
  const reading = readObject(answer.json);
  if (reading.kind === 'refused') return { kind: 'refused', reason: reading.reason };
  const { object } = reading;
  if (object.type === 'Tombstone') return { kind: 'gone' };
  const id = object.id ?? objectId;
  const authorId = authorOf(object, id);
  if (authorId === null || !sameOrigin(authorId, id))
    return { kind: 'refused', reason: 'without an author there' };
  const level = await blockLevelOf(context, { host: new URL(authorId).host, actorId: authorId });
  return level === 'block' ? { kind: 'blocked' } : { kind: 'object', id, object, authorId, level };
}
