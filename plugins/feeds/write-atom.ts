import { generateAtomFeed } from 'feedsmith';
import { excerptOf } from 'outpost/plugin';
import type { Feed, FeedEntry } from './feed.ts';
import { closeUpQuotes } from './xml-text.ts';

/** When a feed without entries last changed; Atom asks for a moment, and it must not move by itself. */
const never = new Date(0);

/**
 * A feed as Atom 1.0.
 * Source: RFC 4287; WebSub, section 4
 */
export function writeAtom(feed: Feed): string {
  const xml = generateAtomFeed({
    id: feed.feedUrl,
    title: { value: feed.title },
    subtitle: { value: feed.description },
    updated: feed.updatedAt ?? never,
    generator: { text: feed.generator.name, version: feed.generator.version },
    links: [
      { href: feed.pageUrl, rel: 'alternate', type: 'text/html' },
      { href: feed.feedUrl, rel: 'self', type: 'application/atom+xml' },
      ...(feed.hub ? [{ href: feed.hub, rel: 'hub' }] : []),
    ],
    xml: { lang: feed.language },
    entries: feed.entries.map((entry) => writeEntry(entry)),
  });
  return closeUpQuotes(xml);
}

/** Atom knows no entry without a title: the text's beginning stands for it, else its day. */
function titleOf(entry: FeedEntry): string {
  return entry.title || excerptOf(entry.summary, 60) || entry.publishedAt.toISOString().slice(0, 10);
}

function writeEntry(entry: FeedEntry) {
  const { author, image } = entry;
  return {
    id: entry.id,
    title: { value: titleOf(entry) },
    published: entry.publishedAt,
    updated: entry.updatedAt,
    authors: author ? [{ name: author.name, uri: author.url }] : [],
    categories: entry.categories.map((term) => ({ term })),
    links: [
      { href: entry.url, rel: 'alternate', type: 'text/html' },
      ...(image
        ? [
            {
              href: image.url,
              rel: 'enclosure',
              type: image.mimeType,
              length: image.size,
              title: image.alt || undefined,
            },
          ]
        : []),
    ],
    summary: entry.summary ? { value: entry.summary } : undefined,
    content: entry.html ? { value: entry.html, type: 'html' } : undefined,
    xml: { lang: entry.language },
  };
}
