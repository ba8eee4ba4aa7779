import type { Deps } from '../deps.ts';
import { NotFoundError } from '../errors.ts';
import type { Post, PostType } from '../posts/post.ts';
import { findPost } from '../posts/post-store.ts';
import { may, mayEditPost, type User } from '../users/user.ts';

/**
 * A post that this user may change. Somebody else's draft is answered as if it did not exist.
 * @throws NotFoundError `post.not_found`
 */
export async function findEditablePost(
  deps: Pick<Deps, 'db'>,
  user: User,
  id: string,
  type: PostType,
): Promise<Post> {
  const post = await findPost(deps.db, id);
  const isAllowed =
    post !== null &&
    post.type === type &&
    mayEditPost(user, post) &&
    (type === 'post' || may(user, 'posts.editOthers'));
  if (!isAllowed) throw new NotFoundError('post.not_found', 'There is no such post.');
  return post;
}
