/** What somebody may do here, from most to least. */
export type Role = 'admin' | 'editor' | 'author' | 'contributor' | 'subscriber';

export const roles: readonly Role[] = ['admin', 'editor', 'author', 'contributor', 'subscriber'];

/** A line of a profile, for example `Website: https://…`. */
export type ProfileLink = { label: string; url: string };

/** Somebody with an account. The password never leaves the store. */
export type User = {
  id: string;
  /** The public handle and one way to sign in; lower and upper case count as the same. */
  username: string;
  name: string;
  email: string;
  role: Role;
  /** A few words about oneself, Markdown. */
  bio: string;
  avatarId: string | null;
  headerId: string | null;
  links: ProfileLink[];
  disabled: boolean;
  createdAt: string;
  updatedAt: string;
};

/** Whether the user's page and posts are public: those who can publish have one. */
export function isAuthor(user: Pick<User, 'role' | 'disabled'>): boolean {
  return !user.disabled && (user.role === 'admin' || user.role === 'editor' || user.role === 'author');
}

export type Deed =
  | 'site.manage' // settings, plugins, users
  | 'comments.moderate'
  | 'posts.write' // own drafts
  | 'posts.publish' // own
  | 'posts.editOthers'
  | 'media.add';

const deeds: Record<Role, readonly Deed[]> = {
  admin: [
    'site.manage',
    'comments.moderate',
    'posts.write',
    'posts.publish',
    'posts.editOthers',
    'media.add',
  ],
  editor: ['comments.moderate', 'posts.write', 'posts.publish', 'posts.editOthers', 'media.add'],
  author: ['posts.write', 'posts.publish', 'media.add'],
  contributor: ['posts.write'],
  subscriber: [],
};

/** Whether somebody may do that at all; for a post of one's own or another's see `mayEditPost`. */
export function may(user: Pick<User, 'role' | 'disabled'> | null, deed: Deed): boolean {
  return user !== null && !user.disabled && deeds[user.role].includes(deed);
}

/** Whether the user may change this post: their own, or anybody's for an editor. A contributor's published post is closed to them. */
export function mayEditPost(
  user: User | null,
  post: { authorId: string; status: string; statusBeforeTrash?: string | null },
): boolean {
  if (!may(user, 'posts.write') || user === null) return false;
  if (may(user, 'posts.editOthers')) return true;
  if (post.authorId !== user.id) return false;
  // What one may throw away one may put back.
  const status = post.status === 'trash' ? (post.statusBeforeTrash ?? '') : post.status;
  return may(user, 'posts.publish') || status === 'draft' || status === 'review';
}
