import type { Post, PublicUser } from 'outpost/plugin';
import type { FeedsContext } from './context.ts';
import type { Feed, FeedAuthor, FeedEntry, FeedFormat, FeedImage } from './feed.ts';
import { type FeedSubject, feedTitle, feedUrl, pageUrl } from './subjects.ts';
import { xmlText } from './xml-text.ts';

/** A subject's feed: its newest public posts, as they are now. */
export async function loadFeed(
  context: FeedsContext,
  subject: FeedSubject,
  format: FeedFormat,
): Promise<Feed> {
  const [site, { entries: limit, hub }] = await Promise.all([context.site(), context.settings.get()]);
  const posts = await context.posts.list({ ...narrowTo(subject), limit });
  const authors = await loadAuthors(context, posts);
  const entries = await Promise.all(
    posts.map((post) => loadEntry(context, post, authors.get(post.authorId) ?? null)),
  );
  const description =
    subject.kind === 'author' ? subject.author.bioText : subject.kind === 'site' ? site.tagline : '';
  return {
    title: xmlText(feedTitle(subject, site.title)),
    // RSS asks for one; a reader shows it below the title.
    description: xmlText(description || site.tagline || site.title),
    language: site.language,
    pageUrl: pageUrl(context, subject),
    feedUrl: feedUrl(context, subject, format),
    hub: hub === '' ? null : hub,
    generator: { name: 'Outpost', version: site.version },
    updatedAt: newest(entries),
    entries,
  };
}

function narrowTo(subject: FeedSubject): { authorId?: string; tag?: string; category?: string } {
  if (subject.kind === 'site') return {};
  return subject.kind === 'author' ? { authorId: subject.author.id } : { [subject.kind]: subject.slug };
}

async function loadAuthors(
  { users }: FeedsContext,
  posts: readonly Post[],
): Promise<Map<string, PublicUser>> {
  const ids = [...new Set(posts.map((post) => post.authorId))];
  const found = await Promise.all(ids.map((id) => users.find(id)));
  return new Map(found.filter((user) => user !== null).map((user) => [user.id, user]));
}

async function loadEntry(context: FeedsContext, post: Post, author: PublicUser | null): Promise<FeedEntry> {
  const { html, excerpt, images, language } = await context.posts.render(post);
  const item = await context.filters.apply(
    'feed.item',
    {
      title: post.title,
      html: html.toString(),
      categories: [...post.categories, ...post.tags].map((term) => term.name),
    },
    { postId: post.id },
  );
  const lead = images[0]?.id === post.imageId ? images[0] : undefined;
  return {
    id: `urn:uuid:${post.id}`,
    url: context.urls.post(post),
    title: xmlText(item.title).trim(),
    summary: xmlText(excerpt),
    html: xmlText(item.html),
    author: author && presentAuthor(context, author),
    categories: [...new Set(item.categories.map(xmlText))],
    image: lead ? presentImage(lead) : null,
    language,
    publishedAt: new Date(post.publishedAt ?? post.createdAt),
    updatedAt: new Date(post.updatedAt),
  };
}

function presentAuthor({ urls }: FeedsContext, author: PublicUser): FeedAuthor {
  return { name: xmlText(author.name), url: urls.author(author), avatarUrl: author.avatar?.url ?? null };
}

function presentImage({ url, mimeType, size, width, height, alt }: FeedImage): FeedImage {
  return { url, mimeType, size, width, height, alt: xmlText(alt) };
}

function newest(entries: readonly FeedEntry[]): Date | null {
  const times = entries.map((entry) => Math.max(entry.updatedAt.getTime(), entry.publishedAt.getTime()));
  return times.length === 0 ? null : new Date(Math.max(...times));
}
