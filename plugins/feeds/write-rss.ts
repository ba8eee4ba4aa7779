import { generateRssFeed } from 'feedsmith';
import type { Feed, FeedEntry } from './feed.ts';
import { closeUpQuotes } from './xml-text.ts';

/**
 * A feed as RSS 2.0, with the whole text in `content:encoded`, the author's name in `dc:creator` (RSS's own
 * `author` would ask for an e-mail address) and the lead image as enclosure and in Media RSS.
 * Source: RSS 2.0, https://www.rssboard.org/rss-specification; WebSub, section 4
 */
export function writeRss(feed: Feed): string {
  const xml = generateRssFeed({
    title: feed.title,
    link: feed.pageUrl,
    description: feed.description,
    language: feed.language,
    generator: `${feed.generator.name} ${feed.generator.version}`,
    lastBuildDate: feed.updatedAt ?? undefined,
    atom: {
      links: [
        { href: feed.feedUrl, rel: 'self', type: 'application/rss+xml' },
        ...(feed.hub ? [{ href: feed.hub, rel: 'hub' }] : []),
      ],
    },
    items: feed.entries.map((entry) => writeItem(entry)),
  });
  return closeUpQuotes(xml);
}

function writeItem({ image, ...entry }: FeedEntry) {
  return {
    // Left out rather than empty where there is none; the description then stands for it.
    title: entry.title || undefined,
    link: entry.url,
    guid: { value: entry.id, isPermaLink: false },
    description: entry.summary || undefined,
    pubDate: entry.publishedAt,
    atom: { updated: entry.updatedAt },
    categories: entry.categories.map((name) => ({ name })),
    dc: { creators: entry.author ? [entry.author.name] : [], languages: [entry.language] },
    content: { encoded: entry.html || undefined },
    ...(image && {
      enclosures: [{ url: image.url, length: image.size, type: image.mimeType }],
      media: {
        contents: [
          {
            url: image.url,
            fileSize: image.size,
            type: image.mimeType,
            medium: 'image',
            width: image.width ?? undefined,
            height: image.height ?? undefined,
            description: image.alt ? { value: image.alt, type: 'plain' } : undefined,
          },
        ],
      },
    }),
  };
}
