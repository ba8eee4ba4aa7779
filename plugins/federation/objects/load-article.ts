import { LRUCache } from 'lru-cache';
import type { Post } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { articleOf } from '../vocabulary/article.ts';
import type { OutgoingMention } from '../vocabulary/content-out.ts';
import type { Json } from '../vocabulary/context-out.ts';
import { mentionsIn } from './mentions-out.ts';

/** A post as its object, with those whom it mentions. */
export type LoadedArticle = { object: Json; mentions: OutgoingMention[] };

/** Long enough for the hundreds of servers that ask for a new post at once, short enough that nobody sees it age. */
const TTL_MS = 2_000;
const caches = new WeakMap<object, LRUCache<string, Promise<LoadedArticle>>>();

/**
 * A public post as an Article, as it is now. Servers that ask at the same time share one rendering; a changed post is
 * rendered anew at once.
 */
export function loadArticle(context: FederationContext, post: Post): Promise<LoadedArticle> {
  let cache = caches.get(context);
  if (!cache) {
    cache = new LRUCache({ max: 500, ttl: TTL_MS });
    caches.set(context, cache);
  }
  const key = `${post.id} ${post.publication} ${post.version} ${post.updatedAt}`;
  let article = cache.get(key);
  if (!article) {
    article = buildArticle(context, post);
    cache.set(key, article);
    article.catch(() => cache.delete(key));
  }
  return article;
}

/** The same without looking at what was rendered before, for what is sent. */
export async function buildArticle(context: FederationContext, post: Post): Promise<LoadedArticle> {
  const [rendered, settings, reactions, replies] = await Promise.all([
    context.posts.render(post),
    context.settings.get(),
    context.reactions.count(post.id),
    context.comments.count({ postId: post.id, status: 'approved' }),
  ]);
  const mentions = await mentionsIn(context, rendered);
  const object = articleOf({
    origin: context.origin,
    post,
    rendered,
    author: { id: post.authorId },
    url: context.urls.post(post),
    tagUrl: context.urls.tag,
    mentions,
    counts: { replies, likes: reactions.like, shares: reactions.boost },
    sendSummary: settings.sendSummary,
  });
  return { object, mentions };
}
