import type { Router } from 'express';
import { UnavailableError } from '../errors.ts';
import { notFound } from '../http/errors.ts';
import type { WebDeps } from '../http/server.ts';
import { picturesPath, readPictureAddress } from '../pictures/picture-address.ts';
import { createPictures } from '../pictures/pictures.ts';

/** Seconds that browsers keep a picture. */
const keptFor = 86_400;

/** Faces and emoji from elsewhere, fetched when somebody first looks at them. */
export function addPictureRoutes(router: Router, deps: WebDeps): void {
  const pictures = createPictures(deps);

  router.get(`${picturesPath}/:use/:signature/:encoded`, async (req, res) => {
    const asked = readPictureAddress(deps.secrets, req.params);
    if (!asked) return notFound();
    const answer = await pictures(asked.use, asked.url);
    if (answer.kind === 'busy')
      throw new UnavailableError('pictures.busy', 'Too many pictures are being fetched; try again soon.');
    res.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
    res.setHeader('X-Robots-Tag', 'noindex');
    if (answer.kind === 'none') {
      res.setHeader('Cache-Control', 'public, max-age=600');
      res.status(404).end();
      return;
    }
    res.setHeader('Cache-Control', `public, max-age=${keptFor}`);
    res.type('image/webp').send(answer.bytes);
  });
}
