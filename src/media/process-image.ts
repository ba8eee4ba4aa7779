import type { Sharp, SharpOptions } from 'sharp';
import { InvalidError, OutpostError, TooLargeError, UnsupportedTypeError } from '../errors.ts';
import { allowedInWords, detectFileType, type ImageType, imageTypes } from './file-type.ts';

/** A picture fit to be published. Sizes are in pixels. */
export type ProcessedImage = {
  mimeType: ImageType;
  width: number;
  height: number;
  /** Encoded anew: upright, in sRGB, without any metadata. */
  bytes: Buffer;
  /** Smaller forms, smallest first; none for what moves. */
  variants: { width: number; mimeType: 'image/webp'; bytes: Buffer }[];
  /** A tiny picture as a `data:` address, or null where the real one is transparent. */
  placeholder: string | null;
};

const maxBytes = 20 * 1024 * 1024;
/** All frames together. */
const maxPixels = 50_000_000;
const variantWidths = [480, 960, 1600];
const placeholderSize = 16;
const timeoutSeconds = 60;

type Open = (options?: SharpOptions) => Sharp;

let queue: Promise<unknown> = Promise.resolve();

/**
 * Makes what is published of an uploaded picture. The type is decided from the bytes. One picture is worked on at a time,
 * on one thread, so that a small server keeps answering.
 *
 * @throws UnsupportedTypeError `media.unsupported_type` for what is no picture of a known kind, SVG and HTML among it
 * @throws TooLargeError `media.too_large` above 20 MiB, 50 million pixels in all frames, or a minute of work
 * @throws InvalidError `media.damaged` when it cannot be decoded
 */
export function processImage(bytes: Buffer): Promise<ProcessedImage> {
  const result = queue.then(() => publishable(bytes));
  queue = result.catch(() => undefined);
  return result;
}

async function publishable(bytes: Buffer): Promise<ProcessedImage> {
  const type = detectFileType(bytes);
  const mimeType = imageTypes.find((imageType) => imageType === type);
  if (!mimeType) {
    throw new UnsupportedTypeError(
      'media.unsupported_type',
      `This kind of file cannot be added. What can be: ${allowedInWords}.`,
    );
  }
  if (bytes.length > maxBytes) throw new TooLargeError('media.too_large', 'A picture may have up to 20 MiB.');
  try {
    return await encode(mimeType, await opener(bytes));
  } catch (error) {
    throw inOurWords(error);
  }
}

async function opener(bytes: Buffer): Promise<Open> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  return (options = {}) => sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, ...options });
}

async function encode(mimeType: ImageType, open: Open): Promise<ProcessedImage> {
  const { width, height, pages = 1 } = await open({ animated: true, limitInputPixels: false }).metadata();
  if (width * height > maxPixels) {
    throw new TooLargeError(
      'media.too_large',
      'A picture may have up to 50 million pixels, those of all its frames together.',
    );
  }
  const moves = pages > 1 && mimeType !== 'image/avif';
  // Frames cannot be turned, and moving pictures carry no orientation.
  const whole = moves ? open({ animated: true }) : open().autoOrient();
  const { data, info } = await format(whole, mimeType)
    .timeout({ seconds: timeoutSeconds })
    .toBuffer({ resolveWithObject: true });
  return {
    mimeType,
    width: info.width,
    height: moves ? (info.pageHeight ?? Math.round(info.height / pages)) : info.height,
    bytes: data,
    variants: moves ? [] : await makeVariants(open, info.width, data.length),
    placeholder: await makePlaceholder(open),
  };
}

function format(image: Sharp, mimeType: ImageType): Sharp {
  switch (mimeType) {
    case 'image/jpeg':
      return image.jpeg({ quality: 85, progressive: true });
    case 'image/png':
      return image.png();
    case 'image/gif':
      return image.gif();
    case 'image/webp':
      return image.webp({ quality: 85 });
    case 'image/avif':
      return image.avif({ quality: 60, effort: 3 });
  }
}

async function makeVariants(
  open: Open,
  fullWidth: number,
  fullSize: number,
): Promise<ProcessedImage['variants']> {
  const variants: ProcessedImage['variants'] = [];
  for (const width of variantWidths) {
    if (width >= fullWidth) break;
    const image = open().autoOrient().resize({ width }).webp({ quality: 80 });
    const bytes = await image.timeout({ seconds: timeoutSeconds }).toBuffer();
    // A drawing of few colours can be smaller as it was.
    if (bytes.length < fullSize) variants.push({ width, mimeType: 'image/webp', bytes });
  }
  return variants;
}

async function makePlaceholder(open: Open): Promise<string | null> {
  const small = open()
    .autoOrient()
    .resize({ width: placeholderSize, height: placeholderSize, fit: 'inside' });
  const { data, info } = await small.clone().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let alpha = info.channels - 1; alpha < data.length; alpha += info.channels)
    if (data[alpha] !== 255) return null;
  const bytes = await small.webp({ quality: 30 }).toBuffer();
  return `data:image/webp;base64,${bytes.toString('base64')}`;
}

function inOurWords(error: unknown): unknown {
  if (error instanceof OutpostError || !(error instanceof Error)) return error;
  if (/pixel limit/i.test(error.message))
    return new TooLargeError('media.too_large', 'The picture has too many pixels.');
  if (/timeout/i.test(error.message))
    return new TooLargeError('media.too_large', 'The picture takes too long to read. Make it smaller first.');
  return new InvalidError(
    'media.damaged',
    `The picture is damaged and cannot be read (${error.message.split('\n')[0]}).`,
  );
}
