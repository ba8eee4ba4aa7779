import { textOf } from 'outpost/plugin';
import { attachmentsOf, type ForeignAttachment } from './attachments.ts';
import { recipients, type Visibility, visibilityOf } from './audience.ts';
import { idOf, isId, sameOrigin } from './ids.ts';
import { languageTag, languageText } from './languages.ts';
import { MAX_ID_BYTES } from './limits.ts';
import { mediaTypeOf, pageAddress, widestImage } from './links.ts';
import { type ForeignListing, listingOf } from './listing.ts';
import { duration, type ForeignMediaSource, mediaSourcesOf } from './media.ts';
import { plainLine, plainText } from './plain-text.ts';
import { AUTHORIZATION_TYPES, type ForeignPolicy, policyOf } from './policy.ts';
import { type ForeignPoll, pollOf } from './poll.ts';
import { malformed, type Refused } from './refusal.ts';
import { entries, first, flag, text } from './shapes.ts';
import {
  type ForeignEmoji,
  type ForeignHashtag,
  type ForeignMention,
  type ForeignTags,
  tagsOf,
} from './tags.ts';
import { asNode, documentNode, type NodeObject, typeOf, typesOf } from './terms.ts';
import { time } from './times.ts';

/** Something published elsewhere: a Note, Article, Page, Question, Tombstone… Nothing in it is to be trusted. */
export type ForeignObject = {
  /** Null only where an object was embedded without one. */
  id: string | null;
  type: string;
  /** People before groups; see {@link authorOf}. */
  attributedTo: string[];
  inReplyTo: string | null;
  /** The page to show people; not an id. */
  url: string | null;
  /** One line of plain text. */
  name: string | null;
  /** As it was sent: to be converted from its `contentType` and then sanitised. */
  content: string | null;
  contentType: 'html' | 'text' | 'markdown';
  /** BCP 47. */
  language: string | null;
  /** As it was sent, HTML or text: a content warning on a Note, a teaser on an Article. */
  summary: string | null;
  sensitive: boolean;
  published: Date | null;
  updated: Date | null;
  /** With neither `to`, `cc` nor `audience` the object says nothing about who may see it (Updates of Questions). */
  to: string[];
  cc: string[];
  audience: string[];
  visibility: Visibility;
  mentions: ForeignMention[];
  hashtags: ForeignHashtag[];
  emojis: ForeignEmoji[];
  attachments: ForeignAttachment[];
  /** A vote in a poll, and no comment. */
  isVote: boolean;
  /** A message of a private chat, and no comment, whoever it is addressed to. */
  isChatMessage: boolean;
  quoteOf: string | null;
  /** The quoted author's word that it may be quoted here (FEP-044f), to be fetched and checked. */
  quoteAuthorization: string | null;
  /** The answered author's word that the reply may stand (GoToSocial), to be fetched and checked. */
  replyAuthorization: string | null;
  /** Who may reply, like, boost and quote by the author's word; null where nothing is said. */
  interactionPolicy: ForeignPolicy | null;
  /** The warning to show before anything else, plain text: a Note's summary, any summary of what is sensitive. */
  contentWarning: string | null;
  poll: ForeignPoll | null;
  /** A thumbnail (PeerTube, Funkwhale): the widest of several. */
  iconUrl: string | null;
  /** A lead picture (Ghost, WordPress, NodeBB): the widest of several. */
  imageUrl: string | null;
  /** Files and streams of a Video or Audio. */
  media: ForeignMediaSource[];
  durationSeconds: number | null;
  replies: ForeignListing | null;
  likes: ForeignListing | null;
  shares: ForeignListing | null;
  /** The id of the conversation; often no web address (`tag:…`). */
  context: string | null;
};

