import type { WebDeps } from '../http/server.ts';
import { findMedia, mediumUrl } from '../media/media-store.ts';
import type { Medium } from '../media/medium.ts';
import type { ImageView } from './view-models.ts';

/** Kinds of pictures that cover all of their area, so that a blurred placeholder never shows through. */
const opaque: ReadonlySet<string> = new Set(['image/jpeg', 'image/jpg']);

/** Addresses without the origin work under whatever name the site is reached. */
const here = { origin: '' };

/** A picture of our own; null for what is no picture. */
function presentImage(medium: Medium): ImageView | null {
  if (!medium.mimeType.startsWith('image/')) return null;
  const variants = medium.variants.map((variant) => `${mediumUrl(here, variant)} ${variant.width}w`);
  const full = medium.width === null ? [] : [`${mediumUrl(here, medium)} ${medium.width}w`];
  return {
    url: mediumUrl(here, medium),
    alt: medium.alt,
    width: medium.width,
    height: medium.height,
    srcset: variants.length > 0 ? [...variants, ...full].join(', ') : null,
    placeholder: opaque.has(medium.mimeType) && medium.width !== null ? medium.placeholder : null,
  };
}

/** The pictures with these ids, by id; those that are gone or no pictures are left out. */
export async function findImages(
  deps: Pick<WebDeps, 'db'>,
  ids: readonly (string | null | undefined)[],
): Promise<Map<string, ImageView>> {
  const wanted = [...new Set(ids.filter((id): id is string => typeof id === 'string'))];
  const images = new Map<string, ImageView>();
  for (const medium of await findMedia(deps.db, wanted)) {
    const image = presentImage(medium);
    if (image) images.set(medium.id, image);
  }
  return images;
}

/** A small form of a picture, for faces. */
export function smallUrl(image: ImageView | undefined): string | null {
  return image?.srcset?.split(' ', 1)[0] ?? image?.url ?? null;
}
