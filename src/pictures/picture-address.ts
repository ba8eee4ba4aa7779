import type { Secrets } from '../secrets.ts';

/** What a picture from elsewhere is shown as, which says how large it is made. */
export type PictureUse = 'face' | 'emoji';

/** Under which folder pictures from elsewhere are served. */
export const picturesPath = '/pictures';

const purpose = 'remote picture';

/**
 * The address on this site of a picture from elsewhere, so that readers' browsers never ask strangers. It is signed:
 * only what is on one of our pages can be asked for.
 * @param url http or https
 */
export function pictureAddress(secrets: Pick<Secrets, 'sign'>, use: PictureUse, url: string): string {
  const signature = secrets.sign(purpose, `${use} ${url}`);
  return `${picturesPath}/${use}/${signature}/${Buffer.from(url).toString('base64url')}`;
}

/** Gives the address on this site of a picture from elsewhere. */
export type PictureLink = (use: PictureUse, url: string) => string;

/** The same with the site's secret at hand. */
export function pictureLink({ secrets }: { secrets: Pick<Secrets, 'sign'> }): PictureLink {
  return (use, url) => pictureAddress(secrets, use, url);
}

/** What such an address stands for; null where it was not made here. */
export function readPictureAddress(
  secrets: Pick<Secrets, 'verify'>,
  { use, signature, encoded }: { use: string; signature: string; encoded: string },
): { use: PictureUse; url: string } | null {
  if (use !== 'face' && use !== 'emoji') return null;
  const url = Buffer.from(encoded, 'base64url').toString();
  return secrets.verify(purpose, `${use} ${url}`, signature) ? { use, url } : null;
}
