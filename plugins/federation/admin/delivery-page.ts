import type { AdminPage, Route } from 'outpost/plugin';
import { lookAgain } from '../communities/tell-communities.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import {
  countDeliveries,
  type DeliveryCounts,
  type DeliveryEntry,
  listDeliveries,
} from '../delivery/delivery-list.ts';
import { retryDeliveries } from '../delivery/retry-deliveries.ts';
import { followAccount } from '../following/follow-actor.ts';
import { communitiesView } from './communities-view.ts';
import { field, placesFor, postFor, signedIn, timeView, titleOf } from './present.ts';

const mostRows = 500;
const lookEveryMs = 400;
const watchedForMs = 15 * 60_000;

/** How far deliveries have come. */
export type BarView = {
  total: number;
  done: number;
  waiting: number;
  failed: number;
  abandoned: number;
  isMoving: boolean;
};

/** Counts as a bar shows them: `failed` comes again, `abandoned` does not. */
export function barOf({ queued, delivered, failed, abandoned }: DeliveryCounts): BarView {
  const total = queued + delivered + failed + abandoned;
  return { total, done: delivered, waiting: queued, failed, abandoned, isMoving: queued > 0 };
}

/** What is sent for one post: done, waiting and failed, by server and why. It fills while the deliveries run. */
export const deliveryPage: AdminPage<FederationContext> = {
  path: 'deliveries/:postId',
  title: 'Deliveries',
  menu: false,
  access: 'author',
  async load(request, context) {
    const post = await postFor(request, context);
    const db = tablesOf(context);
    const rows = await listDeliveries(db, { postId: post.id, limit: mostRows });
    const order = { abandoned: 0, failed: 1, queued: 2, delivered: 3 };
    return {
      view: 'admin/delivery',
      title: `Deliveries: ${titleOf(post)}`,
      data: {
        places: placesFor(context, signedIn(request), 'deliveries'),
        url: post.status === 'published' ? context.urls.post(post) : null,
        reactionsHref: context.urls.admin(`posts/${post.id}`),
        progressHref: `/ap/progress/${post.id}`,
        bar: barOf(await countDeliveries(db, { postId: post.id })),
        rows: rows.sort((a, b) => order[a.state] - order[b.state]).map(present),
        hasMore: rows.length === mostRows,
        ...(await communitiesView(context, post)),
      },
    };
  },
  deeds: {
    async follow(request, context) {
      const { authorId: userId } = await postFor(request, context);
      const { actor } = await followAccount(context, { userId, typed: field(request, 'id') });
      return { notice: `${actor.handle ?? actor.name} is asked.` };
    },
    async look(request, context) {
      const post = await postFor(request, context);
      await lookAgain(context, post.id, { again: true });
      const { canLook } = await communitiesView(context, post);
      return { notice: canLook ? 'Not all of them were found.' : 'They were found and get the post now.' };
    },
    async retry(request, context) {
      const post = await postFor(request, context);
      const { count } = await retryDeliveries(context, { postId: post.id });
      return { notice: count === 0 ? 'There is nothing to try again.' : `${count} are tried again now.` };
    },
  },
};

const deeds: Readonly<Record<string, string>> = { Create: 'New', Update: 'Change', Delete: 'Removal' };

function present({ type, host, state, attempts, nextAttemptAt, lastStatus, lastError }: DeliveryEntry) {
  const states = {
    delivered: { text: 'Delivered', className: 'published' },
    queued: { text: 'Waiting', className: 'pending' },
    failed: { text: 'Will be tried again', className: 'pending' },
    abandoned: { text: 'Given up', className: 'wrong' },
  };
  const retryAt = state === 'failed' ? timeView(nextAttemptAt) : null;
  return {
    host,
    what: deeds[type] ?? type,
    state: states[state],
    attempts,
    retryAt,
    why: lastError ?? (lastStatus === null ? '' : `The server answered ${lastStatus}.`),
  };
}

/** How far a post's deliveries have come, said again whenever it changes, until nothing waits. */
export const progressRoute: Route<FederationContext> = {
  method: 'GET',
  path: '/ap/progress/:postId',
  access: 'author',
  async handler(request, context) {
    const post = await postFor(request, context);
    return {
      headers: {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      },
      body: watch(context, post.id),
    };
  },
};

async function* watch(context: FederationContext, postId: string): AsyncGenerator<string> {
  const endsAt = Date.now() + watchedForMs;
  let said = '';
  while (Date.now() < endsAt) {
    const bar = barOf(await countDeliveries(tablesOf(context), { postId }));
    const news = JSON.stringify(bar);
    // A comment where nothing is new: only by writing is it noticed that nobody reads any more.
    yield news === said ? ':\n\n' : `data: ${news}\n\n`;
    said = news;
    if (!bar.isMoving) break;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  yield 'event: done\ndata: {}\n\n';
}
