import type { Actions } from 'outpost/plugin';
import { orderCards } from './cards/fetch-cards.ts';
import { keepCommunities } from './communities/community-store.ts';
import { type FederationContext, tablesOf } from './context.ts';
import { announceChange, announcePost, announceRemoval } from './delivery/federate-post.ts';
import { announceFarewell, announceProfile } from './delivery/federate-profile.ts';
import { featureAsChosen } from './profiles/featured.ts';
import { deleteQuotes } from './quotes/quote-store.ts';
import { announceComment, withdrawComment } from './replies/federate-comment.ts';
import { forwardAnswer } from './threads/forward.ts';
import { noteRemoval } from './threads/on-comment.ts';

type Listener<N extends keyof Actions> = (payload: Actions[N], context: FederationContext) => Promise<void>;

/**
 * What followers are told when something happens on this site. Each looks at the post or comment as it is now, so that
 * running twice, or late, ends with the same.
 */
export const federationActions: { readonly [N in keyof Actions]?: Listener<N> } = {
  'post.published': async ({ postId }, context) => {
    await orderCards(context, postId);
    await announcePost(context, postId);
    await featureAsChosen(context, postId);
  },
  'post.updated': async (payload, context) => {
    await orderCards(context, payload.postId);
    await announceChange(context, payload);
    await featureAsChosen(context, payload.postId);
  },
  'post.unpublished': async ({ postId }, context) => {
    await announceRemoval(context, postId);
    await featureAsChosen(context, postId);
  },
  'post.deleted': async ({ postId }, context) => {
    await announceRemoval(context, postId);
    await keepCommunities(tablesOf(context), postId, []);
    await deleteQuotes(context, { postId });
    await featureAsChosen(context, postId);
  },
  'comment.approved': async ({ commentId }, context) => {
    await announceComment(context, commentId, 'Create');
    await forwardAnswer(context, commentId);
  },
  'comment.updated': ({ commentId }, context) => announceComment(context, commentId, 'Update'),
  'comment.hidden': ({ commentId }, context) => withdrawComment(context, commentId),
  'comment.deleted': async ({ commentId }, context) => {
    await withdrawComment(context, commentId);
    await noteRemoval(context, commentId);
  },
  'user.updated': ({ userId }, context) => announceProfile(context, userId),
  'user.deleted': ({ userId }, context) => announceFarewell(context, userId),
};
