import type { AdminPage, Route, User } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { retryDeliveries } from '../delivery/retry-deliveries.ts';
import { communitiesView, communityDeeds } from './communities-view.ts';
import { barFor, type DeliveryScope, deliveryRows } from './delivery-rows.ts';
import { field, placesFor, postFor, signedIn, titleOf } from './present.ts';

const mostRows = 300;
const mostDelivered = 200;
const lookEveryMs = 400;
const lookAtAllEveryMs = 2000;
const watchedForMs = 15 * 60_000;

/** What is sent for one post: done, waiting and failed, by server and why. It fills while the deliveries run. */
export const deliveryPage: AdminPage<FederationContext> = {
  path: 'deliveries/:postId',
  title: 'Deliveries',
  menu: false,
  access: 'author',
  async load(request, context) {
    const post = await postFor(request, context);
    const user = signedIn(request);
    const scope = { postId: post.id };
    const linked = user.role === 'admin';
    const [bar, open, delivered] = await Promise.all([
      barFor(context, scope),
      deliveryRows(context, scope, { states: ['abandoned', 'failed', 'queued'], limit: mostRows, linked }),
      deliveryRows(context, scope, { states: ['delivered'], limit: mostDelivered, linked }),
    ]);
    return {
      view: 'admin/delivery',
      title: `Deliveries: ${titleOf(post)}`,
      data: {
        places: placesFor(context, user, 'deliveries'),
        url: post.status === 'published' ? context.urls.post(post) : null,
        reactionsHref: context.urls.admin(`posts/${post.id}`),
        progressHref: `/ap/progress/${post.id}`,
        bar,
        rows: open,
        delivered,
        hasMore: open.length === mostRows,
        hasMoreDelivered: bar.done > delivered.length,
        ...(await communitiesView(context, post)),
      },
    };
  },
  deeds: {
    ...communityDeeds,
    async retry(request, context) {
      const post = await postFor(request, context);
      const host = field(request, 'host');
      const { count } = await retryDeliveries(context, { postId: post.id, ...(host && { host }) });
      return { notice: sentAgain(count) };
    },
  },
};

/** What is said after something was sent again. */
export function sentAgain(count: number): string {
  if (count === 0) return 'There is nothing to send again.';
  return count === 1 ? 'One message is sent again now.' : `${count} messages are sent again now.`;
}

/** Whose deliveries somebody may see: editors and admins all, others their own. */
export function scopeOf(user: User): { userId: string | undefined } {
  return { userId: user.role === 'admin' || user.role === 'editor' ? undefined : user.id };
}

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

/** How far a post's deliveries have come, said again whenever it changes, until nothing waits. */
export const progressRoute: Route<FederationContext> = {
  method: 'GET',
  path: '/ap/progress/:postId',
  access: 'author',
  async handler(request, context) {
    const post = await postFor(request, context);
    return { headers: streamHeaders, body: watch(context, { postId: post.id }, lookEveryMs) };
  },
};

/** The same for everything that somebody may see. */
export const allProgressRoute: Route<FederationContext> = {
  method: 'GET',
  path: '/ap/progress',
  access: 'author',
  handler(request, context) {
    return { headers: streamHeaders, body: watch(context, scopeOf(signedIn(request)), lookAtAllEveryMs) };
  },
};

async function* watch(
  context: FederationContext,
  scope: DeliveryScope,
  everyMs: number,
): AsyncGenerator<string> {
  const endsAt = Date.now() + watchedForMs;
  let said = '';
  while (Date.now() < endsAt) {
    const bar = await barFor(context, scope);
    const news = JSON.stringify(bar);
    // A comment where nothing is new: only by writing is it noticed that nobody reads any more.
    yield news === said ? ':\n\n' : `data: ${news}\n\n`;
    said = news;
    if (!bar.isMoving) break;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  yield 'event: done\ndata: {}\n\n';
}
