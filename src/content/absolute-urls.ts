import { makeSafeHtml, type SafeHtml } from './safe-html.ts';

/**
 * Makes addresses in our own markup absolute, for readers that do not know the page it stood on.
 * @param pageUrl what relative addresses and fragments are relative to
 */
export function absoluteUrls(html: SafeHtml, pageUrl: string): SafeHtml {
  const resolve = (address: string) => (URL.canParse(address, pageUrl) ? new URL(address, pageUrl).href : address);
  // The sanitiser has written every tag: values are in double quotes and hold no angle brackets.
  const absolute = html.toString().replace(/<[a-z][^>]*>/gi, (tag) =>
    tag
      .replace(/(\s(?:href|src|poster|cite)=")([^"]*)"/gi, (_, start: string, address: string) =>
        /^[a-z][a-z\d+.-]*:/i.test(address) ? `${start}${address}"` : `${start}${resolve(address)}"`,
      )
      .replace(/(\ssrcset=")([^"]*)"/gi, (_, start: string, list: string) => {
        const items = list.split(',').map((item) => {
          const [address = '', size = ''] = item.trim().split(/\s+/);
          return `${resolve(address)} ${size}`.trim();
        });
        return `${start}${items.join(', ')}"`;
      }),
  );
  return makeSafeHtml(absolute);
}
