import type { SafeHtml } from '../content/safe-html.ts';

/**
 * What the public views are given: plain values chosen one by one, so that nothing of a user, a post or a comment
 * reaches a page because it happened to be in the row. A theme relies on these types; strict variables are on, so every
 * member is always there, null where there is nothing.
 */

/** The direction of a text, for the `dir` attribute. */
export type Direction = 'ltr' | 'rtl';

/** A link with its words. */
export type LinkView = { title: string; url: string };

/** A moment: `iso` for machines, `text` in the site's language and time zone. */
export type TimeView = { iso: string; text: string };

/** A picture with its measures in CSS pixels (null where unknown), its smaller forms and a tiny blurred placeholder. */
export type ImageView = {
  url: string;
  alt: string;
  width: number | null;
  height: number | null;
  srcset: string | null;
  placeholder: string | null;
};

/** The site, the same on every page. */
export type SiteView = {
  title: string;
  tagline: string;
  url: string;
  language: string;
  direction: Direction;
  /** The stylesheet with the owner's accent colour. */
  accentUrl: string;
  /** The site's own pages, for the bar above and the foot below. */
  navigation: LinkView[];
};

/** What the document's head says about the page. */
export type PageView = {
  title: string;
  description: string;
  url: string;
  canonical: string;
  kind: 'website' | 'article' | 'profile';
  image: ImageView | null;
  /** Added by plugins through the filter `page.head`. */
  head: HeadTagView[];
  /** Structured data as JSON fit for the inside of a script element, or null. */
  jsonLd: SafeHtml | null;
  /** For example `noindex`; null when everything is allowed. */
  robots: string | null;
  publishedAt: string | null;
  modifiedAt: string | null;
  authorName: string | null;
};

/** An element of the head: `link` or `meta`. */
export type HeadTagView = { tag: 'link' | 'meta'; attributes: { name: string; value: string }[] };

/** Who is looking: null for everybody who is not signed in. */
export type ViewerView = {
  name: string;
  url: string;
  /** Proves that a form was sent from our own page. */
  csrf: string;
  mayWrite: boolean;
  mayModerate: boolean;
};

/** Markup that plugins put into fixed places of a page. */
export type SlotsView = {
  'post.end': SafeHtml[];
  'author.header': SafeHtml[];
  'comments.before_form': SafeHtml[];
};

/** The face of somebody: a picture, or the first letter of the name on one of eight grounds. */
export type AvatarView = { url: string | null; initial: string; ground: number };

/** Somebody who is named on a page. `handle` and `host` are the two halves of `@name@host`. */
export type PersonView = {
  name: string;
  /** The name with its pictures. */
  nameHtml: SafeHtml;
  url: string | null;
  handle: string | null;
  host: string | null;
  avatar: AvatarView;
};

/** An address under which an author can be reached, cut before its host so that a view can mute that. */
export type AddressView = { label: string; value: string; url: string; name: string; host: string };

/** A post in a list. `html` is set when the list shows it whole, otherwise `excerpt` is. */
export type EntryView = {
  id: string;
  url: string;
  title: string | null;
  /** What to call it where a title is needed: the title, or the beginning of the text. */
  label: string;
  html: SafeHtml | null;
  excerpt: string;
  image: ImageView | null;
  author: LinkView | null;
  published: TimeView | null;
  minutes: number;
  comments: number;
  language: string;
  direction: Direction;
};

/** Where a list is split over several addresses. */
export type PaginationView = {
  number: number;
  total: number;
  newer: string | null;
  older: string | null;
};

/** A heading of a long post. */
export type HeadingView = { id: string; text: string; depth: number };

/** The author as the end of a post shows them. */
export type AuthorCardView = PersonView & { bio: SafeHtml | null; addresses: AddressView[] };

