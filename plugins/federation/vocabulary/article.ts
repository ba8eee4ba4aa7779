import type { Post, PublicUser, RenderedPost } from 'outpost/plugin';
import { actorIdOf, collectionOf, postCollectionOf, postIdOf } from '../addresses.ts';
import { PUBLIC } from './audience.ts';
import { contentOf, type OutgoingMention } from './content-out.ts';
import { type Json, objectContext } from './context-out.ts';
import { beginningOf, escapeMarkup, oneLine } from './escape.ts';
import { pictureOf } from './person.ts';

/** What a post's object is made from. */
export type ArticleInput = {
  origin: string;
  post: Post;
  rendered: RenderedPost;
  author: Pick<PublicUser, 'id'>;
  /** The post's page. */
  url: string;
  /** The page of a tag. */
  tagUrl(slug: string): string;
  mentions: readonly OutgoingMention[];
  /** Public answers, likes and boosts. */
  counts: { replies: number; likes: number; shares: number };
  /** Whether the summary is sent: Mastodon shows little else, Misskey folds the text behind it. */
  sendSummary: boolean;
};

/** Misskey takes no more in all; some of it is for the activity around the object. */
const MAX_BYTES = 64 * 1024 - 3 * 1024;
const MAX_NAME_LENGTH = 200;
/** Misskey loses a post whose warning is longer than 512. */
const MAX_SUMMARY_LENGTH = 500;
const MAX_ATTACHMENTS = 16;

/**
 * A post as an Article, in the one shape that works nearly everywhere. Where it would be too large for some, it goes
 * without its source; where that does not help, its beginning goes with a link to the rest.
 * Source: ActivityStreams 2.0 Vocabulary, section 3.3; FEP-b2b8 (preview); ActivityPub, section 3.3 (source)
 */
export function articleOf(input: ArticleInput): Json {
  const whole = build(input, { withSource: true, teaser: false });
  if (bytesOf(whole) <= MAX_BYTES) return whole;
  const withoutSource = build(input, { withSource: false, teaser: false });
  if (bytesOf(withoutSource) <= MAX_BYTES) return withoutSource;
  return build(input, { withSource: false, teaser: true });
}

function build(input: ArticleInput, { withSource, teaser }: { withSource: boolean; teaser: boolean }): Json {
  const { origin, post, rendered, url, mentions } = input;
  const { language } = rendered;
  const id = postIdOf(origin, post);
  const actor = actorIdOf(origin, input.author.id);
  const published = post.publishedAt ?? post.createdAt;
  const excerpt = beginningOf(oneLine(rendered.excerpt), MAX_SUMMARY_LENGTH);
  const name = beginningOf(oneLine(post.title) || beginningOf(excerpt, 80), MAX_NAME_LENGTH);
  const content = teaser ? teaserOf(excerpt, url) : contentOf(String(rendered.html), mentions);
  const summary = input.sendSummary && excerpt !== '' ? excerpt : null;
  const images = rendered.images.slice(0, MAX_ATTACHMENTS).map(pictureOf);
  const discussion = postCollectionOf(id, 'context');
  return {
    '@context': objectContext,
    id,
    type: 'Article',
    attributedTo: actor,
    ...(name && { name, nameMap: { [language]: name } }),
    ...(summary && { summary, summaryMap: { [language]: summary } }),
    content,
    contentMap: { [language]: content },
    mediaType: 'text/html',
    ...(withSource && { source: { content: sourceOf(post, origin), mediaType: 'text/markdown' } }),
    url,
    published,
    updated: [published, post.updatedAt].sort()[1],
    to: [PUBLIC],
    cc: [collectionOf(actor, 'followers'), ...mentions.map((mention) => mention.id)],
    ...(images[0] && { image: images[0], attachment: images }),
    tag: [...hashtagsOf(input), ...mentions.map(mentionTag)],
    replies: counted(id, 'replies', input.counts.replies),
    likes: counted(id, 'likes', input.counts.likes),
    shares: counted(id, 'shares', input.counts.shares),
    context: discussion,
    conversation: discussion,
    interactionPolicy: policyOf(post.commentsOpen ? PUBLIC : actor),
    preview: {
      type: 'Note',
      attributedTo: actor,
      content: `${name && `<p><strong>${escapeMarkup(name)}</strong></p>`}${teaserOf(excerpt, url)}`,
      published,
    },
  };
}

/** Somebody mentioned, in a list of tags. */
export function mentionTag({ id, handle }: OutgoingMention): Json {
  return { type: 'Mention', href: id, name: handle };
}

/** What others may do without asking. @param repliesFrom who may answer: everybody, or the author alone */
export function policyOf(repliesFrom: string): Json {
  const always = (who: string) => ({ automaticApproval: [who] });
  return {
    canQuote: always(PUBLIC),
    canReply: always(repliesFrom),
    canLike: always(PUBLIC),
    canAnnounce: always(PUBLIC),
  };
}

function counted(id: string, collection: 'replies' | 'likes' | 'shares', totalItems: number): Json {
  const address = postCollectionOf(id, collection);
  const isPaged = collection === 'replies';
  return {
    id: address,
    type: 'Collection',
    totalItems,
    ...(isPaged && { first: `${address}?page=1` }),
  };
}

/** Hashtags end at the first character that is no letter, digit or underscore, so words are joined. */
function hashtagsOf({ post, tagUrl }: ArticleInput): Json[] {
  const tags = new Map<string, Json>();
  for (const { name, slug } of post.tags) {
    const words = name.split(/[^\p{L}\p{N}\p{M}_]+/u).filter(Boolean);
    const joined =
      words.length > 1
        ? words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
        : (words[0] ?? '');
    if (joined !== '')
      tags.set(joined.toLowerCase(), { type: 'Hashtag', name: `#${joined}`, href: tagUrl(slug) });
  }
  return [...tags.values()];
}

/** The Markdown without what readers of the page do not see. */
function sourceOf({ bodyMarkdown }: Post, origin: string): string {
  return bodyMarkdown.replace(/<!--[\s\S]*?(?:-->|$)/g, '').replace(/(\]\(\s*<?)\/(?=[^/])/g, `$1${origin}/`);
}

function teaserOf(excerpt: string, url: string): string {
  const link = `<p><a href="${escapeMarkup(url)}">${escapeMarkup(url)}</a></p>`;
  return excerpt === '' ? link : `<p>${escapeMarkup(excerpt)}</p>${link}`;
}

function bytesOf(document: Json): number {
  return Buffer.byteLength(JSON.stringify(document));
}