/** Objects by type. `Question` is an activity by the letter and a post everywhere. */
export const OBJECT_TYPES: ReadonlySet<string> = new Set([
  'Note',
  'Article',
  'Page',
  'Question',
  'Event',
  'Image',
  'Video',
  'Audio',
  'Document',
  'ChatMessage',
  'EncryptedMessage',
  'Place',
  'Profile',
  'Relationship',
  'Tombstone',
  'Collection',
  'OrderedCollection',
  'CollectionPage',
  'OrderedCollectionPage',
  'Hashtag',
  'Emoji',
  'Review',
  'PodcastEpisode',
  ...AUTHORIZATION_TYPES,
]);

/** Reads a fetched object document. It must be one object that has an id. */
export function readObject(json: unknown): { kind: 'object'; object: ForeignObject } | Refused {
  const node = documentNode(json);
  if (!node) return malformed('The document is not a JSON object.');
  if (!isId(node.id)) return malformed('The object has no usable id.');
  if (typesOf(node).length === 0) return malformed('The object has no type.');
  return { kind: 'object', object: objectFrom(node) };
}

/** Who may see an activity, for the object in it that does not say so itself. */
type Addressing = { to: string[]; cc: string[]; audience: string[] };

/**
 * Reads the members of an object.
 * @param around the addressing of the activity that the object came in: it counts where the object has none of its
 *   own, as in Mastodon
 */
export function objectFrom(node: NodeObject, around?: Addressing): ForeignObject {
  const type = typeOf(node, OBJECT_TYPES);
  const tags = tagsOf(node);
  const body = contentOf(node);
  const title = languageText(node.name, node.nameMap);
  const summary = languageText(node.summary, node.summaryMap);
  const name = plainLine(title.text, MAX_TITLE_LENGTH);
  const inReplyTo = idOf(node.inReplyTo);
  const isChatMessage = type === 'ChatMessage' || type === 'EncryptedMessage';
  const sensitive = isSensitive(node, type, summary.text);
  const addressing = addressingOf(node, around);

  return {
    id: isId(node.id) ? node.id : null,
    type,
    attributedTo: authorsOf(node),
    inReplyTo,
    url: pageAddress(node.url),
    name,
    content: body.text,
    contentType: body.contentType,
    language: body.language ?? summary.language ?? title.language ?? lemmyLanguage(node.language),
    summary: summary.text,
    sensitive,
    published: time(node.published),
    updated: time(node.updated),
    ...addressing,
    visibility:
      isChatMessage || flag(node.directMessage)
        ? 'direct'
        : visibilityOf(addressing.to, [...addressing.cc, ...addressing.audience]),
    mentions: tags.mentions,
    hashtags: tags.hashtags,
    emojis: tags.emojis,
    attachments: attachmentsOf(node),
    isVote: type === 'Note' && name !== null && body.text === null && inReplyTo !== null,
    isChatMessage,
    quoteOf: quoteOf(node, tags),
    quoteAuthorization: idOf(node.quoteAuthorization),
    replyAuthorization: idOf(node.replyAuthorization) ?? idOf(node.approvedBy),
    interactionPolicy: policyOf(node),
    contentWarning: sensitive || warned.has(type) ? warningOf(summary.text) : null,
    poll: pollOf(node),
    iconUrl: widestImage(node.icon),
    imageUrl: widestImage(node.image),
    media: mediaSourcesOf(node),
    durationSeconds: duration(node.duration),
    replies: listingOf(node.replies),
    likes: listingOf(node.likes),
    shares: listingOf(node.shares),
    context: contextOf(node),
  };
}

/** Types whose summary is a content warning and not a teaser. */
const warned: ReadonlySet<string> = new Set(['Note', 'Question']);

/** Longest content warning that is kept, in code points. */
const MAX_WARNING_LENGTH = 1_000;

/** Some write markup into it (Friendica). */
function warningOf(summary: string | null): string | null {
  return summary === null
    ? null
    : plainText(textOf(summary.slice(0, MAX_WARNING_LENGTH * 8)), MAX_WARNING_LENGTH);
}

