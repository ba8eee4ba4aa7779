/** A smaller form of a picture, made when it was added. */
export type MediumVariant = { file: string; width: number; mimeType: string };

/** A file that was added to the blog. */
export type Medium = {
  id: string;
  /** Its path below the media folder; the public address is `/media/` and this. */
  file: string;
  mimeType: string;
  /** Pixels; null for what is no picture. */
  width: number | null;
  height: number | null;
  /** Bytes. */
  size: number;
  /** What the picture shows, in words. */
  alt: string;
  variants: MediumVariant[];
  /** A tiny picture as a data address, or null. */
  placeholder: string | null;
  /** How long a sound or film lasts, in whole seconds; null where that is not known, and for pictures. */
  durationSeconds: number | null;
  userId: string | null;
  createdAt: string;
};
