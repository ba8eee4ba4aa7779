import { textOf } from 'outpost/plugin';
import type { ForeignObject } from '../vocabulary/object.ts';

/** Pictures and the like that are named below a text. */
const mostLinks = 8;

/**
 * What an object says as HTML that is still to be sanitised: its warning or title, its text, and a link to each picture,
 * which are not fetched. Empty where it says nothing.
 */
export function commentHtml(object: ForeignObject): string {
  const parts = [headOf(object), bodyOf(object), attachmentsOf(object)];
  return parts.filter((part) => part !== '').join('\n');
}

/** A Note's summary is a warning, an Article's repeats the text. */
function headOf({ type, name, summary, isVote }: ForeignObject): string {
  const warning = type === 'Note' && summary !== null ? textOf(summary).trim() : '';
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
