import { type IncomingComment, textOf } from 'outpost/plugin';
import { customEmojis } from '../emoji/custom-emojis.ts';
import type { ForeignObject } from '../vocabulary/object.ts';

/** Pictures and the like that are named below a text. */
const mostLinks = 8;

/** The parts of a comment that its text makes. */
type CommentParts = Required<Pick<IncomingComment, 'html' | 'language' | 'warning' | 'emojis' | 'poll'>>;

/**
 * An object as a comment: the text, and apart from it what it warns of, its poll as counted when it was sent, and the
 * pictures in it. Nothing is fetched.
 */
export function commentParts(object: ForeignObject, now: Date): CommentParts {
  return {
    html: commentHtml(object, { withWarning: false }),
    language: object.language,
    warning: object.contentWarning,
    emojis: customEmojis(object.emojis),
    poll: pollOf(object, now),
  };
}

function pollOf({ poll }: ForeignObject, now: Date): CommentParts['poll'] {
  if (poll === null) return null;
  return {
    options: poll.options,
    multiple: poll.isMultiple,
    voters: poll.votersCount,
    endsAt: (poll.closedAt ?? poll.endsAt)?.toISOString() ?? null,
    countedAt: now.toISOString(),
  };
}

/**
 * What an object says as HTML that is still to be sanitised: its warning, unless that is shown apart, or title, its text,
 * and a link to each picture, which are not fetched. Empty where it says nothing.
 */
export function commentHtml(object: ForeignObject, { withWarning = true } = {}): string {
  const parts = [headOf(object, withWarning), bodyOf(object), attachmentsOf(object)];
  return parts.filter((part) => part !== '').join('\n');
}

/** A Note's summary is a warning, an Article's repeats the text. */
function headOf(
  { type, name, contentWarning, summary, isVote }: ForeignObject,
  withWarning: boolean,
): string {
  const said = type === 'Note' && summary !== null ? textOf(summary).trim() : (contentWarning ?? '');
  const warning = withWarning ? said : '';
  const title = isVote ? '' : (name ?? '');
  return [title, warning]
    .map((line) => (line === '' ? '' : `<p><strong>${escaped(line)}</strong></p>`))
    .join('');
}

function bodyOf({ content, contentType }: ForeignObject): string {
  if (content === null) return '';
  if (contentType === 'html') return content;
  return content
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${escaped(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('\n');
}

function attachmentsOf({ attachments }: ForeignObject): string {
  const links = attachments.slice(0, mostLinks).map(({ url, name, mediaType }) => {
    const words = name ?? mediaType?.split('/')[0] ?? 'attachment';
    return `<a href="${escaped(url)}">${escaped(words)}</a>`;
  });
  return links.length === 0 ? '' : `<p>${links.join(' · ')}</p>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
