import { LRUCache } from 'lru-cache';
import { type Post, textOf } from 'outpost/plugin';
import { postIdOf } from '../addresses.ts';
import { type AddressedCommunity, addressedCommunities } from '../communities/addressed-communities.ts';
import type { FederationContext } from '../context.ts';
import { policyOfPost } from '../policies/post-policy.ts';
import { countsOf } from '../threads/count-answers.ts';
import { articleOf } from '../vocabulary/article.ts';
import { addressTo } from '../vocabulary/community-out.ts';
import type { OutgoingMention } from '../vocabulary/content-out.ts';
import type { Json } from '../vocabulary/context-out.ts';
import type { PostObjectInput } from '../vocabulary/post-members.ts';
import { postNoteOf } from '../vocabulary/post-note.ts';
import { mentionsIn } from './mentions-out.ts';
import { mannerOf, typeFor } from './post-manner.ts';
import { postTypeOf } from './post-type.ts';
import { findWriters } from './writers.ts';

/** A post as its object, with those elsewhere whom it mentions and the communities to which it is addressed. */
export type LoadedArticle = {
  object: Json;
  mentions: OutgoingMention[];
  communities: AddressedCommunity[];
};

/** Long enough for the hundreds of servers that ask for a new post at once, short enough that nobody sees it age. */
const TTL_MS = 5_000;
const caches = new WeakMap<object, LRUCache<string, Promise<LoadedArticle>>>();

/**
 * A public post as its object, as it is now. Servers that ask at the same time share one rendering; a changed post is
 * rendered anew at once.
 */
export function loadArticle(context: FederationContext, post: Post): Promise<LoadedArticle> {
  let cache = caches.get(context);
  if (!cache) {
    cache = new LRUCache({ max: 500, ttl: TTL_MS });
    caches.set(context, cache);
  }
  const key = `${post.id} ${post.publication} ${post.version} ${post.updatedAt} ${context.pagesVersion(post.id)}`;
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
  const [rendered, settings, fields, policy, counts] = await Promise.all([
    context.posts.render(post),
    context.settings.get(),
    context.postFields(post.id),
    policyOfPost(context, post),
    countsOf(context, { kind: 'post', post }),
  ]);
  const manner = mannerOf(post, fields, settings);
  const [mentions, writers, type] = await Promise.all([
    mentionsIn(context, `${textOf(rendered.html)}\n${fields.words}`),
    findWriters(context, post, fields.coAuthors),
    postTypeOf(context, postIdOf(context.origin, post), typeFor(manner)),
  ]);
  const communities = await addressedCommunities(context, post, { names: fields.communities, mentions });
  const input: PostObjectInput = {
    origin: context.origin,
    post,
    rendered,
    author: { id: post.authorId },
    url: context.urls.post(post),
    tagUrl: context.urls.tag,
    mentions,
    writers,
    counts,
    manner,
    words: fields.words,
    contentWarning: fields.contentWarning,
    policy,
    sendSummary: settings.sendSummary,
  };
  const object = addressTo(type === 'Note' ? postNoteOf(input) : articleOf(input), communities);
  return { object, mentions, communities };
}
