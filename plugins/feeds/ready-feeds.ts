import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { FeedsContext } from './context.ts';
import { type Feed, type FeedFormat, feedFormats } from './feed.ts';
import { loadFeed } from './load-feed.ts';
import { type FeedSubject, feedUrl } from './subjects.ts';

/** A feed's document with what its header says of it. */
export type ReadyFeed = {
  body: Buffer;
  contentType: string;
  etag: string;
  /** An HTTP date, or null for a feed without entries. */
  lastModified: string | null;
  link: string;
};

type Kept = { version: number; making: Promise<ReadyFeed> };

const maxFeeds = 100;
const maxAgeMs = 60_000;
/** For each running blog; nothing but what can be made again. */
const kept = new WeakMap<FeedsContext, LRUCache<string, Kept>>();

/** A subject's feed, made once for all who ask while nothing that could be in it changes. */
export async function readyFeed(
  context: FeedsContext,
  subject: FeedSubject,
  format: FeedFormat,
): Promise<ReadyFeed> {
  const feeds = kept.get(context) ?? new LRUCache<string, Kept>({ max: maxFeeds, ttl: maxAgeMs });
  kept.set(context, feeds);
  const key = feedUrl(context, subject, format);
  const version = context.pagesVersion();
  const known = feeds.get(key);
  if (known?.version === version) return known.making;
  const making = makeFeed(context, subject, format);
  feeds.set(key, { version, making });
  try {
    return await making;
  } catch (error) {
    feeds.delete(key);
    throw error;
  }
}

async function makeFeed(context: FeedsContext, subject: FeedSubject, format: FeedFormat): Promise<ReadyFeed> {
  const feed = await loadFeed(context, subject, format);
  const body = Buffer.from(await write(feed, format));
  return {
    body,
    contentType: `${feedFormats[format].type}; charset=utf-8`,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    lastModified: feed.updatedAt?.toUTCString() ?? null,
    link: linkHeader(feed),
  };
}

/** Writes a feed. The writers are loaded when the first reader comes: starting needs none of them. */
async function write(feed: Feed, format: FeedFormat): Promise<string> {
  if (format === 'rss') return (await import('./write-rss.ts')).writeRss(feed);
  if (format === 'atom') return (await import('./write-atom.ts')).writeAtom(feed);
  return (await import('./write-json.ts')).writeJson(feed);
}

/** Says where the feed lives and which hub tells of its changes. Source: WebSub, section 4 */
function linkHeader({ feedUrl, hub }: Feed): string {
  const links = [`<${feedUrl}>; rel="self"`, ...(hub ? [`<${new URL(hub).href}>; rel="hub"`] : [])];
  return links.join(', ');
}
