export type CommentStatus = 'pending' | 'approved' | 'spam' | 'trash';

/** Who wrote a comment, as far as is known and safe to show. */
export type CommentAuthor = {
  name: string;
  /** Their page, http or https. */
  url: string | null;
  /** An address of the form `@name@host`, where there is one. */
  handle: string | null;
  avatarUrl: string | null;
};

/** A comment as it is stored. `html` was sanitised before it was stored; `raw` is what was received. */
export type Comment = {
  id: string;
  postId: string;
  parentId: string | null;
  status: CommentStatus;
  /** `web` for the form and the admin, or what the plugin that received it names. */
  source: string;
  author: CommentAuthor;
  /** Set when a user of this site wrote it while signed in. */
  authorUserId: string | null;
  /** Only for the owner's eyes. */
  authorEmail: string | null;
  html: string;
  text: string;
  raw: string;
  /** The id that the place it came from gave it, for what was received by a plugin. */
  externalId: string | null;
  /** Where the original can be read. */
  externalUrl: string | null;
  /** The identity of its author at the place it came from. */
  externalAuthorId: string | null;
  language: string | null;
  /** Why it was held or put aside, in words for the moderator. */
  note: string | null;
  statusBefore: CommentStatus | null;
  createdAt: string;
  updatedAt: string;
};

/** A comment that comes from elsewhere, through a plugin. */
export type IncomingComment = {
  postId: string;
  parentId?: string | null;
  source: string;
  author: CommentAuthor;
  /** Foreign markup; it is sanitised on the way in. */
  html: string;
  externalId: string;
  externalUrl?: string | null;
  externalAuthorId: string;
  language?: string | null;
  createdAt?: string;
};
