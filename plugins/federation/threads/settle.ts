import { type FederationContext, tablesOf } from '../context.ts';
import { answersBelow, findAnswer } from './answer-store.ts';
import { findAbove } from './find-place.ts';
import { climbOn } from './place-answer.ts';

/** How many answers are looked at when something that stands above them is known at last. */
const mostBelow = 1000;

/**
 * Sees to it that what came before something that it answers gets its place, now that this is known: what waits is asked
 * for again, what stood higher for want of it moves below it.
 */
export async function settleBelow(context: FederationContext, id: string): Promise<void> {
  const queue = [id];
  const seen = new Set(queue);
  for (let next = queue.shift(); next !== undefined && seen.size < mostBelow; next = queue.shift()) {
    for (const row of await answersBelow(tablesOf(context), next)) {
      if (row.state === 'waiting') await climbOn(context, [row.id]);
      else if (row.state === 'here') await standAgain(context, row.id);
      else if (!seen.has(row.id)) {
        seen.add(row.id);
        queue.push(row.id);
      }
    }
  }
}

/** Puts a comment below what it answers or, where that is not shown, below what that answered. */
export async function standAgain(context: FederationContext, id: string): Promise<void> {
  const row = await findAnswer(tablesOf(context), id);
  if (!row?.in_reply_to || row.state !== 'here') return;
  // What stands above may go in this moment; then it is the next one above.
  for (let tries = 0; tries < 5; tries += 1) {
    const above = await findAbove(context, row.in_reply_to);
    if (!above) return;
    const parentId = above.kind === 'comment' ? above.comment.id : null;
    if (await context.comments.place({ externalId: id, postId: above.post.id, parentId })) return;
  }
}

/** Notes that an answer is gone, by the word of its author or, where none is named, of its server. Answers to it stay. */
export async function endAnswer(
  context: FederationContext,
  id: string,
  actorId: string | null = null,
): Promise<void> {
  const update = tablesOf(context)
    .updateTable('plugin_federation_answers')
    .set({ state: 'gone', comment_id: null, awaits: null, look_at: null, signed: null })
    .where('id', '=', id)
    .where('actor_id', actorId === null ? 'is not' : '=', actorId)
    .where('state', 'in', ['here', 'waiting'])
    .returning('id');
  if (await update.executeTakeFirst()) await settleBelow(context, id);
}
