import sharp from 'sharp';
import { guarded } from '../actors/fetch-document.ts';
import type { FederationContext } from '../context.ts';

const maxBytes = 3 * 1024 * 1024;
const timeoutMs = 10_000;
const maxPixels = 25_000_000;
const width = 720;
const mostKeptBytes = 200 * 1024;
const types = /^image\/(?:jpeg|png|webp)$/;

/**
 * A picture from another server, made anew and small, as base64 of WebP: readers get it from here, and nothing of the
 * file itself reaches them. Null where there is none that can be shown.
 */
export async function fetchPicture(context: FederationContext, url: string): Promise<string | null> {
  const answer = await guarded(context, url, timeoutMs, (signal) =>
    context.network(url, {
      headers: { accept: 'image/webp, image/jpeg, image/png' },
      maxBytes,
      timeoutMs,
      signal,
    }),
  );
  const type =
    'kind' in answer ? '' : (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if ('kind' in answer || answer.status !== 200 || !types.test(type ?? '') || !isPicture(answer.body))
    return null;
  try {
    const bytes = await sharp(answer.body, { limitInputPixels: maxPixels, pages: 1 })
      .rotate()
      .resize({ width, withoutEnlargement: true })
      .webp({ quality: 72 })
      .timeout({ seconds: 10 })
      .toBuffer();
    return bytes.length > mostKeptBytes ? null : bytes.toString('base64');
  } catch (error) {
    context.log.info({ url, err: error }, 'the picture of a card cannot be shown');
    return null;
  }
}

/** What the bytes say: other kinds are never given to the decoder. */
function isPicture(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 12);
  return (
    head.startsWith('\xff\xd8\xff') ||
    head.startsWith('\x89PNG\r\n\x1a\n') ||
    (head.startsWith('RIFF') && head.endsWith('WEBP'))
  );
}
