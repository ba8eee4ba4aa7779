import type { AdminPage } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { listSentPosts } from '../delivery/delivery-list.ts';
import { barOf } from './delivery-page.ts';
import { placesFor, signedIn, titleOf } from './present.ts';

const mostPosts = 50;

/** The posts that went out, and how far each has come. */
export const deliveriesPage: AdminPage<FederationContext> = {
  path: 'deliveries',
  title: 'Deliveries',
  menu: false,
  access: 'author',
  async load(request, context) {
    const user = signedIn(request);
    const seesAll = user.role === 'admin' || user.role === 'editor';
    const sent = await listSentPosts(tablesOf(context), {
      userId: seesAll ? undefined : user.id,
      limit: mostPosts,
    });
    const posts = await Promise.all(
      sent.map(async ({ postId, latest: _, ...counts }) => {
        const post = await context.posts.find(postId);
        return {
          title: post ? titleOf(post) : 'A post that was deleted',
          href: post && context.urls.admin(`deliveries/${postId}`),
          bar: barOf(counts),
        };
      }),
    );
    return { view: 'admin/deliveries', data: { places: placesFor(context, user, 'deliveries'), posts } };
  },
};
