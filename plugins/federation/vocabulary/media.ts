import { MAX_MEDIA_SOURCES } from './limits.ts';
import { linkAddress, mediaTypeOf } from './links.ts';
import { count, entries, text } from './shapes.ts';
import { asNode, type NodeObject } from './terms.ts';

/** A file or stream of a film or sound. Nothing of it was fetched; `sizeBytes`, `width` and `height` are claims. */
export type ForeignMediaSource = {
  url: string;
  mediaType: string;
  width: number | null;
  height: number | null;
  sizeBytes: number | null;
};

/** Types that a browser can play, and the playlists that PeerTube streams by. */
const playable = /^(?:video|audio)\/|^application\/(?:x-mpegurl|vnd\.apple\.mpegurl)$/;

/** PeerTube hangs the files of a stream into the `tag` of its link. */
const MAX_LINK_DEPTH = 3;

/**
 * What can be played of a Video or Audio: the Links in `url`, those inside them, and a bare file. `mimeType` is
 * Funkwhale's and Prismo's `mediaType`.
 *
 * Source: PeerTube, documentation "ActivityPub" (Video); Funkwhale, documentation "Federation" (Audio).
 */
export function mediaSourcesOf(node: NodeObject): ForeignMediaSource[] {
  const sources = new Map<string, ForeignMediaSource>();
  addSources(sources, node.url, 1);
  return [...sources.values()];
}

function addSources(sources: Map<string, ForeignMediaSource>, value: unknown, depth: number): void {
  for (const entry of entries(value)) {
    if (sources.size >= MAX_MEDIA_SOURCES) return;
    const link = asNode(entry);
    if (!link) continue;
    const url = linkAddress(link.href ?? link.url);
    const mediaType = mediaTypeOf(link.mediaType ?? link.mimeType);
    if (url !== null && mediaType !== null && playable.test(mediaType) && !sources.has(url)) {
      const { width, height, size } = link;
      sources.set(url, {
        url,
        mediaType,
        width: count(width),
        height: count(height),
        sizeBytes: count(size),
      });
    }
    if (depth < MAX_LINK_DEPTH) addSources(sources, link.tag, depth + 1);
  }
}

const isoDuration = /^P(?:(\d{1,5})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,12})(?:[.,]\d{1,9})?S)?)?$/i;

/**
 * A length in whole seconds, or null: `PT385S` (PeerTube), `PT1H2M`, or a plain number of seconds (Funkwhale).
 * Source: ActivityStreams 2.0 Vocabulary, section 4 (duration); XML Schema 1.1, section 3.3.6.
 */
export function duration(value: unknown): number | null {
  const seconds = count(value);
  if (seconds !== null) return seconds;
  const parts = isoDuration.exec(text(value) ?? '');
  if (!parts || parts.slice(1).every((part) => part === undefined)) return null;
  const [days = 0, hours = 0, minutes = 0, rest = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + rest;
}
