import sanitizeHtml from 'sanitize-html';
import { escapeMarkup } from './escape.ts';

/** Somebody elsewhere who is named in a text. `handle` as `@name@host`; `url` is the page to show people. */
export type OutgoingMention = { id: string; handle: string; url: string };

/**
 * What receivers do something with; each leaves out what it does not know, and what is not here would only add to the
 * size. Tables and notes are read by Friendica, Akkoma, Ghost and others.
 */
const TAGS = [
  ...['p', 'br', 'a', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'em', 'strong', 'h2', 'h3', 'h4', 'img'],
  ...['figure', 'figcaption', 'hr', 'del', 'sup', 'sub', 'dl', 'dt', 'dd'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'span'],
];

/** A tag of a post as it is told to others. `name` without the `#`. */
export type OutgoingHashtag = { name: string; url: string };

/** What is known about a text that goes out. */
export type ContentOptions = {
  hashtags?: readonly OutgoingHashtag[];
  /** Addresses of pictures that are attached, and are left out of the text so that nobody sees them twice. */
  attached?: ReadonlySet<string>;
};

/**
 * A post's or comment's finished text for other servers: only the elements they show, and links on the handles of those
 * who are mentioned and on hashtags.
 * @param html sanitised, with absolute addresses
 */
export function contentOf(
  html: string,
  mentions: readonly OutgoingMention[] = [],
  { hashtags = [], attached }: ContentOptions = {},
): string {
  const known: Known = {
    mentions: new Map(mentions.map((mention) => [mention.handle.toLowerCase(), mention])),
    hashtags: new Map(hashtags.map((hashtag) => [hashtag.name.toLowerCase(), hashtag])),
  };
  const isPlain = mentions.length === 0 && hashtags.length === 0;
  let leaveAlone = 0;
  const within = (tag: string) => tag === 'a' || tag === 'code' || tag === 'pre';
  return sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: {
      a: ['href', 'rel', 'class'],
      img: ['src', 'alt', 'width', 'height'],
      ol: ['start'],
      code: ['class'],
      th: ['colspan', 'rowspan'],
      td: ['colspan', 'rowspan'],
      span: ['class', 'lang', 'dir'],
    },
    allowedClasses: {
      a: ['u-url', 'mention', 'hashtag'],
      code: [/^language-[\w+#-]{1,40}$/],
      span: ['h-card'],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    transformTags: {
      h1: 'h2',
      h5: 'h4',
      h6: 'h4',
      b: 'strong',
      i: 'em',
      s: 'del',
      strike: 'del',
      span: sayingSomething,
      audio: playedThere,
      video: playedThere,
    },
    exclusiveFilter: ({ tag, attribs, text, mediaChildren }) => {
      if (tag === 'img') return attached?.has(attribs.src ?? '') ?? false;
      const isEmpty = attached !== undefined && text.trim() === '' && mediaChildren.length === 0;
      return isEmpty && (tag === 'figure' || tag === 'p');
    },
    onOpenTag: (tag) => {
      if (within(tag)) leaveAlone += 1;
    },
    onCloseTag: (tag) => {
      if (within(tag)) leaveAlone -= 1;
    },
    textFilter: (text) => (leaveAlone > 0 || isPlain ? text : withLinks(text, known)),
  }).trim();
}

/** Highlighted code has a span for each word, which is the half of its size; only those that mean something stay. */
function sayingSomething(_tag: string, attribs: Record<string, string>): sanitizeHtml.Tag {
  const isKept = 'lang' in attribs || 'dir' in attribs || attribs.class === 'h-card';
  return { tagName: isKept ? 'span' : 'nothing', attribs };
}

/** Players are not shown elsewhere: what they play is attached, or found by its link. */
function playedThere(_tag: string, attribs: Record<string, string>): sanitizeHtml.Tag {
  const { src } = attribs;
  return src ? { tagName: 'a', attribs: { href: src }, text: src } : { tagName: 'nothing', attribs: {} };
}

/** What a handle looks like in a text. */
export const HANDLE =
  /(?<![\w@./-])@([\w](?:[\w.-]{0,98}[\w])?)@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{1,63}(?::\d{1,5})?)(?![\w@])/gi;

/** A hashtag in a text. An entity such as `&#39;` is none. */
const HASHTAG = /(?<![\p{L}\p{N}\p{M}_&/#])#([\p{L}\p{N}\p{M}_]{1,100})/gu;

type Known = {
  mentions: ReadonlyMap<string, OutgoingMention>;
  hashtags: ReadonlyMap<string, OutgoingHashtag>;
};

function withLinks(text: string, { mentions, hashtags }: Known): string {
  const linked = text.replace(HANDLE, (handle: string) => {
    const mention = mentions.get(handle.toLowerCase());
    return mention ? mentionLink(mention) : handle;
  });
  if (hashtags.size === 0) return linked;
  // What is inside of a link that was just made stays as it is.
  return linked
    .split(/(<[^>]*>)/)
    .map((part) =>
      part.startsWith('<')
        ? part
        : part.replace(HASHTAG, (written: string, name: string) => {
            const hashtag = hashtags.get(name.toLowerCase());
            return hashtag ? hashtagLink({ ...hashtag, name }) : written;
          }),
    )
    .join('');
}

/** A link to a tag's page, in the form that receivers know as a hashtag. Source: Mastodon, microformats `rel="tag"` */
export function hashtagLink({ name, url }: OutgoingHashtag): string {
  return `<a href="${escapeMarkup(url)}" class="mention hashtag" rel="tag">#<span>${escapeMarkup(name)}</span></a>`;
}

/** A link to somebody, in the form that receivers know as a mention. */
export function mentionLink({ handle, url }: OutgoingMention): string {
  const name = handle.replace(/^(@[^@]+)@.*$/, '$1');
  return `<span class="h-card"><a href="${escapeMarkup(url)}" class="u-url mention">${escapeMarkup(name)}</a></span>`;
}
