import { handleHost, readLocalId } from '../addresses.ts';

/** What a WebFinger resource, a search or a mention asks for, as far as its text tells. */
export type Resource =
  | { kind: 'username'; username: string }
  | { kind: 'actor'; userId: string }
  | { kind: 'site' }
  | { kind: 'elsewhere' }
  | { kind: 'malformed' };

const MAX_RESOURCE_BYTES = 2_048;
/** The site's own actor, under a name that no user can have: usernames have no hyphen. */
export const SITE_USERNAME = 'site-actor';

/**
 * Reads a resource: `acct:name@host`, `@name@host`, an actor's id, or the address of an author's page, `https://host/@name`
 * included; once more percent-encoded as well. Letter case of the scheme and the host makes no difference, nor does the
 * site's own port where it is left out or written in full.
 * @param authorPage the address of an author's page, for the username given
 * Source: RFC 7033 section 4.5, RFC 7565 section 7
 */
export function readResource(
  origin: string,
  resource: string,
  authorPage: (username: string) => string,
): Resource {
  if (resource === '' || Buffer.byteLength(resource) > MAX_RESOURCE_BYTES) return { kind: 'malformed' };
  const text = decoded(resource.trim());
  if (text === null || /[\s\p{Cc}]/u.test(text)) return { kind: 'malformed' };
  if (/^https?:\/\//i.test(text)) return readAddress(origin, text, authorPage);
  if (/^(?!acct:)[a-z][a-z0-9+.-]*:/i.test(text)) return { kind: 'elsewhere' };
  return readHandle(origin, text.replace(/^acct:/i, ''));
}

function decoded(text: string): string | null {
  if (!/%40|%3a|%2f/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function readHandle(origin: string, text: string): Resource {
  const [, username, host] = /^@?([^@]+)@([^@/?#\\]+)$/.exec(text) ?? [];
  if (!username || !host || !URL.canParse(`http://${host}`)) return { kind: 'malformed' };
  if (!isOurHost(origin, host)) return { kind: 'elsewhere' };
  return username.toLowerCase() === SITE_USERNAME ? { kind: 'site' } : { kind: 'username', username };
}

function readAddress(origin: string, text: string, authorPage: (username: string) => string): Resource {
  const url = URL.parse(text);
  if (!url) return { kind: 'malformed' };
  if (!isOurHost(origin, url.host)) return { kind: 'elsewhere' };
  const id = readLocalId(origin, `${origin}${url.pathname}`);
  if (id?.kind === 'site') return { kind: 'site' };
  if (id?.kind === 'actor') return { kind: 'actor', userId: id.userId };
  const page = new URL(authorPage('NAME')).pathname.split('NAME')[0] ?? '';
  const [, username] = new RegExp(`^(?:${RegExp.escape(page)}|/@)([^/]+)/?$`).exec(url.pathname) ?? [];
  if (username) return { kind: 'username', username };
  // The home page stands for the site itself.
  return url.pathname === '/' ? { kind: 'site' } : { kind: 'elsewhere' };
}

/** Whether a host as written in a handle is ours: with or without the site's port, in any case, IDN or punycode. */
function isOurHost(origin: string, host: string): boolean {
  const own = new URL(origin);
  const asked = URL.parse(`${own.protocol}//${host}`);
  if (!asked) return false;
  return asked.host === handleHost(origin) || (asked.port === '' && asked.hostname === own.hostname);
}
