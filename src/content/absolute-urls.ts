import type { SafeHtml } from './safe-html.ts';
import { sanitiseAuthorHtml } from './sanitise.ts';

/**
 * An author's text with every address absolute, for feeds, mail and other servers that do not know the page it stood on.
 *
 * @param pageUrl what relative addresses and fragments are relative to
 */
export function absoluteUrls(html: SafeHtml, pageUrl: string): SafeHtml {
  return sanitiseAuthorHtml(html.toString(), { baseUrl: pageUrl });
}
