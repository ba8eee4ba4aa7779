import { makeSafeHtml, type SafeHtml } from './safe-html.ts';

/** A paragraph that holds nothing but an address, as a text's own markup has it after sanitising. */
const loneLink = /<p><a href="([^"<>]*)"(?: [a-z-]+="[^"<>]*")*>(https?:\/\/[^<>]*)<\/a><\/p>/g;

/** The addresses that stand alone on a line of a text, in order, each once: what may be shown as more than a link. */
export function loneLinks(html: SafeHtml): string[] {
  return [...new Set([...html.toString().matchAll(loneLink)].map(([, href = '']) => decode(href)))];
}

/** The text with something else in the place of addresses that stand alone on a line. */
export function replaceLoneLinks(html: SafeHtml, parts: ReadonlyMap<string, SafeHtml>): SafeHtml {
  if (parts.size === 0) return html;
  return makeSafeHtml(
    html
      .toString()
      .replace(loneLink, (written, href: string) => parts.get(decode(href))?.toString() ?? written),
  );
}

function decode(href: string): string {
  return href
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
