import type { Card } from './card.ts';

/** A kind of page on another server that may become a card. */
type CardKind = {
  kind: Card['kind'];
  /** The page's path. Its first group is the number that the player wants, where it is not in the object's id. */
  path: RegExp;
  /** Types that its object may have. */
  types: ReadonlySet<string>;
  /** The address of the player, on the object's own server; null where there is none. */
  player: ((at: { origin: string; objectPath: string; number: string }) => string | null) | null;
};

const peertubeId = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;
/** Nothing but the film: no connection to other viewers, who would see the reader's address. */
const peertubeOptions = 'autoplay=1&p2p=0&warningTitle=0';

function peertubePlayer(folder: string): CardKind['player'] {
  return ({ origin, objectPath }) => {
    const id = peertubeId.exec(objectPath)?.[1];
    return id ? `${origin}/${folder}/embed/${id}?${peertubeOptions}` : null;
  };
}

function funkwhalePlayer(type: string): CardKind['player'] {
  return ({ origin, number }) => `${origin}/front/embed.html?type=${type}&id=${number}`;
}

/**
 * Pages that may become cards, by the form of their addresses: only these are asked what they are, so that no other site
 * hears of a post by being linked to.
 * Source: PeerTube, "ActivityPub" and "Embed API"; Funkwhale, "Federation"; Castopod, "ActivityPub"; Mobilizon, "Federation"
 */
export const cardKinds: readonly CardKind[] = [
  {
    kind: 'playlist',
    path: /^\/(?:w\/p|videos\/watch\/playlist|video-playlists)\/([\w-]{1,64})\/?$/,
    types: new Set(['Playlist']),
    player: peertubePlayer('video-playlists'),
  },
  {
    kind: 'video',
    path: /^\/(?:w|videos\/watch)\/([\w-]{1,64})\/?$/,
    types: new Set(['Video']),
    player: peertubePlayer('videos'),
  },
  {
    kind: 'track',
    path: /^\/library\/tracks\/(\d{1,12})\/?$/,
    types: new Set(['Track', 'Audio']),
    player: funkwhalePlayer('track'),
  },
  {
    kind: 'album',
    path: /^\/library\/albums\/(\d{1,12})\/?$/,
    types: new Set(['Album']),
    player: funkwhalePlayer('album'),
  },
  {
    kind: 'artist',
    path: /^\/library\/artists\/(\d{1,12})\/?$/,
    types: new Set(['Artist']),
    player: funkwhalePlayer('artist'),
  },
  {
    kind: 'episode',
    path: /^\/@[\w.-]{1,64}\/episodes\/([\w-]{1,200})\/?$/,
    types: new Set(['PodcastEpisode']),
    player: null,
  },
  {
    kind: 'event',
    path: /^\/events\/([0-9a-f-]{36})\/?$/,
    types: new Set(['Event']),
    player: null,
  },
];

/** The kinds that a page may be, by its address; none for most. */
export function kindOfPage(address: string): CardKind | null {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return null;
  return cardKinds.find(({ path }) => path.test(url.pathname)) ?? null;
}
