import type { Kysely } from 'kysely';
import type { AuthorsElsewhere } from '../comments/authors-elsewhere.ts';
import type {
  Comment,
  CommentAuthor,
  CommentPoll,
  CustomEmoji,
  IncomingComment,
} from '../comments/comment.ts';
import type { Receipt } from '../comments/receive-comment.ts';
import type { SafeHtml } from '../content/safe-html.ts';
import type { Medium } from '../media/medium.ts';
import type { SafeFetch } from '../net/safe-fetch.ts';
import type { Post, Term } from '../posts/post.ts';
import type { IncomingReaction, Reaction, ReactionFilter, ReactionKind } from '../reactions/reaction.ts';
import type { User } from '../users/user.ts';

/** An author as everybody may see them: no e-mail address, no role. */
export type PublicUser = Pick<User, 'id' | 'username' | 'name' | 'links' | 'createdAt' | 'updatedAt'> & {
  /** The profile's text, ready to show. */
  bioHtml: SafeHtml;
  bioText: string;
  avatar: (Medium & { url: string }) | null;
  header: (Medium & { url: string }) | null;
  /** Whether the person can publish and has a page. */
  isAuthor: boolean;
};

/** A public post as readers get it. */
export type RenderedPost = {
  /** The text, after every filter, with absolute addresses. */
  html: SafeHtml;
  /** The summary that the writer typed, or the beginning of the text; plain, at most 500 characters. */
  excerpt: string;
  /** The lead image and the pictures in the text, in order, the lead image first. */
  images: (Medium & { url: string })[];
  /** The sounds and films of this site in the text, in order. */
  recordings: (Medium & { url: string })[];
  language: string;
};

/** Which public posts are asked for; newest first. */
export type PublicPostQuery = {
  authorId?: string;
  tag?: string;
  category?: string;
  limit: number;
  offset?: number;
  after?: string;
};

/** How a transaction ends. */
export type TransactionOptions = {
  /** Set to return before the commit is on the disk; `flush` waits for it, for many at once. */
  unflushed?: boolean;
};

/** What plugins can ask for, by the name of the permission. */
export type Capabilities = {
  /** Reads posts. Those that are not public are given by id only; `list` and `count` know the public ones. */
  posts: {
    find(id: string): Promise<Post | null>;
    findBySlug(slug: string): Promise<Post | null>;
    list(query: PublicPostQuery): Promise<Post[]>;
    count(query: Omit<PublicPostQuery, 'limit'>): Promise<number>;
    findTerm(kind: 'tag' | 'category', slug: string): Promise<Term | null>;
    render(post: Post): Promise<RenderedPost>;
  };
  /** Reads authors. */
  users: {
    find(id: string): Promise<PublicUser | null>;
    findByUsername(username: string): Promise<PublicUser | null>;
    list(): Promise<PublicUser[]>;
    /** Where mail reaches somebody; for notices to themselves only. */
    emailOf(id: string): Promise<string | null>;
  };
  /** Takes comments in from elsewhere and reads those that are here. `source` is the plugin's id. */
  comments: {
    find(id: string): Promise<Comment | null>;
    findReceived(externalId: string): Promise<Comment | null>;
    /**
     * Newest first where nothing else is said; of every post where none is named. `parentId` asks for the answers to a
     * comment, or with null for those to the post itself; `known` leaves out what has no identity outside of this site:
     * what readers wrote into the form, and what other plugins received.
     */
    list(query: {
      postId?: string;
      parentId?: string | null;
      known?: boolean;
      status: 'approved' | 'pending' | 'all';
      limit: number;
      after?: string;
      oldestFirst?: boolean;
    }): Promise<Comment[]>;
    count(query: {
      postId: string;
      parentId?: string | null;
      known?: boolean;
      status: 'approved' | 'pending';
    }): Promise<number>;
    receive(comment: Omit<IncomingComment, 'source'>): Promise<Receipt>;
    change(change: {
      externalId: string;
      externalAuthorId: string;
      html: string;
      author?: CommentAuthor;
      language?: string | null;
      warning?: string | null;
      emojis?: CustomEmoji[];
      poll?: CommentPoll | null;
      /** When this version was written; an older one than is shown changes nothing. */
      version?: string | null;
    }): Promise<Comment | null>;
    /** Puts a received comment below another one of its post, or with null below the post itself; false where that is not there. */
    place(comment: { externalId: string; postId: string; parentId: string | null }): Promise<boolean>;
    remove(comment: { externalId: string; externalAuthorId: string }): Promise<boolean>;
    removeAllOf(externalAuthorId: string): Promise<number>;
    renameAuthor(externalAuthorId: string, author: CommentAuthor): Promise<void>;
    /**
     * Takes what these authors said out of sight, in a transaction where one is given. What was public or waited goes to the
     * trash, with a note, and comes back with `bringBack`. Gives how many.
     */
    setAside(trx: object | null, authors: AuthorsElsewhere): Promise<number>;
    /** Brings back what was set aside, but for those whom `except` still means. Gives how many. */
    bringBack(trx: object | null, authors: AuthorsElsewhere, except?: AuthorsElsewhere): Promise<number>;
    /** Markup from elsewhere made safe, as a comment's would be. */
    sanitise(html: string): SafeHtml;
  };
  /** Counts likes, boosts and quotes, of posts and of the comments below them. */
  reactions: {
    add(reaction: Omit<IncomingReaction, 'source'>): Promise<boolean>;
    remove(filter: Omit<ReactionFilter, 'source'>): Promise<boolean>;
    /** Of the post itself where no comment is named. */
    list(query: {
      postId: string;
      commentId?: string;
      kind?: ReactionKind;
      limit: number;
      after?: string;
    }): Promise<Reaction[]>;
    /** Takes the reactions of these people out of sight and out of the counts, as `comments.setAside`. */
    setAside(trx: object | null, actors: AuthorsElsewhere): Promise<number>;
    /** Counts them again, as `comments.bringBack`. */
    bringBack(trx: object | null, actors: AuthorsElsewhere, except?: AuthorsElsewhere): Promise<number>;
    count(postId: string, commentId?: string): Promise<Record<ReactionKind, number>>;
  };
  /** The plugin's own tables; name them in the type: `context.database.as<Tables>()`. */
  database: {
    as<T>(): Kysely<T>;
    /** One transaction, begun as a writer; only SQL inside. */
    transaction<T, R>(
      work: (trx: import('kysely').Transaction<T>) => Promise<R>,
      options?: TransactionOptions,
    ): Promise<R>;
    /** Resolves when what was committed is on the disk. */
    flush(): Promise<void>;
    dialect: 'sqlite' | 'postgres';
  };
  /** Requests to other servers, bounded: private addresses are refused, bytes and time limited. */
  network: SafeFetch;
  /** Mail to people of this site, queued and tried again. False where no mail server is set. */
  mail: {
    send(message: { to: string; subject: string; text: string; key?: string }): Promise<boolean>;
  };
};
