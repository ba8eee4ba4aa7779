/** The pictures that are taken. */
export const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'] as const;
export type ImageType = (typeof imageTypes)[number];

/** What else is taken, and kept as it is. */
export type OtherMediaType =
  | 'audio/mpeg'
  | 'audio/ogg'
  | 'audio/flac'
  | 'audio/wav'
  | 'audio/mp4'
  | 'video/mp4'
  | 'video/webm'
  | 'video/ogg'
  | 'application/pdf';

/** The files that can be added, for messages. */
export const allowedInWords =
  'pictures (JPEG, PNG, GIF, WebP, AVIF), sound (MP3, Ogg, Opus, FLAC, WAV, M4A), film (MP4, WebM, Ogg) and PDF';

const videoBrands = new Set([
  'avc1',
  'dash',
  'iso2',
  'iso4',
  'iso5',
  'iso6',
  'isom',
  'M4V ',
  'M4VH',
  'M4VP',
  'mp41',
  'mp42',
  'mp71',
]);
const audioBrands = new Set(['M4A ', 'M4B ', 'M4P ']);

/**
 * What a file is by its bytes, or null for everything that is not taken: HTML, SVG, scripts, archives, unknown. Names and
 * what the browser claims play no part.
 */
export function detectFileType(bytes: Uint8Array): ImageType | OtherMediaType | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  const startsWith = (signature: string, offset = 0) =>
    head.toString('latin1', offset, offset + signature.length) === signature;

  if (startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (startsWith('GIF87a') || startsWith('GIF89a')) return 'image/gif';
  if (startsWith('RIFF') && startsWith('WEBP', 8)) return 'image/webp';
  if (startsWith('RIFF') && startsWith('WAVE', 8)) return 'audio/wav';
  if (startsWith('fLaC')) return 'audio/flac';
  if (startsWith('OggS')) return oggType(head);
  if (startsWith('ftyp', 4)) return isoType(head);
  if (startsWith('\x1a\x45\xdf\xa3')) return head.subarray(0, 64).includes('webm') ? 'video/webm' : null;
  if (startsWith('%PDF-')) return 'application/pdf';
  if (isMp3(bytes, head)) return 'audio/mpeg';
  return null;
}

function oggType(head: Buffer): 'audio/ogg' | 'video/ogg' | null {
  const firstPage = head.subarray(0, 128);
  if (firstPage.includes('theora')) return 'video/ogg';
  return ['OpusHead', 'vorbis', 'FLAC', 'Speex'].some((codec) => firstPage.includes(codec))
    ? 'audio/ogg'
    : null;
}

function isoType(head: Buffer): 'image/avif' | 'audio/mp4' | 'video/mp4' | null {
  const boxEnd = Math.min(head.readUInt32BE(0), head.length, 256);
  const major = head.toString('latin1', 8, 12);
  const brands = [major];
  for (let offset = 16; offset + 4 <= boxEnd; offset += 4)
    brands.push(head.toString('latin1', offset, offset + 4));
  if (brands.includes('avif') || brands.includes('avis')) return 'image/avif';
  if (audioBrands.has(major)) return 'audio/mp4';
  return videoBrands.has(major) ? 'video/mp4' : null;
}

const bitratesV1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const bitratesV2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const sampleRates: Readonly<Record<number, readonly number[]>> = {
  0: [11025, 12000, 8000],
  2: [22050, 24000, 16000],
  3: [44100, 48000, 32000],
};

/** An ID3 tag, or two whole frames one after the other: two bytes of a sync word alone prove nothing. */
function isMp3(bytes: Uint8Array, head: Buffer): boolean {
  if (head.toString('latin1', 0, 3) === 'ID3') {
    const [version = 0xff, , , ...size] = head.subarray(3, 10);
    return version < 5 && size.length === 4 && size.every((byte) => byte < 0x80);
  }
  const length = frameLength(bytes, 0);
  return length !== null && (bytes.length === length || frameLength(bytes, length) !== null);
}

/** Source: ISO/IEC 11172-3, 2.4.1.3; ISO/IEC 13818-3, 2.4.2.3 (the header of a layer III frame). */
function frameLength(bytes: Uint8Array, offset: number): number | null {
  const [sync = 0, kind = 0, rates = 0] = bytes.subarray(offset, offset + 3);
  if (sync !== 0xff || (kind & 0xe6) !== 0xe2) return null;
  const version = (kind >> 3) & 3;
  const bitrate = (version === 3 ? bitratesV1 : bitratesV2)[rates >> 4];
  const sampleRate = sampleRates[version]?.[(rates >> 2) & 3];
  if (!bitrate || !sampleRate) return null;
  return Math.floor(((version === 3 ? 144 : 72) * bitrate * 1000) / sampleRate) + ((rates >> 1) & 1);
}
