import { detectFileType, imageTypes } from '../media/file-type.ts';
import type { SafeFetch } from '../net/safe-fetch.ts';
import type { PictureUse } from './picture-address.ts';

const maxBytes = 2 * 1024 * 1024;
const maxSide = 4096;
const timeoutMs = 10_000;
/** Sides in pixels: twice what pages show them at. */
const sizes: Readonly<Record<PictureUse, number>> = { face: 192, emoji: 96 };

/** A picture that cannot be had, or is none; the reason is for the log. */
export class NoPictureError extends Error {}

/**
 * Gets a picture from elsewhere, within limits, and makes a small still WebP of it: whatever else its bytes may have
 * been, they do not reach a reader. Only the first frame of a moving one is looked at.
 * @throws NoPictureError for what is no picture of a known raster kind, larger than 2 MiB or 4,096 pixels, or not there;
 *   and what the fetch throws
 */
export async function fetchPicture(network: SafeFetch, use: PictureUse, url: string): Promise<Buffer> {
  const { status, body } = await network(url, {
    headers: { accept: 'image/webp, image/avif, image/png, image/jpeg, image/gif' },
    maxBytes,
    timeoutMs,
  });
  if (status !== 200) throw new NoPictureError(`It was answered with ${status}.`);
  const type = detectFileType(body);
  if (!imageTypes.some((imageType) => imageType === type))
    throw new NoPictureError('It is no picture of a known kind.');
  return shrink(body, use);
}

let line: Promise<unknown> = Promise.resolve();

/** One at a time, so that a page full of faces does not take the whole processor. */
function shrink(bytes: Buffer, use: PictureUse): Promise<Buffer> {
  const result = line.then(() => encode(bytes, use));
  line = result.catch(() => undefined);
  return result;
}

async function encode(bytes: Buffer, use: PictureUse): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  const open = () => sharp(bytes, { pages: 1, failOn: 'error', limitInputPixels: maxSide * maxSide });
  try {
    const { width, height } = await open().metadata();
    if (width > maxSide || height > maxSide) throw new NoPictureError(`It is ${width} by ${height} pixels.`);
    const side = sizes[use];
    const resize = { width: side, height: side, withoutEnlargement: true } as const;
    return await open()
      .autoOrient()
      .resize({ ...resize, fit: use === 'face' ? 'cover' : 'inside' })
      .webp({ quality: 80 })
      .timeout({ seconds: 10 })
      .toBuffer();
  } catch (error) {
    if (error instanceof NoPictureError) throw error;
    throw new NoPictureError(`It cannot be decoded: ${error instanceof Error ? error.message : error}`);
  }
}
