import { generateJsonFeed } from 'feedsmith';
import type { Feed, FeedEntry } from './feed.ts';

/**
 * A feed as JSON Feed 1.1. An entry without a title has none here, as the format wishes for short posts.
 * Source: https://www.jsonfeed.org/version/1.1/
 */
export function writeJson(feed: Feed): string {
  const document = generateJsonFeed({
    title: feed.title,
    description: feed.description,
    home_page_url: feed.pageUrl,
    feed_url: feed.feedUrl,
    language: feed.language,
    hubs: feed.hub ? [{ type: 'WebSub', url: feed.hub }] : undefined,
    items: feed.entries.map((entry) => writeItem(entry)),
  });
  // feedsmith leaves empty lists out; this one has to be there.
  return JSON.stringify(Object.assign({}, document, feed.entries.length === 0 && { items: [] }));
}

function writeItem({ author, image, ...entry }: FeedEntry) {
  return {
    id: entry.id,
    url: entry.url,
    title: entry.title || undefined,
    content_html: entry.html,
    summary: entry.summary || undefined,
    date_published: entry.publishedAt,
    date_modified: entry.updatedAt,
    authors: author
      ? [{ name: author.name, url: author.url, avatar: author.avatarUrl ?? undefined }]
      : undefined,
    tags: entry.categories.length > 0 ? entry.categories : undefined,
    language: entry.language,
    image: image?.url,
    attachments: image
      ? [
          {
            url: image.url,
            mime_type: image.mimeType,
            size_in_bytes: image.size,
            title: image.alt || undefined,
          },
        ]
      : undefined,
  };
}
