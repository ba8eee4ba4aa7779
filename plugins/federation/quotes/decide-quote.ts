import { NotFoundError, type Role } from 'outpost/plugin';
import { findActor } from '../actors/actor-store.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { sendAnswer, sendRevocation } from '../policies/answer-request.ts';
import type { FederationTables } from '../tables.ts';
import { decideWish, findWishesOf } from './authorization-store.ts';
import { countQuoteOf } from './count-quotes.ts';
import { findQuote, setQuoteState } from './quote-store.ts';
import type { QuoteRow } from './quote-tables.ts';

/** Who decides: the author who is quoted, or somebody who looks after the whole site. */
export type Decider = { id: string; role: Role };

/**
 * An author lets a quote of theirs stand, or not: who waited for an answer gets it, who had a yes hears that it is taken
 * back. Those whose software never asked are not told; it is only counted here, or not.
 * @throws NotFoundError `federation.no_quote`
 */
export async function decideQuote(
  context: FederationContext,
  { objectId, by, allowed }: { objectId: string; by: Decider; allowed: boolean },
): Promise<QuoteRow> {
  const quote = await findQuote(tablesOf(context), objectId);
  const isTheirs = by.role === 'admin' || by.role === 'editor' || quote?.user_id === by.id;
  if (!quote || !isTheirs) throw new NotFoundError('federation.no_quote', 'There is no such quote of yours.');
  const actor = await findActor(context, quote.actor_id);
  const at = context.now().toISOString();
  await context.database.transaction<FederationTables, void>(async (trx) => {
    await setQuoteState(trx, objectId, allowed ? 'counted' : 'refused');
    const wishes = await findWishesOf(trx, { objectId, actorId: quote.actor_id });
    for (const row of wishes.filter(({ kind }) => kind === 'quote')) {
      const to = allowed ? 'accepted' : row.state === 'accepted' ? 'revoked' : 'refused';
      const from = (['waiting', 'accepted', 'refused', 'revoked'] as const).filter((state) => state !== to);
      if (row.state === 'revoked' && !allowed) continue;
      if (!(await decideWish(trx, { id: row.id, from: [...from], to, at })) || !actor) continue;
      const decided = { ...row, state: to } as const;
      if (to === 'revoked') await sendRevocation(context, trx, { row: decided, actor });
      else await sendAnswer(context, trx, { row: decided, actor });
    }
  });
  await countQuoteOf(context, { postId: quote.post_id, actorId: quote.actor_id }, actor);
  return { ...quote, state: allowed ? 'counted' : 'refused' };
}
