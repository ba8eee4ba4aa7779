/** The three forms of a feed, by what follows `/feed` in their addresses. */
export const feedFormats = {
  rss: { suffix: '', type: 'application/rss+xml', label: 'RSS' },
  atom: { suffix: '/atom', type: 'application/atom+xml', label: 'Atom' },
  json: { suffix: '/json', type: 'application/feed+json', label: 'JSON Feed' },
} as const;

export type FeedFormat = keyof typeof feedFormats;

/** Their names, in the order in which readers are offered them. */
export const feedFormatNames = ['rss', 'atom', 'json'] as const satisfies readonly FeedFormat[];

/** Whoever wrote an entry, as everybody may see them. */
export type FeedAuthor = { name: string; url: string; avatarUrl: string | null };

/** The lead image of an entry. `size` in bytes, `width` and `height` in pixels. */
export type FeedImage = {
  url: string;
  mimeType: string;
  size: number;
  width: number | null;
  height: number | null;
  alt: string;
};

/** A post in a feed. Every text is free of what XML cannot hold. */
export type FeedEntry = {
  /** Stays the same whatever becomes of the title, the address and the site. */
  id: string;
  url: string;
  /** Empty where the writer gave none. */
  title: string;
  summary: string;
  /** The whole text, with absolute addresses. */
  html: string;
  author: FeedAuthor | null;
  categories: string[];
  image: FeedImage | null;
  /** BCP 47. */
  language: string;
  publishedAt: Date;
  updatedAt: Date;
};

/** A feed before it is written in one of its forms. */
export type Feed = {
  title: string;
  description: string;
  language: string;
  /** The page that the feed follows. */
  pageUrl: string;
  /** The feed's own address, in the form that was asked for. */
  feedUrl: string;
  /** The WebSub hub, or null. */
  hub: string | null;
  generator: { name: string; version: string };
  /** When the newest change was made; null for a feed without entries. */
  updatedAt: Date | null;
  entries: FeedEntry[];
};
