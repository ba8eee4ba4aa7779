import type { AdminPage } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { listSentPosts, waitingByHost } from '../delivery/delivery-list.ts';
import { findPeer } from '../delivery/peer-list.ts';
import { retryDeliveries } from '../delivery/retry-deliveries.ts';
import { scopeOf, sentAgain } from './delivery-page.ts';
import { barFor, serverHref } from './delivery-rows.ts';
import { healthLabels, inWords } from './delivery-words.ts';
import { placesFor, signedIn, titleOf } from './present.ts';

const mostPosts = 50;
const mostServers = 12;

/** Everything that goes out: how far all of it has come, for which servers most waits, and each post. */
export const deliveriesPage: AdminPage<FederationContext> = {
  path: 'deliveries',
  title: 'Deliveries',
  menu: false,
  access: 'author',
  async load(request, context) {
    const user = signedIn(request);
    const scope = scopeOf(user);
    const [bar, sent, servers] = await Promise.all([
      barFor(context, scope),
      listSentPosts(tablesOf(context), { ...scope, limit: mostPosts }),
      waitingServers(context, { ...scope, linked: user.role === 'admin' }),
    ]);
    const posts = await Promise.all(
      sent.map(async ({ postId }) => {
        const post = await context.posts.find(postId);
        return {
          title: post ? titleOf(post) : 'A post that was deleted',
          href: post && context.urls.admin(`deliveries/${postId}`),
          bar: await barFor(context, { postId }),
        };
      }),
    );
    const places = placesFor(context, user, 'deliveries');
    const mayRetry = user.role === 'admin' && bar.failed + bar.abandoned + bar.waiting > 0;
    const data = { places, bar, posts, servers, mayRetry, progressHref: '/ap/progress' };
    return { view: 'admin/deliveries', data };
  },
  deeds: {
    async retry(request, context) {
      const user = signedIn(request);
      if (user.role !== 'admin') return { notice: 'Ask an admin to send everything again.' };
      const { count } = await retryDeliveries(context, {});
      return { notice: sentAgain(count) };
    },
  },
};

async function waitingServers(
  context: FederationContext,
  { linked, userId }: { linked: boolean; userId: string | undefined },
) {
  const db = tablesOf(context);
  const now = context.now();
  const waiting = await waitingByHost(db, { userId, limit: mostServers });
  return Promise.all(
    waiting.map(async ({ host, count }) => {
      const peer = await findPeer(db, host, now.toISOString());
      const health = peer?.health ?? 'new';
      const isPaused = peer?.notBefore != null && peer.notBefore > now.toISOString();
      return {
        host,
        href: linked ? serverHref(context, host) : null,
        count,
        state: healthLabels[health],
        next: isPaused && health !== 'stopped' ? `tried again ${inWords(peer.notBefore ?? '', now)}` : '',
      };
    }),
  );
}
