/** What readers elsewhere can do to a post or a comment besides answering it. */
export type ReactionKind = 'like' | 'boost' | 'quote' | 'dislike';

/** One reader's like, boost or quote of a post or a comment. At most one of each kind for each reader and thing. */
export type Reaction = {
  id: string;
  postId: string;
  /** The comment below the post that it is for; null for the post itself. */
  commentId: string | null;
  kind: ReactionKind;
  /** What the plugin that received it calls its origin. */
  source: string;
  /** The identity of the one who reacted, unique within the source. */
  actorId: string;
  name: string;
  handle: string | null;
  url: string | null;
  avatarUrl: string | null;
  /** The reaction's own id at its origin, where it has one. */
  externalId: string | null;
  /** The emoji of a reaction that is more than a like. */
  emoji: string | null;
  /** Where the picture of an emoji comes from that is none of Unicode's; for no page. */
  emojiUrl: string | null;
  createdAt: string;
};

/** A reaction that comes from elsewhere. */
export type IncomingReaction = Omit<Reaction, 'id' | 'createdAt' | 'emojiUrl' | 'commentId'> & {
  emojiUrl?: string | null;
  commentId?: string | null;
};

/** Whose reaction is meant, and to what: to the post itself where a post is named and no comment. */
export type ReactionFilter = {
  source: string;
  actorId: string;
  postId?: string;
  commentId?: string | null;
  kind?: ReactionKind;
  externalId?: string;
  /** Only while it is this emoji: a later one has taken the place of an earlier. */
  emoji?: string;
};
