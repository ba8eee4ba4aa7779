/**
 * Where to go after signing in or after a deed: a path on this site, whatever was asked for.
 * `//host`, `/\host`, `https:host`, control characters and their encoded forms all lead to the fallback.
 */
export function sameSitePath(asked: unknown, fallback: string): string {
  if (typeof asked !== 'string' || asked.length > 2000 || !asked.startsWith('/')) return fallback;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\\\x00-\x20\x7f]/.test(asked) || asked.startsWith('//')) return fallback;
  const base = 'http://this.invalid';
  if (!URL.canParse(asked, base)) return fallback;
  const url = new URL(asked, base);
  if (url.origin !== base || url.pathname.startsWith('//') || /^\/(%2f|%5c)/i.test(url.pathname))
    return fallback;
  return `${url.pathname}${url.search}${url.hash}`;
}
