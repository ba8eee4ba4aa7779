import type { Comment, Post } from 'outpost/plugin';
import { readLocalId } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { findSharedPost, isShared } from './shared-post.ts';

/** What an id or a page's address of ours leads to, for those who answer, like or share it. */
export type LocalObject = { kind: 'post'; post: Post } | { kind: 'comment'; comment: Comment; post: Post };

/**
 * The public post or comment that an address of ours names: an object's id (of the present publication), a post's page,
 * or a comment on it. Some servers name pages instead of ids.
 */
export async function findLocalObject(context: FederationContext, iri: string): Promise<LocalObject | null> {
  const id = readLocalId(context.origin, iri);
  if (id?.kind === 'post') {
    const post = await findSharedPost(context, id.postId);
    return post?.publication === id.publication ? { kind: 'post', post } : null;
  }
  if (id?.kind === 'comment') return findComment(context, id.commentId);
  const url = iri.startsWith(`${context.origin}/`) ? URL.parse(iri) : null;
  const [, slug] = /^\/([^/]+)\/?$/.exec(url?.pathname ?? '') ?? [];
  if (!url || !slug) return null;
  const [, commentId] = /^#comment-(.+)$/.exec(url.hash) ?? [];
  const post = await context.posts.findBySlug(decoded(slug));
  if (!post || !(await isShared(context, post))) return null;
  if (!commentId) return { kind: 'post', post };
  const found = await findComment(context, commentId);
  return found?.post.id === post.id ? found : null;
}

/** Whether something of ours was once public under this id; then it is gone, not unknown. Gives when it went. */
export async function findGone(
  context: FederationContext,
  id: string,
): Promise<{ goneAt: string | null; kind: 'post' | 'comment' } | null> {
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_objects')
    .select(['gone_at', 'kind'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? { goneAt: row.gone_at, kind: row.kind } : null;
}

async function findComment(context: FederationContext, id: string): Promise<LocalObject | null> {
  const comment = await context.comments.find(id);
  if (comment?.status !== 'approved') return null;
  const post = await findSharedPost(context, comment.postId);
  return post ? { kind: 'comment', comment, post } : null;
}

function decoded(slug: string): string {
  try {
    const text = decodeURIComponent(slug);
    // PostgreSQL takes no text with a NUL, not even to look for it.
    return /\p{Cc}/u.test(text) ? slug : text;
  } catch {
    // No slug has a stray percent sign, so that it finds nothing as it stands.
    return slug;
  }
}
