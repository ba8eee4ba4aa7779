import { isId } from './ids.ts';
import { count, entries, first, text } from './shapes.ts';
import { asNode, type NodeObject } from './terms.ts';

/** One way to reach something, however it was written. `mediaType` is in lower case and without parameters. */
type ForeignLink = { url: string; mediaType: string | null; rel: readonly string[] };

/**
 * The http(s) addresses in a `url`, `icon.url` or the like: strings, Link objects with `href` or `url`, `mediaType`
 * or `mimeType` (Prismo, Funkwhale), or a list of them. Others (`threads:`, `magnet:`, `at:`) are left out.
 */
export function linksOf(value: unknown): ForeignLink[] {
  const links: ForeignLink[] = [];
  for (const entry of entries(value)) {
    const node = asNode(entry);
    const url = linkAddress(node ? (node.href ?? node.url ?? bareId(node)) : entry);
    if (url !== null)
      links.push({
        url,
        mediaType: node ? mediaTypeOf(node.mediaType ?? node.mimeType) : null,
        rel: relOf(node?.rel),
      });
  }
  return links;
}

/** An http(s) address for following, not for comparing: spaces around it and HTML entities in it are undone. */
export function linkAddress(value: unknown): string | null {
  const entry = typeof value === 'string' ? value : first(value);
  const written = typeof entry === 'string' ? entry : addressIn(asNode(entry));
  if (typeof written !== 'string') return null;
  const address = withoutEntities(written.trim());
  return isId(address) ? address : null;
}

function addressIn(node: NodeObject | null): unknown {
  if (!node) return null;
  const href = first(node.href);
  return typeof href === 'string' ? href : (asNode(href)?.id ?? bareId(node));
}

/** In an expanded document an address is an object with nothing but `@id`. */
function bareId(node: NodeObject): unknown {
  for (const name in node) if (name !== 'id' && name !== '@id') return undefined;
  return node.id;
}

/** WordPress escapes the ampersands of avatar addresses as if for HTML. */
function withoutEntities(address: string): string {
  return address.includes('&') ? address.replace(/&(?:amp|#0*38|#x0*26);/gi, '&') : address;
}

/**
 * The page to show people: an HTML link, else one that does not say what it is, else whatever there is. Threads and
 * PeerTube list several.
 */
export function pageAddress(value: unknown): string | null {
  const links = linksOf(value);
  const link =
    links.find(({ mediaType }) => mediaType === 'text/html') ??
    links.find(({ mediaType }) => mediaType === null) ??
    links[0];
  return link?.url ?? null;
}

/**
 * The address of a picture: a string (Ghost), an Image with `url` or `href`, where `url` may be a Link or a list, or
 * the first of a list of these (PeerTube, Bridgy Fed).
 */
export function imageAddress(value: unknown): string | null {
  for (const entry of entries(value)) {
    const node = asNode(entry);
    const link = node ? (linksOf(node.url)[0]?.url ?? linkAddress(node.href)) : linkAddress(entry);
    if (link) return link;
  }
  return null;
}

/** The same, of several the widest that says its width (PeerTube lists thumbnails from small to large), else the first. */
export function widestImage(value: unknown): string | null {
  let widest: { url: string; width: number } | null = null;
  for (const entry of entries(value, 20)) {
    const url = imageAddress(entry);
    const width = count(asNode(entry)?.width) ?? 0;
    if (url !== null && (widest === null || width > widest.width)) widest = { url, width };
  }
  return widest?.url ?? null;
}

/** A media type in lower case without its parameters, or null for what is none. */
export function mediaTypeOf(value: unknown): string | null {
  const written = text(value);
  if (written === null || written.length > 255) return null;
  const essence = (written.split(';')[0] ?? '').trim().toLowerCase();
  return /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+*-]+$/.test(essence) ? essence : null;
}

function relOf(value: unknown): string[] {
  return entries(value, 20).flatMap((entry) => text(entry)?.slice(0, 500).toLowerCase().split(/\s+/) ?? []);
}
