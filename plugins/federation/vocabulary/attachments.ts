import { MAX_ATTACHMENTS } from './limits.ts';
import { linkAddress, linksOf, mediaTypeOf } from './links.ts';
import { plainText } from './plain-text.ts';
import { count, entries } from './shapes.ts';
import { asNode, type NodeObject, typeOf } from './terms.ts';

/**
 * A picture, film, sound, document or link. `type` is as it was sent and, like `mediaType`, not to be trusted;
 * `name` is the description, `width` and `height` are pixels. Nothing of it was fetched.
 */
export type ForeignAttachment = {
  type: string;
  url: string;
  mediaType: string | null;
  name: string | null;
  width: number | null;
  height: number | null;
};

const attachmentTypes: ReadonlySet<string> = new Set(['Image', 'Document', 'Video', 'Audio', 'Link', 'Page']);

/** Mastodon's limit for descriptions, in code points. */
const MAX_DESCRIPTION_LENGTH = 1_500;
const MAX_PIXELS = 100_000;

/**
 * What stands in `attachment`: a list, one entry (Owncast, GoToSocial), addresses alone. The address may be `url`,
 * `href` (Mbin's Link) or a list of Links; `name` may be null or empty (Pleroma), `mediaType` absent (Owncast).
 * Entries without an address, as profile fields are, are left out.
 */
export function attachmentsOf(node: NodeObject): ForeignAttachment[] {
  const attachments: ForeignAttachment[] = [];
  for (const entry of entries(node.attachment)) {
    if (attachments.length === MAX_ATTACHMENTS) break;
    const attachment = readAttachment(entry);
    if (attachment) attachments.push(attachment);
  }
  return attachments;
}

function readAttachment(entry: unknown): ForeignAttachment | null {
  const node = asNode(entry);
  if (!node) {
    const url = linkAddress(entry);
    return url === null
      ? null
      : { type: 'Link', url, mediaType: null, name: null, width: null, height: null };
  }
  const link = linksOf(node.url)[0] ?? linksOf(node.href)[0];
  if (!link) return null;
  return {
    type: typeOf(node, attachmentTypes) || 'Document',
    url: link.url,
    mediaType: mediaTypeOf(node.mediaType ?? node.mimeType) ?? link.mediaType,
    name: plainText(node.name, MAX_DESCRIPTION_LENGTH),
    width: pixels(node.width),
    height: pixels(node.height),
  };
}

function pixels(value: unknown): number | null {
  const size = count(value);
  return size !== null && size > 0 && size <= MAX_PIXELS ? size : null;
}
