const maxLength = 2048;

/**
 * A stranger's address the way a browser would understand it, or null where it is not for a link: only `http`, `https`
 * and `mailto`, without a user name that could pass for the host. A relative one needs the page it stands on.
 */
export function webLink(href: string | undefined, baseUrl?: string): string | null {
  if (href === undefined || href.length > maxLength) return null;
  const url = URL.parse(href, baseUrl);
  if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null;
  url.username = '';
  url.password = '';
  return url.href.length <= maxLength ? url.href : null;
}

/**
 * An author's address, absolute where `baseUrl` is given; null where its scheme is not among `schemes` (with the colon).
 * Without `baseUrl` a relative one stays as it was written.
 */
export function authorLink(href: string, schemes: readonly string[], baseUrl?: string): string | null {
  const written = href.trim();
  const url = URL.parse(written, baseUrl ?? 'https://relative.invalid/');
  if (!url || !schemes.includes(url.protocol)) return null;
  const isRelative = baseUrl === undefined && !URL.canParse(written) && url.host === 'relative.invalid';
  // A backslash is a slash to browsers: what they would read is what is written down.
  return isRelative ? written.replaceAll('\\', '/') : url.href;
}
