import { MAX_ID_BYTES } from './limits.ts';
import { entries, first } from './shapes.ts';
import { asNode, typesOf } from './terms.ts';

/** http(s), a host without credentials or backslashes before it, no spaces or control characters anywhere. */
const webAddress = /^https?:\/\/[^\s/?#\\@\p{Cc}]+(?:[/?#][^\s\p{Cc}]*)?$/iu;

/**
 * Whether a text can be an id here: an absolute http(s) address of at most 2,048 bytes. Ids are compared as they are
 * written (query, percent-encoding, case and trailing slash belong to them), so nothing is normalised.
 *
 * Source: ActivityPub, section 3.1; WordPress (`?author=1`), Bridgy Fed (`https://…/ap/at://did:plc:…`), Flipboard
 * (colons in the path), Threads (trailing slash).
 */
export function isId(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_ID_BYTES || !webAddress.test(value)) return false;
  if (value.length * 3 > MAX_ID_BYTES && Buffer.byteLength(value) > MAX_ID_BYTES) return false;
  return URL.canParse(value);
}

/**
 * The id in a value: an id, an object with one, a Link to one, or the first of a list. Null where there is none.
 * `inReplyTo` is an object in Bridgy Fed's replies, `actor` an object in Hubzilla's follows.
 */
export function idOf(value: unknown): string | null {
  if (typeof value === 'string') return isId(value) ? value : null;
  const entry = first(value);
  if (typeof entry === 'string') return isId(entry) ? entry : null;
  const node = asNode(entry);
  if (!node) return null;
  if (isId(node.id)) return node.id;
  if (!isLinkNode(node)) return null;
  const href = first(node.href);
  const id = typeof href === 'string' ? href : asNode(href)?.id;
  return isId(id) ? id : null;
}

/** All ids in a list, in its order, each once. */
export function idsOf(value: unknown): string[] {
  const ids = new Set<string>();
  for (const entry of entries(value)) {
    const id = idOf(entry);
    if (id !== null) ids.add(id);
  }
  return [...ids];
}

/** Whether a value is a Link, a Mention or another object that only points somewhere with `href`. */
export function isLinkNode(value: unknown): boolean {
  const node = asNode(value);
  if (!node || entries(node.href, 1).length === 0) return false;
  const types = typesOf(node);
  return types.length === 0 || types.some((type) => type === 'Link' || type === 'Mention');
}

/**
 * The origin (scheme, host and port) of an http(s) address, or null.
 */
export function originOf(address: string): string | null {
  const url = URL.parse(address);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null;
}

/**
 * Whether two addresses have the same scheme, host and port: the boundary within which a server may speak for its
 * own. Letter case and punycode of the host and a default port make no difference; `www.` does.
 *
 * Source: FEP-fe34 (origin-based security model).
 */
export function sameOrigin(a: string, b: string): boolean {
  const origin = originOf(a);
  return origin !== null && origin === originOf(b);
}
