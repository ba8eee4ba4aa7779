import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';

type Gone = { id: string; actorId: string };

/** Under what it is remembered: what others of the same server say about the same id says nothing about it. */
function keyOf({ id, actorId }: Gone): string {
  return `${id} ${actorId}`;
}

/** Remembers for a while that something was deleted or undone by its owner, for when it comes only now. */
export async function rememberGone(context: FederationContext, gone: Gone): Promise<void> {
  await tablesOf(context)
    .insertInto('plugin_federation_gone')
    .values({ id: keyOf(gone), actor_id: gone.actorId, at: context.now().toISOString() })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Whether its owner has deleted or undone it already. */
export async function isGone(context: FederationContext, gone: Gone): Promise<boolean> {
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_gone')
    .select('id')
    .where('id', '=', keyOf(gone))
    .executeTakeFirst();
  return row !== undefined;
}

/** The same for what can be done anew under the same id, such as a Follow: it is forgotten when it is asked about. */
export async function takeGone(context: FederationContext, gone: Gone): Promise<boolean> {
  const row = await tablesOf(context)
    .deleteFrom('plugin_federation_gone')
    .where('id', '=', keyOf(gone))
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes what was made of an object here: the comment, the private messages. */
export async function forgetObject(
  context: FederationContext,
  { objectId, actorId }: { objectId: string; actorId: string },
): Promise<string> {
  const wasComment = await context.comments.remove({ externalId: objectId, externalAuthorId: actorId });
  const mention = await tablesOf(context)
    .deleteFrom('plugin_federation_mentions')
    .where('object_id', '=', objectId)
    .where('actor_id', '=', actorId)
    .returning('id')
    .executeTakeFirst();
  if (wasComment) return 'removed the comment';
  return mention ? 'removed the message' : 'nothing to remove';
}
