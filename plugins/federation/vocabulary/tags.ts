import { idOf } from './ids.ts';
import { MAX_EMOJIS, MAX_MENTIONS } from './limits.ts';
import { imageAddress, linkAddress, linksOf, mediaTypeOf } from './links.ts';
import { plainLine } from './plain-text.ts';
import { entries, firstNode } from './shapes.ts';
import { asNode, type NodeObject, typeOf } from './terms.ts';

/** Somebody mentioned. `href` is mostly the actor's id, at times the profile's address; `name` may lack its `@`. */
export type ForeignMention = { href: string; name: string | null };

/** `name` in the author's letter case, without `#`; `href` is the tag's page where there is one. */
export type ForeignHashtag = { name: string; href: string | null };

/** A custom emoji; `name` as it stands between the colons. */
export type ForeignEmoji = { name: string; iconUrl: string };

export type ForeignTags = {
  mentions: ForeignMention[];
  hashtags: ForeignHashtag[];
  emojis: ForeignEmoji[];
  /** Ids of objects that the text links to (FEP-e232), where they are said to be ActivityStreams. */
  objectLinks: string[];
  /** The first of them that is said to be quoted. */
  quoted: string | null;
};

const tagTypes: ReadonlySet<string> = new Set(['Mention', 'Hashtag', 'Emoji', 'Link']);

/**
 * What stands in `tag`, each kind up to its limit: a list, one tag (GoToSocial, Ghost, Pixelfed), or Pixelfed's
 * object with numeric names; mentions without a name (Smithereen), hashtags without `#` or with a type of two
 * (`["Object", "Hashtag"]`). Strings (kbin) and kinds that are not known are left out.
 */
export function tagsOf(node: NodeObject): ForeignTags {
  const mentions = new Map<string, ForeignMention>();
  const hashtags = new Map<string, ForeignHashtag>();
  const emojis = new Map<string, ForeignEmoji>();
  const objectLinks = new Set<string>();
  const quoted: string[] = [];

  for (const entry of entries(node.tag)) {
    const tag = asNode(entry);
    if (!tag) continue;
    const type = typeOf(tag, tagTypes);
    if (type === 'Mention') addMention(mentions, tag);
    else if (type === 'Hashtag') addHashtag(hashtags, tag);
    else if (type === 'Emoji') addEmoji(emojis, tag.name, tag.icon);
    else if (type === 'Link') addObjectLink(objectLinks, quoted, tag);
  }
  addPleromaEmojis(emojis, node.emoji);

  return {
    mentions: [...mentions.values()],
    hashtags: [...hashtags.values()],
    emojis: [...emojis.values()],
    objectLinks: [...objectLinks],
    quoted: quoted[0] ?? null,
  };
}

function addMention(mentions: Map<string, ForeignMention>, tag: NodeObject): void {
  const href = idOf(tag.href) ?? linkAddress(tag.url);
  if (href === null || mentions.size >= MAX_MENTIONS || mentions.has(href)) return;
  mentions.set(href, { href, name: plainLine(tag.name) });
}

/** Gancio's `href` is relative and therefore null here. */
function addHashtag(hashtags: Map<string, ForeignHashtag>, tag: NodeObject): void {
  const name = plainLine(tag.name)
    ?.replace(/^[#＃]+/, '')
    .trim();
  if (!name) return;
  const key = name.toLowerCase();
  if (!hashtags.has(key)) hashtags.set(key, { name, href: linkAddress(tag.href) });
}

function addEmoji(emojis: Map<string, ForeignEmoji>, name: unknown, icon: unknown): void {
  const shortcode = plainLine(name)?.replace(/^:|:$/g, '');
  if (!shortcode || emojis.size >= MAX_EMOJIS || emojis.has(shortcode)) return;
  const iconUrl = imageAddress(icon);
  if (iconUrl !== null) emojis.set(shortcode, { name: shortcode, iconUrl });
}

/** Pleroma's objects carry a map of emoji names to addresses, older ones nothing else. */
function addPleromaEmojis(emojis: Map<string, ForeignEmoji>, map: unknown): void {
  const named = firstNode(map);
  if (!named) return;
  for (const [name, icon] of Object.entries(named).slice(0, MAX_EMOJIS)) addEmoji(emojis, name, icon);
}

const QUOTE_REL = 'https://misskey-hub.net/ns#_misskey_quote';

/**
 * A link to an object is a quote when it says so; without a word about what it is, it is one as well (Threads, Bridgy
 * Fed). Source: FEP-e232 (object links), section "Quotes".
 */
function addObjectLink(objectLinks: Set<string>, quoted: string[], tag: NodeObject): void {
  const rel = linksOf(tag)[0]?.rel ?? [];
  const isQuote = rel.includes(QUOTE_REL);
  const mediaType = mediaTypeOf(tag.mediaType);
  const isObject = mediaType === 'application/ld+json' || mediaType === 'application/activity+json';
  const href = idOf(tag.href);
  if (href === null || !(isQuote || isObject)) return;
  objectLinks.add(href);
  if (isQuote) quoted.unshift(href);
  else if (rel.length === 0) quoted.push(href);
}
