import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { mediumUrl } from '../media/media-store.ts';
import type { Medium } from '../media/medium.ts';
import type { Post } from '../posts/post.ts';
import { findPostFields } from '../posts/post-field-store.ts';
import { findPost } from '../posts/post-store.ts';
import { renderPost, summaryOf } from '../posts/render-post.ts';
import { createUrls } from '../urls.ts';
import type { User } from '../users/user.ts';
import { findUser } from '../users/user-store.ts';

/** The shapes that --json prints. */

export function presentUser(deps: Pick<Deps, 'config'>, user: User): object {
  const { id, username, name, email, role, createdAt } = user;
  return { id, username, name, email, role, url: createUrls(deps.config.origin).author(user), createdAt };
}

export async function presentPost(deps: Pick<Deps, 'config' | 'db' | 'hooks'>, post: Post): Promise<object> {
  const author = await findUser(deps.db, post.authorId);
  return {
    id: post.id,
    type: post.type,
    status: post.status,
    slug: post.slug,
    url: createUrls(deps.config.origin).post(post),
    title: post.title,
    excerpt: post.excerpt || summaryOf(post, (await renderPost(deps, post)).html),
    author: author?.username ?? null,
    tags: post.tags,
    categories: post.categories,
    createdAt: post.createdAt,
    publishedAt: post.publishedAt,
    updatedAt: post.updatedAt,
    ...(post.scheduledAt && { scheduledAt: post.scheduledAt }),
  };
}

/** The same for one post alone, with what plugins keep beside it where they keep something. */
export async function presentPostWithFields(
  deps: Pick<Deps, 'config' | 'db' | 'hooks'>,
  post: Post,
): Promise<object> {
  const fields = await findPostFields(deps.db, post.id);
  return { ...(await presentPost(deps, post)), ...(Object.keys(fields).length > 0 && { fields }) };
}

export async function presentComment(deps: Pick<Deps, 'config' | 'db'>, comment: Comment): Promise<object> {
  const post = await findPost(deps.db, comment.postId);
  const { name, url, handle, avatarUrl } = comment.author;
  const urls = createUrls(deps.config.origin);
  return {
    id: comment.id,
    postId: comment.postId,
    parentId: comment.parentId,
    status: comment.status,
    source: comment.source,
    author: { name, url, handle, avatarUrl },
    ...(comment.warning !== null && { warning: comment.warning }),
    html: comment.html,
    text: comment.text,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    url: comment.externalUrl ?? (post && urls.comment(post, comment.id)),
  };
}

export function presentMedium(deps: Pick<Deps, 'config'>, medium: Medium): object {
  const { id, mimeType, width, height, alt, size } = medium;
  return { id, url: mediumUrl(deps.config, medium), mimeType, width, height, alt, size };
}