/** A post or a page in full. */
export type PostView = {
  id: string;
  url: string;
  title: string | null;
  label: string;
  /** Only what the writer typed as a summary; null otherwise. */
  standfirst: string | null;
  html: SafeHtml;
  image: ImageView | null;
  author: AuthorCardView;
  published: TimeView | null;
  /** Set when the text changed at least a day after it came out. */
  updated: TimeView | null;
  minutes: number;
  tags: LinkView[];
  categories: LinkView[];
  headings: HeadingView[];
  /** Whether the text is long enough, and of a script, to begin with a large initial. */
  hasInitial: boolean;
  language: string;
  direction: Direction;
  /** The editor's address, for those who may. */
  editUrl: string | null;
  previous: LinkView | null;
  next: LinkView | null;
};

/** An emoji that readers elsewhere gave: a picture, where it is none of Unicode's and there is one, and how often. */
export type EmojiCountView = { text: string; pictureUrl: string | null; count: number };

/** Likes, boosts or quotes: how many, the faces that are shown, and the names behind them. */
export type ReactionsView = {
  kind: 'like' | 'boost' | 'quote';
  count: number;
  /** Of likes that came with an emoji: which, the most frequent first. */
  emojis: EmojiCountView[];
  faces: AvatarView[];
  people: PersonView[];
  more: number;
};

/** A poll as its own server counted it; `percent` of those who answered. Null where a number is not known. */
export type PollView = {
  options: { name: string; votes: number | null; percent: number | null }[];
  voters: number | null;
  ends: TimeView | null;
  isOver: boolean;
  counted: TimeView;
};

/** A comment and its answers, at most three deep; what lies deeper follows flat and says whom it answers. */
export type CommentView = {
  id: string;
  /** The fragment: `comment-…`. */
  anchor: string;
  author: PersonView;
  byPostAuthor: boolean;
  /** What its author warns of; the text stays folded behind it. */
  warning: SafeHtml | null;
  html: SafeHtml;
  poll: PollView | null;
  published: TimeView;
  edited: boolean;
  inAnswerTo: { name: string; anchor: string } | null;
  /** Whether it answers a comment that is not shown. */
  answersHidden: boolean;
  /** How often it was liked and boosted elsewhere; null for never. */
  given: { likes: number; boosts: number } | null;
  /** Where it came from, when that is not our own form. */
  origin: { label: string; url: string | null } | null;
  answerUrl: string | null;
  language: string | null;
  direction: Direction | null;
  depth: number;
  replies: CommentView[];
};

/** The conversation below a post. */
export type ConversationView = {
  count: number;
  threads: CommentView[];
  reactions: ReactionsView[];
  open: boolean;
  form: CommentFormView | null;
  /** Set after a comment was sent that waits for approval. */
  notice: 'held' | null;
};

/** The form for a comment, with what was typed and what is wrong with it. */
export type CommentFormView = {
  action: string;
  /** Proof that the page came from us, for readers; null for those who are signed in. */
  token: string | null;
  csrf: string | null;
  asUser: string | null;
  parentId: string | null;
  answering: { name: string; anchor: string } | null;
  cancelUrl: string;
  values: CommentFormValues;
  errors: FieldErrorView[];
  fieldErrors: { name: string | null; email: string | null; url: string | null; text: string | null };
};

/** What a reader typed. */
export type CommentFormValues = { name: string; email: string; url: string; text: string };

/** A mistake in a form: `field` is the input's name, null when it concerns the whole. */
export type FieldErrorView = { field: string | null; message: string };

/** Somebody's own page. */
export type ProfileView = PersonView & {
  username: string;
  bio: SafeHtml | null;
  addresses: AddressView[];
  header: ImageView | null;
  links: LinkView[];
  count: number;
};

/** A tag or a category. */
export type TermView = { kind: 'tag' | 'category'; name: string; url: string; count: number };

/** Text cut where a search's words stand in it, so that a view can mark them without making markup. */
export type FragmentView = { text: string; hit: boolean };

/** Something that a search found. */
export type ResultView = {
  url: string;
  title: FragmentView[];
  excerpt: FragmentView[];
  published: TimeView | null;
};

/** What went wrong, for people. */
export type ErrorView = { status: number; title: string; message: string };
