import type { FederationDatabase } from '../context.ts';
import type { AnswerRow } from '../tables.ts';

/** What is known of an answer; the rest of its row is empty. */
export type AnswerFacts = Pick<AnswerRow, 'id' | 'state' | 'created_at'> & Partial<AnswerRow>;

/** What is known of an object as an answer, whether it is shown or not. */
export async function findAnswer(db: FederationDatabase, id: string): Promise<AnswerRow | null> {
  const row = await db
    .selectFrom('plugin_federation_answers')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** Notes what is known of an answer, in place of what was. */
export async function putAnswer(db: FederationDatabase, facts: AnswerFacts): Promise<void> {
  const { id, created_at, ...known } = facts;
  const changed = { awaits: null, look_at: null, ...known };
  await db
    .insertInto('plugin_federation_answers')
    .values({ looks: 0, ...changed, id, created_at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
}

/** Changes what is known of an answer; tells whether anything was. */
export async function changeAnswer(
  db: FederationDatabase,
  id: string,
  change: Partial<Omit<AnswerRow, 'id'>>,
): Promise<boolean> {
  const row = await db
    .updateTable('plugin_federation_answers')
    .set(change)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** The answer that became a comment. */
export async function findAnswerOfComment(
  db: FederationDatabase,
  commentId: string,
): Promise<AnswerRow | null> {
  const row = await db
    .selectFrom('plugin_federation_answers')
    .selectAll()
    .where('comment_id', '=', commentId)
    .executeTakeFirst();
  return row ?? null;
}

/** What answers an object, or waits for it to be known; at most 500. */
export async function answersBelow(
  db: FederationDatabase,
  id: string,
): Promise<Pick<AnswerRow, 'id' | 'actor_id' | 'in_reply_to' | 'state' | 'awaits'>[]> {
  return db
    .selectFrom('plugin_federation_answers')
    .select(['id', 'actor_id', 'in_reply_to', 'state', 'awaits'])
    .where((eb) => eb.or([eb('awaits', '=', id), eb('in_reply_to', '=', id)]))
    .limit(500)
    .execute();
}
