import type { Representation } from 'outpost/plugin';
import { actorDocument } from './actors/actor-documents.ts';
import { findAuthor } from './actors/local-actors.ts';
import { activityJsonOnPage } from './answer.ts';
import type { FederationContext } from './context.ts';
import { loadArticle } from './objects/load-article.ts';
import { findSharedPost } from './objects/shared-post.ts';

const types = [
  'application/activity+json',
  'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
];

/** The same objects at the addresses of the pages, for servers that were given a page's address. */
export const representations: readonly Representation<FederationContext>[] = [
  {
    of: 'post',
    types,
    async respond(postId, _request, context) {
      const post = await findSharedPost(context, postId);
      return post ? activityJsonOnPage(context, (await loadArticle(context, post)).object) : null;
    },
  },
  {
    of: 'author',
    types,
    async respond(userId, _request, context) {
      const user = await findAuthor(context, userId);
      return user && activityJsonOnPage(context, await actorDocument(context, user));
    },
  },
];
