import type { Medium, Post, PublicUser, RenderedPost } from 'outpost/plugin';
import { actorIdOf, collectionOf, postCollectionOf } from '../addresses.ts';
import type { Policy } from '../policies/rules.ts';
import { PUBLIC } from './audience.ts';
import { mentionLink, type OutgoingHashtag, type OutgoingMention } from './content-out.ts';
import type { Json } from './context-out.ts';
import { escapeMarkup } from './escape.ts';
import { pictureOf } from './person.ts';
import { interactionPolicyOf } from './policy-out.ts';

/** How a post is put: with title and teaser and all; as its text alone; or in other words, made for there. */
export type Manner = 'article' | 'full-text' | 'own-words';

/** What a post's object is made from. */
export type PostObjectInput = {
  origin: string;
  post: Post;
  rendered: RenderedPost;
  author: Pick<PublicUser, 'id'>;
  /** The post's page. */
  url: string;
  /** The page of a tag. */
  tagUrl(slug: string): string;
  mentions: readonly OutgoingMention[];
  /** Everybody of this site who wrote it, the author first; empty where that is the author alone. */
  writers: readonly OutgoingMention[];
  /** Public answers, likes and boosts. */
  counts: { replies: number; likes: number; shares: number };
  manner: Manner;
  /** The words for `own-words`: plain text with empty lines between paragraphs. */
  words: string;
  /** What readers are warned of before they see the post; empty for nothing. */
  contentWarning: string;
  /** What others may do with it. */
  policy: Policy;
  /** Whether the summary is sent: Mastodon shows little else, Misskey folds the text behind it. */
  sendSummary: boolean;
};

/** Misskey takes 64 KiB in all; some of it is for the activity around the object. */
const MAX_OBJECT_BYTES = 64 * 1024 - 3 * 1024;
const MAX_ATTACHMENTS = 16;

/** How much of a post its object carries. */
export type Extent = { withSource: boolean; teaser: boolean };

const extents: readonly Extent[] = [
  { withSource: true, teaser: false },
  { withSource: false, teaser: false },
  { withSource: false, teaser: true },
];

/** The object with as much as everybody takes: whole, else without its source, else its beginning with a link to the rest. */
export function smallEnough(build: (extent: Extent) => Json): Json {
  let object: Json = {};
  for (const extent of extents) {
    object = build(extent);
    if (Buffer.byteLength(JSON.stringify(object)) <= MAX_OBJECT_BYTES) break;
  }
  return object;
}

/** Where and when a post appeared, and for whom. */
export function publicationOf(input: PostObjectInput): Json {
  const { post, url } = input;
  const published = post.publishedAt ?? post.createdAt;
  const followers = collectionOf(actorIdOf(input.origin, input.author.id), 'followers');
  return {
    url,
    published,
    updated: [published, post.updatedAt].sort()[1],
    to: [PUBLIC],
    cc: [followers, ...named(input).map((mention) => mention.id)],
  };
}

/** Somebody mentioned, in a list of tags. */
export function mentionTag({ id, handle }: OutgoingMention): Json {
  return { type: 'Mention', href: id, name: handle };
}

/** What others may do with the post. */
export function postPolicyOf(input: PostObjectInput): Json {
  const author = actorIdOf(input.origin, input.author.id);
  return interactionPolicyOf(input.policy, {
    author,
    followers: collectionOf(author, 'followers'),
    mentioned: named(input).map(({ id }) => id),
  });
}

/** Where the answers, likes and boosts are found, and how many there are. */
export function countMembersOf(id: string, counts: PostObjectInput['counts']): Json {
  return {
    replies: counted(id, 'replies', counts.replies),
    likes: counted(id, 'likes', counts.likes),
    shares: counted(id, 'shares', counts.shares),
  };
}

/** The discussion that a post begins. Source: FEP-7888 */
export function discussionOf(id: string): Json {
  const discussion = postCollectionOf(id, 'context');
  return { context: discussion, conversation: discussion };
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

/** A post's tags. Hashtags end at the first character that is no letter, digit or underscore, so words are joined. */
export function hashtagsOf({ post, tagUrl }: PostObjectInput): OutgoingHashtag[] {
  const tags = new Map<string, OutgoingHashtag>();
  for (const { name, slug } of post.tags) {
    const words = name.split(/[^\p{L}\p{N}\p{M}_]+/u).filter(Boolean);
    const joined =
      words.length > 1
        ? words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
        : (words[0] ?? '');
    if (joined !== '') tags.set(joined.toLowerCase(), { name: joined, url: tagUrl(slug) });
  }
  return [...tags.values()];
}

/** Hashtags, and everybody who is named. */
export function tagsOf(input: PostObjectInput): Json[] {
  const hashtags = hashtagsOf(input).map(({ name, url }) => ({
    type: 'Hashtag',
    name: `#${name}`,
    href: url,
  }));
  return [...hashtags, ...named(input).map(mentionTag)];
}

/** Those who are mentioned and those who wrote the post too, each once. */
export function named({ mentions, writers }: PostObjectInput): OutgoingMention[] {
  return [...new Map([...mentions, ...writers.slice(1)].map((one) => [one.id, one])).values()];
}

/** The pictures, then what can be heard and watched. Source: ActivityStreams 2.0 Vocabulary, sections 3.3 and 4 */
export function attachmentsOf({ rendered }: PostObjectInput): Json[] {
  return [...rendered.images.map(pictureOf), ...rendered.recordings.map(recordingOf)].slice(
    0,
    MAX_ATTACHMENTS,
  );
}

/** A sound or film, for the players of others. */
function recordingOf(medium: Medium & { url: string }): Json {
  const { mimeType, durationSeconds } = medium;
  const [kind] = mimeType.split('/');
  const type = kind === 'audio' ? 'Audio' : kind === 'video' ? 'Video' : 'Document';
  return {
    ...pictureOf(medium),
    type,
    ...(durationSeconds !== null && { duration: `PT${Math.max(1, Math.round(durationSeconds))}S` }),
  };
}

/** Who wrote the post, below it, where that was more than one. The object itself is attributed to one alone. */
export function bylineOf({ writers }: PostObjectInput): string {
  return writers.length < 2 ? '' : `<p>— ${writers.map(mentionLink).join(', ')}</p>`;
}

/** A post's beginning, and the link to the rest. */
export function teaserOf(excerpt: string, url: string): string {
  const link = `<p>${linkTo(url)}</p>`;
  return excerpt === '' ? link : `<p>${escapeMarkup(excerpt)}</p>${link}`;
}

/** A link that shows its address. */
export function linkTo(url: string): string {
  return `<a href="${escapeMarkup(url)}">${escapeMarkup(url)}</a>`;
}

/** The Markdown without what readers of the page do not see. */
export function sourceOf({ bodyMarkdown }: Post, origin: string): Json {
  const content = bodyMarkdown
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(/(\]\(\s*<?)\/(?=[^/])/g, `$1${origin}/`);
  return { content, mediaType: 'text/markdown' };
}
