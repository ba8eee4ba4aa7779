import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { InvalidError, TooLargeError, UnsupportedTypeError } from '../../src/errors.ts';
import { processImage } from '../../src/media/process-image.ts';

/** A photograph's stand-in: noise does not compress, so sizes behave like those of photographs. */
function photo(width: number, height: number) {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
}

const plain = (width: number, height: number, background = '#c33') =>
  sharp({ create: { width, height, channels: 3, background } });

async function animation(count: number): Promise<Buffer> {
  const frames = Array.from({ length: count }, (_, index) =>
    plain(60, 40, `rgb(${index * 70},0,0)`)
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif({ delay: Array.from({ length: count }, () => 100) })
    .toBuffer();
}

describe('a picture', () => {
  test('comes in sizes for small screens, and with a tiny placeholder', async () => {
    const image = await processImage(await photo(1200, 800).jpeg().toBuffer());

    expect(image).toMatchObject({ mimeType: 'image/jpeg', width: 1200, height: 800 });
    expect(image.variants.map(({ width, mimeType }) => [width, mimeType])).toEqual([
      [480, 'image/webp'],
      [960, 'image/webp'],
    ]);
    const small = await sharp(image.variants[0]?.bytes).metadata();
    expect([small.format, small.width, small.height]).toEqual(['webp', 480, 320]);
    expect(image.placeholder).toMatch(/^data:image\/webp;base64,[A-Za-z0-9+/=]{20,1000}$/);
  });

  test.each(['jpeg', 'png', 'webp', 'avif', 'gif'] as const)(
    'of type %s keeps its type and is encoded anew',
    async (format) => {
      const bytes = await plain(64, 48).toFormat(format).toBuffer();
      const image = await processImage(bytes);
      expect(image).toMatchObject({ mimeType: `image/${format}`, width: 64, height: 48, variants: [] });
      expect((await sharp(image.bytes).metadata()).width).toBe(64);
    },
  );

  test('loses where and with what it was taken, and stands upright (W24)', async () => {
    const exif = {
      IFD0: { Make: 'SecretCamera', Software: 'secret' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 30/1' },
    };
    const bytes = await plain(100, 50).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const before = await sharp(bytes).metadata();
    expect(before.orientation).toBe(6);
    expect(bytes.includes('SecretCamera')).toBe(true);

    const image = await processImage(bytes);

    const after = await sharp(image.bytes).metadata();
    expect([image.width, image.height]).toEqual([50, 100]);
    expect([after.exif, after.icc, after.xmp, after.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    for (const file of [image.bytes, ...image.variants.map((variant) => variant.bytes)]) {
      expect(file.includes('SecretCamera')).toBe(false);
    }
  });

  test('that moves goes on moving', async () => {
    const image = await processImage(await animation(3));
    expect(image).toMatchObject({ mimeType: 'image/gif', width: 60, height: 40, variants: [] });
    expect((await sharp(image.bytes, { animated: true }).metadata()).pages).toBe(3);
  });

  test('with transparent parts has no placeholder to shine through', async () => {
    const bytes = await sharp({
      create: { width: 40, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    expect((await processImage(bytes)).placeholder).toBeNull();
  });

  test('loses what was hung onto it (C30)', async () => {
    const script = Buffer.from('<script>alert(1)</script>');
    const bytes = Buffer.concat([await plain(8, 8).gif().toBuffer(), script]);
    expect((await processImage(bytes)).bytes.includes(script)).toBe(false);
  });
});

describe('what is no good picture', () => {
  test.each([
    ['SVG (C29)', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['HTML (C30)', '<!doctype html><p>x'],
    ['nothing', ''],
    ['PDF', '%PDF-1.7'],
  ])('%s is refused, and what is taken is named', async (_name, text) => {
    const error = await processImage(Buffer.from(text)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnsupportedTypeError);
    expect(error).toMatchObject({
      status: 415,
      message: expect.stringMatching(/JPEG, PNG, GIF, WebP, AVIF/),
    });
  });

  test('a damaged one is refused', async () => {
    const whole = await photo(300, 300).jpeg().toBuffer();
    await expect(processImage(whole.subarray(0, whole.length / 2))).rejects.toThrow(InvalidError);
    await expect(processImage(Buffer.from('\x89PNG\r\n\x1a\nnonsense', 'latin1'))).rejects.toThrow(
      InvalidError,
    );
  });

  test('one with too many pixels is refused before it is decoded', async () => {
    const bytes = await plain(8000, 7000).png({ compressionLevel: 9 }).toBuffer();
    expect(bytes.length).toBeLessThan(1_000_000);
    await expect(processImage(bytes)).rejects.toThrow(TooLargeError);
  });

  test('one of too many bytes is refused', async () => {
    const bytes = Buffer.concat([await plain(8, 8).png().toBuffer(), Buffer.alloc(20 * 1024 * 1024)]);
    await expect(processImage(bytes)).rejects.toThrow(/20 MiB/);
  });

  test('does not keep the next one from being worked on', async () => {
    const bytes = await plain(8, 8).png().toBuffer();
    const results = await Promise.allSettled([
      processImage(Buffer.from('x')),
      processImage(bytes),
      processImage(bytes),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });
});
