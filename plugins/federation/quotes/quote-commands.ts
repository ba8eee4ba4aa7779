import { type Command, InvalidError, NotFoundError } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { type Decider, decideQuote } from './decide-quote.ts';
import { listQuotes } from './quote-store.ts';
import type { QuoteRow } from './quote-tables.ts';

const states = ['counted', 'waiting', 'refused'] as const;

/** Whoever runs commands looks after the whole site. */
const owner: Decider = { id: '', role: 'admin' };

/** The commands about quotes. */
export const quoteCommands: readonly Command<FederationContext>[] = [
  {
    name: 'quotes',
    usage: 'quotes <username>',
    about: 'list where an author’s posts are quoted, newest first',
    options: [{ flags: '--state <state>', about: `only those that are ${states.join(', ')}` }],
    async run({ args, options, limit, after }, context) {
      const user = await context.users.findByUsername((args[0] ?? '').replace(/^@/, ''));
      if (!user) throw new NotFoundError('user.not_found', `There is no author ${args[0] ?? ''}.`);
      const rows = await listQuotes(tablesOf(context), {
        userIds: [user.id],
        ...(options.state !== undefined && { states: [stateNamed(options.state)] }),
        limit,
        after,
      });
      return presentRows(context, rows);
    },
  },
  {
    name: 'allow-quote',
    usage: 'allow-quote <id>',
    about: 'let a quote stand, and tell its server where that asked',
    run: ({ args }, context) => decide(context, args[0], true),
  },
  {
    name: 'refuse-quote',
    usage: 'refuse-quote <id>',
    about: 'refuse a quote, or take back that it may stand',
    run: ({ args }, context) => decide(context, args[0], false),
  },
];

async function decide(context: FederationContext, objectId: string | undefined, allowed: boolean) {
  const row = await decideQuote(context, { objectId: objectId ?? '', by: owner, allowed });
  return (await presentRows(context, [row]))[0];
}

async function presentRows(context: FederationContext, rows: readonly QuoteRow[]) {
  const actors = await findActors(
    context,
    rows.map((row) => row.actor_id),
  );
  return rows.map((row) => ({
    id: row.object_id,
    postId: row.post_id,
    actor: row.actor_id,
    handle: actors.get(row.actor_id)?.handle ?? null,
    url: row.url,
    text: row.text,
    state: row.state,
    createdAt: row.created_at,
  }));
}

function stateNamed(text: unknown): QuoteRow['state'] {
  const state = states.find((one) => one === text);
  if (!state)
    throw new InvalidError('federation.quote_state', `${text} is no state; give ${states.join(', ')}.`);
  return state;
}
