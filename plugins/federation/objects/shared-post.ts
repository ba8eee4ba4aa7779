import type { Post } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';

/**
 * Whether other servers may have a post: it is public, and stands in the stream, or is a page that the owner or its
 * writer wants to be sent.
 */
export async function isShared(context: FederationContext, post: Post | null): Promise<boolean> {
  if (post?.status !== 'published') return false;
  if (post.type === 'post') return true;
  const { pages } = await context.settings.get();
  if (pages !== 'not-sent') return true;
  return (await context.postFields(post.id)).form !== 'default';
}

/** A post that other servers may have, by its id. */
export async function findSharedPost(context: FederationContext, postId: string): Promise<Post | null> {
  const post = await context.posts.find(postId);
  return (await isShared(context, post)) ? post : null;
}
