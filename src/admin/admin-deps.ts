import type { WebDeps } from '../http/server.ts';
import type { Post } from '../posts/post.ts';
import type { User } from '../users/user.ts';

/** What the admin's routes work with. */
export type AdminDeps = WebDeps & {
  /** The finished page of a post that need not be saved, as readers would get it. */
  previewPost(post: Post, viewer: User): Promise<string>;
};
