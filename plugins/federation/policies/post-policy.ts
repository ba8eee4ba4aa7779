import { LRUCache } from 'lru-cache';
import type { Post } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { policyFrom } from './policy-settings.ts';
import type { Policy } from './rules.ts';

const mostPosts = 500;
const keptMs = 60_000;
const caches = new WeakMap<object, LRUCache<string, Policy>>();

/** What the author of a post lets others do with it. Asked for with every like, so it is kept until something changes. */
export async function policyOfPost(context: FederationContext, post: Post): Promise<Policy> {
  let cache = caches.get(context);
  if (!cache) {
    cache = new LRUCache({ max: mostPosts, ttl: keptMs });
    caches.set(context, cache);
  }
  const key = `${post.id} ${post.version} ${context.pagesVersion()}`;
  const kept = cache.get(key);
  if (kept) return kept;
  const [settings, fields, site] = await Promise.all([
    context.settings.get(),
    context.postFields(post.id),
    context.site(),
  ]);
  const policy = policyFrom(settings, fields, { commentsOpen: post.commentsOpen && site.commentsOpen });
  cache.set(key, policy);
  return policy;
}
