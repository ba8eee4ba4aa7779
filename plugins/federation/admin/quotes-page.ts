import type { AdminPage } from 'outpost/plugin';
import { findActors, type RemoteActor } from '../actors/actor-store.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { decideQuote } from '../quotes/decide-quote.ts';
import { countWaitingQuotes, listQuotes } from '../quotes/quote-store.ts';
import type { QuoteRow } from '../quotes/quote-tables.ts';
import { field, personView, placesFor, signedIn, timeView, titleOf } from './present.ts';

const pageSize = 50;

const words: Readonly<Record<QuoteRow['state'], { text: string; className: string }>> = {
  counted: { text: 'Shown', className: 'published' },
  waiting: { text: 'Waits for you', className: 'pending' },
  refused: { text: 'Not allowed', className: 'wrong' },
};

/** Where an author's posts are quoted, and whether each quote may stand. */
export const quotesPage: AdminPage<FederationContext> = {
  path: 'quotes',
  title: 'Quotes',
  menu: true,
  icon: 'quote',
  access: 'author',
  async load(request, context) {
    const user = signedIn(request);
    const db = tablesOf(context);
    const after = request.query.get('after') ?? undefined;
    const rows = await listQuotes(db, { userIds: [user.id], limit: pageSize + 1, after });
    const shown = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? shown.at(-1)?.object_id : undefined;
    return {
      view: 'admin/quotes',
      data: {
        places: placesFor(context, user, 'quotes'),
        waiting: await countWaitingQuotes(db, user.id),
        quotes: await presentQuotes(context, shown),
        older: last === undefined ? null : `?after=${encodeURIComponent(last)}`,
      },
    };
  },
  deeds: {
    async allow(request, context) {
      const objectId = field(request, 'id');
      await decideQuote(context, { objectId, by: signedIn(request), allowed: true });
      return { notice: 'The quote may stand.' };
    },
    async refuse(request, context) {
      const objectId = field(request, 'id');
      await decideQuote(context, { objectId, by: signedIn(request), allowed: false });
      return { notice: 'The quote may not stand. Its server is told, where it asks.' };
    },
  },
};

/** Quotes with whom they are by and which post they quote. */
export async function presentQuotes(context: FederationContext, rows: readonly QuoteRow[]) {
  const actors = await findActors(
    context,
    rows.map((row) => row.actor_id),
  );
  const titles = new Map<string, string>();
  for (const postId of new Set(rows.map((row) => row.post_id))) {
    const post = await context.posts.find(postId);
    titles.set(postId, post ? titleOf(post) : 'A post that is gone');
  }
  return rows.map((row) =>
    presentQuote(context, row, actors.get(row.actor_id), titles.get(row.post_id) ?? ''),
  );
}

function presentQuote(
  context: FederationContext,
  row: QuoteRow,
  actor: RemoteActor | undefined,
  title: string,
) {
  return {
    id: row.object_id,
    by: personView(context, row.actor_id, actor),
    post: { title, href: context.urls.admin(`posts/${row.post_id}`) },
    warning: row.warning,
    html: context.comments.sanitise(row.html),
    isEmpty: row.text === '',
    language: row.language,
    url: row.url,
    state: words[row.state],
    mayAllow: row.state !== 'counted',
    mayRefuse: row.state !== 'refused',
    when: timeView(row.created_at),
  };
}
