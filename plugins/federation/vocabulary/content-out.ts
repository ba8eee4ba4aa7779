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

/**
 * A post's or comment's finished text for other servers: only the elements they show, and links on the handles of those
 * who are mentioned.
 * @param html sanitised, with absolute addresses
 */
export function contentOf(html: string, mentions: readonly OutgoingMention[] = []): string {
  const known = new Map(mentions.map((mention) => [mention.handle.toLowerCase(), mention]));
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
    },
    onOpenTag: (tag) => {
      if (within(tag)) leaveAlone += 1;
    },
    onCloseTag: (tag) => {
      if (within(tag)) leaveAlone -= 1;
    },
    textFilter: (text) => (leaveAlone > 0 || known.size === 0 ? text : withLinks(text, known)),
  }).trim();
}

/** Highlighted code has a span for each word, which is the half of its size; only those that mean something stay. */
function sayingSomething(_tag: string, attribs: Record<string, string>): sanitizeHtml.Tag {
  const isKept = 'lang' in attribs || 'dir' in attribs || attribs.class === 'h-card';
  return { tagName: isKept ? 'span' : 'nothing', attribs };
}

/** What a handle looks like in a text. */
export const HANDLE =
  /(?<![\w@./-])@([\w](?:[\w.-]{0,98}[\w])?)@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{1,63}(?::\d{1,5})?)(?![\w@])/gi;

function withLinks(text: string, known: ReadonlyMap<string, OutgoingMention>): string {
  return text.replace(HANDLE, (handle: string) => {
    const mention = known.get(handle.toLowerCase());
    return mention ? mentionLink(mention) : handle;
  });
}

/** A link to somebody, in the form that receivers know as a mention. */
export function mentionLink({ handle, url }: OutgoingMention): string {
  const name = handle.replace(/^(@[^@]+)@.*$/, '$1');
  return `<span class="h-card"><a href="${escapeMarkup(url)}" class="u-url mention">${escapeMarkup(name)}</a></span>`;
}
