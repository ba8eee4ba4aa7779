import { sql } from 'outpost/plugin';
import type { FederationDatabase } from '../context.ts';
import type { AnswerRow } from './answer-table.ts';

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

/** Notes what is known of an answer, in place of what was; its version never goes back. */
export async function putAnswer(db: FederationDatabase, facts: AnswerFacts): Promise<void> {
  const { id, created_at, ...known } = facts;
  const changed = { awaits: null, look_at: null, version: null, ...known };
  const version = sql<string | null>`case
    when excluded.version is null or excluded.version < plugin_federation_answers.version
    then plugin_federation_answers.version else excluded.version end`;
  await db
    .insertInto('plugin_federation_answers')
    .values({ looks: 0, ...changed, id, created_at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...changed, version }))
    .execute();
}

/** Notes that this version of an answer is shown. Gives what is known of it. */
export async function raiseVersion(
  db: FederationDatabase,
  id: string,
  version: string | null,
): Promise<AnswerRow | null> {
  const row = await db
    .updateTable('plugin_federation_answers')
    .set((eb) => ({ version: sql<string | null>`coalesce(${version}, ${eb.ref('version')})` }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Notes that an answer waits, unless something better is known of it. */
export async function putWaiting(
  db: FederationDatabase,
  facts: Omit<AnswerFacts, 'state'> & { awaits: string },
): Promise<void> {
  const { id, created_at, ...known } = facts;
  await db
    .insertInto('plugin_federation_answers')
    .values({ looks: 0, ...known, state: 'waiting', id, created_at })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(known).where('plugin_federation_answers.state', '=', 'waiting'),
    )
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
