export type CommentStatus = 'pending' | 'approved' | 'spam' | 'trash';

export const commentStatuses: readonly CommentStatus[] = ['pending', 'approved', 'spam', 'trash'];

/** A small picture that stands for a word between colons; `name` without them. `url` is where it comes from, for no page. */
export type CustomEmoji = { name: string; url: string };

/** A question with answers to choose from, as its author's server counted them when it last told. */
export type CommentPoll = {
  /** `votes` is null where its server keeps them to itself. */
  options: { name: string; votes: number | null }[];
  /** Whether more than one may be chosen. */
  multiple: boolean;
  /** How many people have answered, where that is known. */
  voters: number | null;
  /** When it ends or has ended, where it does. */
  endsAt: string | null;
  countedAt: string;
};

/** Who wrote a comment, as far as is known and safe to show. */
export type CommentAuthor = {
  name: string;
  /** Their page, http or https. */
  url: string | null;
  /** An address of the form `@name@host`, where there is one. */
  handle: string | null;
  avatarUrl: string | null;
  /** Pictures that the name has in it. */
  emojis?: CustomEmoji[];
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
  /** What its author warns of: the text is shown to those who ask for it. Plain text. */
  warning: string | null;
  /** Pictures that the text has in it. */
  emojis: CustomEmoji[];
  poll: CommentPoll | null;
  /** Why it was held or put aside, in words for the moderator. */
  note: string | null;
  statusBefore: CommentStatus | null;
  createdAt: string;
  updatedAt: string;
  /** When the version that is shown was written, by the word of where it comes from; ISO 8601. Later ones replace it. */
  version?: string | null;
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
  warning?: string | null;
  emojis?: CustomEmoji[];
  poll?: CommentPoll | null;
  createdAt?: string;
  /** When this version was written; ISO 8601. */
  version?: string | null;
};
