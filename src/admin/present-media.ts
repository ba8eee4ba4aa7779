import type { Medium } from '../media/medium.ts';
import type { TimePrinter } from './present-time.ts';
import type { MediumCardView, PagerView } from './view-models.ts';

/** The address of a medium on this site, without the origin: it goes on working when the blog moves. */
export function mediaPath(file: string): string {
  return `/media/${file}`;
}

/** How large a file is, in words. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const typeNames: Readonly<Record<string, string>> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
  'image/avif': 'AVIF',
  'audio/mpeg': 'MP3',
  'audio/ogg': 'Ogg',
  'audio/flac': 'FLAC',
  'audio/wav': 'WAV',
  'audio/mp4': 'M4A',
  'video/mp4': 'MP4',
  'video/webm': 'WebM',
  'video/ogg': 'Ogg',
  'application/pdf': 'PDF',
};

/** The smallest form that still looks good at the width of a card. */
export function thumbnailOf(medium: Medium): string | null {
  if (!medium.mimeType.startsWith('image/')) return null;
  const fitting = medium.variants
    .filter((variant) => variant.width >= 400)
    .sort((a, b) => a.width - b.width)[0];
  return mediaPath(fitting?.file ?? medium.file);
}

/** What to write into a post to show or link the file. */
function markdownFor(medium: Medium): string {
  const words = medium.alt.replace(/[[\]\\]/g, '\\$&');
  const url = mediaPath(medium.file);
  const isShown = /^(?:image|audio|video)\//.test(medium.mimeType);
  return isShown ? `![${words}](${url})` : `[${words || 'File'}](${url})`;
}

/** The last part of a file's path. */
export function fileNameOf(medium: Pick<Medium, 'file'>): string {
  return medium.file.split('/').at(-1) ?? medium.file;
}

/** A file in the library. */
export function presentMedium(
  medium: Medium,
  { print, editable }: { print: TimePrinter; editable: boolean },
): MediumCardView {
  const measures =
    medium.width !== null && medium.height !== null ? `, ${medium.width} × ${medium.height}` : '';
  return {
    id: medium.id,
    url: mediaPath(medium.file),
    thumbUrl: thumbnailOf(medium),
    name: fileNameOf(medium),
    alt: medium.alt,
    details: `${typeNames[medium.mimeType] ?? medium.mimeType}${measures}, ${sizeInWords(medium.size)}`,
    when: print(medium.createdAt),
    markdown: markdownFor(medium),
    editable,
  };
}

/** Earlier and later parts of a list that goes on from an id. */
export function cursorPager(
  base: string,
  query: Readonly<Record<string, string>>,
  { after, next }: { after: string; next: string | null },
): PagerView {
  const at = (id: string | null) => {
    const search = new URLSearchParams({ ...query, ...(id === null ? {} : { after: id }) });
    return search.size > 0 ? `${base}?${search}` : base;
  };
  return { previous: after === '' ? null : at(null), next: next === null ? null : at(next), text: '' };
}
