import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { forgetMentions } from '../mentions/mention-store.ts';
import { forgetQuote } from '../quotes/take-quote.ts';
import { findAnswer } from '../threads/answer-store.ts';
import { endAnswer } from '../threads/settle.ts';
import { originOf } from '../vocabulary/ids.ts';

type Gone = { id: string; actorId: string };

/**
 * What is known of the end of something. `doubted`: only somebody else has said that it was deleted, so that it is worth
 * asking its server.
 */
export type End = 'gone' | 'doubted' | null;

/** Under what it is remembered: what others of the same server say about the same id says nothing about it. */
function keyOf({ id, actorId }: Gone): string {
  return `${id} ${actorId}`;
}

/** How much is remembered in an hour of what one server says to be gone that never was here. */
const neverHere = { max: 3_000, windowSeconds: 3600 };

/** Remembers for a while that something was deleted or undone by its owner, for when it comes only now. */
export async function rememberGone(context: FederationContext, gone: Gone): Promise<void> {
  const isMuch = await context.rateLimit(`gone ${originOf(gone.actorId)}`, neverHere);
  if (isMuch && !(await findAnswer(tablesOf(context), gone.id))) return;
  await remember(context, keyOf(gone), gone.actorId);
}

/** The same by the word of its server, whoever wrote it. */
export async function rememberGoneThere(context: FederationContext, id: string): Promise<void> {
  const origin = originOf(id) ?? '';
  await remember(context, keyOf({ id, actorId: origin }), origin);
}

/** Remembers that a third party says so, which is no more than a reason to ask once it comes. */
export async function rememberHearsay(context: FederationContext, id: string): Promise<void> {
  await remember(context, keyOf({ id, actorId: 'hearsay' }), 'hearsay');
}

async function remember(context: FederationContext, key: string, actorId: string): Promise<void> {
  await tablesOf(context)
    .insertInto('plugin_federation_gone')
    .values({ id: key, actor_id: actorId, at: context.now().toISOString() })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Whether its owner or its server has said already that it is gone. */
export async function endOf(context: FederationContext, { id, actorId }: Gone): Promise<End> {
  const sources = [actorId, originOf(id) ?? '', 'hearsay'];
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_gone')
    .select('actor_id')
    .where(
      'id',
      'in',
      sources.map((source) => keyOf({ id, actorId: source })),
    )
    .execute();
  if (rows.some((row) => row.actor_id !== 'hearsay')) return 'gone';
  return rows.length > 0 ? 'doubted' : null;
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
  // First, so that it is known as its author's deed and not as one of the owner, which would be for good.
  await endAnswer(context, objectId, actorId);
  const wasComment = await context.comments.remove({ externalId: objectId, externalAuthorId: actorId });
  const wasMessage = await forgetMentions(context, { objectId, actorId });
  const wasQuote = await forgetQuote(context, { objectId, actorId });
  if (wasComment) return 'removed the comment';
  if (wasQuote) return 'removed the quote';
  return wasMessage ? 'removed the message' : 'nothing to remove';
}
