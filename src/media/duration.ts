import { parseBuffer } from 'music-metadata';

/** A film may say anything of itself; no player shows more than a day. */
const longest = 24 * 60 * 60;

/** Whole seconds that a sound or film lasts, at least one; null where its file does not say or cannot be read. */
export async function durationOf(bytes: Uint8Array, mimeType: string): Promise<number | null> {
  const isPlayed = mimeType.startsWith('audio/') || mimeType.startsWith('video/');
  if (!isPlayed) return null;
  try {
    const { format } = await parseBuffer(
      bytes,
      { mimeType, size: bytes.length },
      { duration: true, skipCovers: true },
    );
    const { duration } = format;
    if (duration === undefined || !Number.isFinite(duration) || duration <= 0 || duration > longest)
      return null;
    return Math.max(1, Math.round(duration));
  } catch {
    // A file that is cut short still plays as far as it goes; only its length is unknown.
    return null;
  }
}
