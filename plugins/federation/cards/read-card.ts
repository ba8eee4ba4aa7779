import { sameOrigin } from '../vocabulary/ids.ts';
import { imageAddress, linkAddress, pageAddress, widestImage } from '../vocabulary/links.ts';
import { duration, mediaSourcesOf } from '../vocabulary/media.ts';
import { plainLine } from '../vocabulary/plain-text.ts';
import { entries, first, flag } from '../vocabulary/shapes.ts';
import { asNode, documentNode, type NodeObject, typeOf } from '../vocabulary/terms.ts';
import { time } from '../vocabulary/times.ts';
import type { Card } from './card.ts';
import { kindOfPage } from './card-kinds.ts';

/** What an object says for a card. `authorId`: whose name is still to be found out. */
export type CardReading = { card: Card; authorId: string | null; pictureUrl: string | null };

const maxTitle = 200;

/**
 * What is shown of an object that a page stands for; null for one that is not of the kind that the page's address
 * promises, or has no title.
 * @param page the address as it was linked to
 * @param json the object, believed to be what is at `page`
 */
export function readCard(page: string, json: unknown): CardReading | null {
  const kind = kindOfPage(page);
  const node = documentNode(json);
  const id = linkAddress(node?.id);
  if (!kind || !node || id === null || !kind.types.has(typeOf(node, kind.types))) return null;
  const title = plainLine(node.name ?? node.title, maxTitle);
  if (title === null) return null;
  const { origin, pathname } = new URL(id);
  const number = kind.path.exec(new URL(page).pathname)?.[1] ?? '';
  const written = pageAddress(node.url);
  const frame = kind.player?.({ origin, objectPath: pathname, number }) ?? null;
  const audio = frame === null ? audioOf(node) : null;
  return {
    card: {
      kind: kind.kind,
      title,
      author: authorName(node),
      pageUrl: written !== null && sameOrigin(written, page) ? written : page,
      durationSeconds: duration(node.duration ?? asNode(first(node.audio))?.duration),
      startsAt: kind.kind === 'event' ? (time(node.startTime)?.toISOString() ?? null) : null,
      place: kind.kind === 'event' ? plainLine(asNode(first(node.location))?.name, maxTitle) : null,
      player:
        frame !== null
          ? { kind: 'frame', url: frame }
          : audio === null
            ? null
            : { kind: 'audio', url: audio },
    },
    authorId: authorIdOf(node, id),
    // What is not for every eye is not shown before somebody asks for it.
    pictureUrl: flag(node.sensitive) ? null : pictureOf(node),
  };
}

/** A file that browsers play, from the same server. */
function audioOf(node: NodeObject): string | null {
  const inside = asNode(first(node.audio));
  const sources = [...mediaSourcesOf(node), ...(inside ? mediaSourcesOf(inside) : [])];
  const file = sources.find(
    ({ mediaType, url }) => mediaType.startsWith('audio/') && url.startsWith('https:'),
  );
  return file?.url ?? null;
}

/** Funkwhale names the artists in the object; version 2 as credits. */
function authorName(node: NodeObject): string | null {
  for (const entry of [...entries(node.artists, 3), ...entries(node.artist_credit ?? node.artistCredit, 3)]) {
    const artist = asNode(entry);
    const name = plainLine(artist?.name ?? artist?.credit ?? asNode(artist?.artist)?.name, maxTitle);
    if (name !== null) return name;
  }
  return null;
}

/** The channel, where a video has an account and a channel; only of the object's own server. */
function authorIdOf(node: NodeObject, id: string): string | null {
  const owners = entries(node.attributedTo, 5).map((entry) => {
    const owner = asNode(entry);
    return { id: linkAddress(owner ? owner.id : entry), isGroup: owner?.type === 'Group' };
  });
  const owner = owners.find(({ isGroup }) => isGroup) ?? owners[0];
  return owner?.id && sameOrigin(owner.id, id) ? owner.id : null;
}

function pictureOf(node: NodeObject): string | null {
  const album = asNode(first(node.album));
  const documents = entries(node.attachment, 10).filter((entry) => asNode(entry)?.type === 'Document');
  return (
    widestImage(node.icon) ??
    imageAddress(node.image) ??
    imageAddress(node.cover) ??
    imageAddress(album?.image ?? album?.cover) ??
    imageAddress(documents[0])
  );
}
