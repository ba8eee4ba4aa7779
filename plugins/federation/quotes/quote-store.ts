import { sql } from 'outpost/plugin';
import type { FederationContext, FederationDatabase, FederationTransaction } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { QuoteRow } from './quote-tables.ts';

type Db = FederationDatabase | FederationTransaction;

/** The quote that this object is, or null. */
export async function findQuote(db: Db, objectId: string): Promise<QuoteRow | null> {
  const row = await db
    .selectFrom('plugin_federation_quotes')
    .selectAll()
    .where('object_id', '=', objectId)
    .executeTakeFirst();
  return row ?? null;
}

/** Keeps a quote; of one that is known everything but its time is replaced, and its state while it waits: what an author has decided stays. */
export async function saveQuote(db: Db, row: QuoteRow): Promise<void> {
  const { object_id: _, state, created_at: __, ...changed } = row;
  await db
    .insertInto('plugin_federation_quotes')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('object_id').doUpdateSet({
        ...changed,
        state: sql<QuoteRow['state']>`case when plugin_federation_quotes.state = 'waiting'
          then ${state} else plugin_federation_quotes.state end`,
      }),
    )
    .execute();
}

/** Lets a quote count, or not. */
export async function setQuoteState(db: Db, objectId: string, state: QuoteRow['state']): Promise<void> {
  await db.updateTable('plugin_federation_quotes').set({ state }).where('object_id', '=', objectId).execute();
}

/** Which quotes are asked for. */
type QuoteFilter = {
  userIds?: readonly string[];
  postId?: string;
  states?: readonly QuoteRow['state'][];
  limit: number;
  /** An object's id: what is older follows. */
  after?: string | undefined;
};

/** Quotes that fit, newest first. */
export async function listQuotes(db: Db, filter: QuoteFilter): Promise<QuoteRow[]> {
  let query = db
    .selectFrom('plugin_federation_quotes')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('object_id', 'desc')
    .limit(filter.limit);
  if (filter.userIds) query = query.where('user_id', 'in', filter.userIds);
  if (filter.postId !== undefined) query = query.where('post_id', '=', filter.postId);
  if (filter.states) query = query.where('state', 'in', filter.states);
  const last = filter.after === undefined ? null : await findQuote(db, filter.after);
  if (last)
    query = query.where((eb) =>
      eb.or([
        eb('created_at', '<', last.created_at),
        eb.and([eb('created_at', '=', last.created_at), eb('object_id', '<', last.object_id)]),
      ]),
    );
  return query.execute();
}

/** How many quotes of somebody's posts wait for them. */
export async function countWaitingQuotes(db: Db, userId: string): Promise<number> {
  const row = await db
    .selectFrom('plugin_federation_quotes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Forgets quotes and what was said to those who asked; gives what is forgotten. */
export async function deleteQuotes(
  context: FederationContext,
  which: { objectId: string; actorId: string } | { actorId: string } | { postId: string },
): Promise<QuoteRow[]> {
  const db = tablesOf(context);
  let quotes = db.deleteFrom('plugin_federation_quotes');
  let wishes = db.deleteFrom('plugin_federation_authorizations');
  if ('actorId' in which) {
    quotes = quotes.where('actor_id', '=', which.actorId);
    wishes = wishes.where('actor_id', '=', which.actorId);
  }
  if ('objectId' in which) {
    quotes = quotes.where('object_id', '=', which.objectId);
    wishes = wishes.where('object_id', '=', which.objectId);
  }
  if ('postId' in which) {
    quotes = quotes.where('post_id', '=', which.postId);
    wishes = wishes.where('post_id', '=', which.postId);
  }
  await wishes.execute();
  return quotes.returningAll().execute();
}
