import { z } from 'outpost/plugin';

/** What a card's player plays: a page of the other server's in a frame, or a file. */
const player = z.object({ kind: z.enum(['frame', 'audio']), url: z.string() });

/** What is shown of something on another server, from its own ActivityStreams object. All texts are one plain line. */
export const cardSchema = z.object({
  kind: z.enum(['video', 'playlist', 'track', 'album', 'artist', 'episode', 'event']),
  title: z.string(),
  author: z.string().nullable(),
  /** The page to show people, on the same server. */
  pageUrl: z.string(),
  durationSeconds: z.number().nullable(),
  /** When an event begins; ISO 8601. */
  startsAt: z.string().nullable(),
  /** Where an event takes place. */
  place: z.string().nullable(),
  player: player.nullable(),
});
export type Card = z.output<typeof cardSchema>;

/** `6:25`, `1:02:03`. */
export function durationText(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