/** Longest title that is kept, in code points. */
const MAX_TITLE_LENGTH = 500;

function addressingOf(node: NodeObject, around: Addressing | undefined): Addressing {
  const own = { to: recipients(node.to), cc: recipients(node.cc), audience: recipients(node.audience) };
  const isSilent = entries(node.to, 1).length + entries(node.cc, 1).length === 0;
  return isSilent && around ? { to: around.to, cc: around.cc, audience: around.audience } : own;
}

/**
 * Ids of the authors, people first: PeerTube and NodeBB name a Person and a Group in one list, in either order.
 * Pleroma's older objects say `actor`.
 */
function authorsOf(node: NodeObject): string[] {
  const people: string[] = [];
  const groups: string[] = [];
  for (const entry of entries(node.attributedTo ?? node.actor)) {
    const id = idOf(entry);
    if (id === null) continue;
    const author = asNode(entry);
    if (author && typesOf(author).includes('Group')) groups.push(id);
    else people.push(id);
  }
  return [...new Set([...people, ...groups])];
}

/**
 * The author of an object on the origin of an actor or key: the actor itself when it is named, else the first one
 * there; null when nobody of that origin is named.
 */
export function authorOf(object: ForeignObject, actorId: string): string | null {
  if (object.attributedTo.includes(actorId)) return actorId;
  return object.attributedTo.find((id) => sameOrigin(id, actorId)) ?? null;
}

type Content = { text: string | null; language: string | null; contentType: ForeignObject['contentType'] };

/**
 * `content`, or a text of its map. `source` is what the author typed and never shown; Misskey's own member is plain
 * enough to be, where there is nothing else.
 */
function contentOf(node: NodeObject): Content {
  const written = languageText(node.content, node.contentMap);
  const plain = written.text === null ? text(node._misskey_content) : null;
  if (plain !== null) return { text: plain, language: null, contentType: 'text' };
  return { ...written, contentType: contentTypeOf(node) };
}

/** PeerTube's comments are Markdown and say so; without a word it is HTML. */
function contentTypeOf(node: NodeObject): ForeignObject['contentType'] {
  switch (mediaTypeOf(node.mediaType ?? node.mimeType)) {
    case 'text/plain':
      return 'text';
    case 'text/markdown':
    case 'text/x-markdown':
      return 'markdown';
    default:
      return 'html';
  }
}

/** Lemmy: `{"identifier": "fr", "name": "Français"}`; PeerTube and communities have lists of them. */
function lemmyLanguage(value: unknown): string | null {
  const language = first(value);
  return languageTag(asNode(language)?.identifier ?? language);
}

/** A Note with a content warning is sensitive even where `sensitive` is absent or null; a teaser says nothing. */
function isSensitive(node: NodeObject, type: string, summary: string | null): boolean {
  if (node.sensitive === undefined || node.sensitive === null) return warned.has(type) && summary !== null;
  return flag(node.sensitive);
}

/**
 * The object that this one quotes: `quote` (FEP-044f, Mastodon), `quoteUri` (Fedibird, Akkoma), `quoteUrl` (Misskey,
 * Pleroma), `_misskey_quote`, or an object link (FEP-e232; Threads, Bridgy Fed).
 */
function quoteOf(node: NodeObject, tags: ForeignTags): string | null {
  return (
    idOf(node.quote) ??
    idOf(node.quoteUri) ??
    idOf(node.quoteUrl) ??
    idOf(node._misskey_quote) ??
    tags.quoted ??
    null
  );
}

/** `context` (Pleroma, Friendica), `conversation` (Mastodon's `tag:` addresses), `inConversation` (GNU social). */
function contextOf(node: NodeObject): string | null {
  for (const value of [node.context, node.conversation, node.inConversation]) {
    const id = text(value) ?? idOf(value);
    if (id !== null && Buffer.byteLength(id) <= MAX_ID_BYTES) return id;
  }
  return null;
}
