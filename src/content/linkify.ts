import { escapeHtml } from './escape.ts';
import { webLink } from './links.ts';

const address = /https?:\/\/[^\s<>"]+/giu;

/** Plain text as markup: escaped, with line breaks, and with `http(s)` addresses as links. */
export function linkify(text: string): string {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const url = withoutPunctuation(match[0]);
    const href = webLink(url);
    if (href === null) continue;
    parts.push(lines(text.slice(end, match.index)), `<a href="${escapeHtml(href)}">${escapeHtml(url)}</a>`);
    end = match.index + url.length;
  }
  parts.push(lines(text.slice(end)));
  return parts.join('');
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br />');
}

/** What ends a sentence is not the address's, nor is a bracket that it did not open. */
function withoutPunctuation(url: string): string {
  let open = url.split('(').length - url.split(')').length;
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    if (last === ')' && open < 0) open += 1;
    else if (!".,;:!?'*_~]}»”’…".includes(last)) break;
  }
  return url.slice(0, end);
}
