import type { Request, Router } from 'express';
import { InvalidError, NotFoundError } from '../errors.ts';
import { requireDeed, requireOwnForm } from '../http/visitor.ts';
import { addMedia, changeAlt, deleteMedia } from '../media/add-media.ts';
import { findMedium, listMedia } from '../media/media-store.ts';
import type { Medium } from '../media/medium.ts';
import { may, type User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf, queryOf, textOf, wantsJson } from './admin-request.ts';
import { leaveNotice } from './notice.ts';
import {
  cursorPager,
  fileNameOf,
  mediaPath,
  presentMedium,
  sizeInWords,
  thumbnailOf,
} from './present-media.ts';
import { maxUploadBytes, readUpload } from './read-upload.ts';
import { pageFacts, renderAdmin } from './render-admin.ts';
import type { MediaView } from './view-models.ts';

const onAPage = 48;

/** Where files are sent, the one address of the admin that takes a form with files. */
export const uploadAction = '/admin/media';

function mayChange(user: User, medium: Medium): boolean {
  return may(user, 'posts.editOthers') || medium.userId === user.id;
}

/** A file that this user may change. @throws NotFoundError `media.not_found` */
async function findOwnMedium(deps: AdminDeps, req: Request): Promise<Medium> {
  const user = requireDeed(req, 'media.add');
  const medium = await findMedium(deps.db, paramOf(req, 'id'));
  if (!medium || !mayChange(user, medium))
    throw new NotFoundError('media.not_found', 'There is no such file.');
  return medium;
}

/** A stored file as the browser's scripts take it. */
function asJson(medium: Medium, name: string): Record<string, unknown> {
  return {
    id: medium.id,
    url: mediaPath(medium.file),
    thumbUrl: thumbnailOf(medium),
    alt: medium.alt,
    name,
    width: medium.width,
    height: medium.height,
  };
}

/** The library: adding, describing, deleting. */
export function addMediaRoutes(router: Router, deps: AdminDeps): void {
  router.get('/admin/media', async (req, res) => {
    const user = requireDeed(req, 'media.add');
    const after = queryOf(req, 'after');
    const onlyPictures = queryOf(req, 'kind') === 'picture';
    const media = await listMedia(deps.db, { limit: onAPage + 1, after: after || undefined, onlyPictures });
    const shown = media.slice(0, onAPage);
    if (wantsJson(req)) {
      const next = media.length > onAPage ? (shown.at(-1)?.id ?? null) : null;
      res.json({ items: shown.map((medium) => asJson(medium, fileNameOf(medium))), next });
      return;
    }
    const { print } = await pageFacts(deps);
    const data: MediaView = {
      items: shown.map((medium) => presentMedium(medium, { print, editable: mayChange(user, medium) })),
      pager: cursorPager(
        '/admin/media',
        {},
        { after, next: media.length > onAPage ? (shown.at(-1)?.id ?? null) : null },
      ),
      uploadAction,
      maxBytesText: `Pictures, sound, film or PDF, up to ${sizeInWords(maxUploadBytes)} each.`,
      mayUpload: true,
    };
    await renderAdmin(deps, req, res, { view: 'media', heading: 'Media', section: 'media', data });
  });

  router.post(uploadAction, async (req, res) => {
    const user = requireDeed(req, 'media.add');
    const { fields, files } = await readUpload(req);
    requireOwnForm(req, deps.config.origin, fields.csrf);
    const [first] = files;
    if (!first)
      throw new InvalidError('upload.empty', 'Choose a file first.', { file: 'Choose a file.' }, 422);
    const added: Medium[] = [];
    for (const file of files) {
      added.push(
        await addMedia(deps, {
          bytes: file.bytes,
          alt: files.length === 1 ? (fields.alt ?? '') : '',
          userId: user.id,
        }),
      );
    }
    if (wantsJson(req) && added[0]) {
      res.status(201).json(asJson(added[0], first.name));
      return;
    }
    leaveNotice(deps, req, res, {
      text: files.length === 1 ? `Added ${first.name}.` : `Added ${files.length} files.`,
    });
    res.redirect(303, '/admin/media');
  });

  router.post('/admin/media/:id', async (req, res) => {
    const medium = await findOwnMedium(deps, req);
    const changed = await changeAlt(deps, medium.id, textOf(bodyOf(req), 'alt'));
    if (wantsJson(req)) {
      res.json(asJson(changed, fileNameOf(changed)));
      return;
    }
    leaveNotice(deps, req, res, { text: 'Description saved.' });
    res.redirect(303, `/admin/media#medium-${medium.id}`);
  });

  router.post('/admin/media/:id/delete', async (req, res) => {
    const medium = await findOwnMedium(deps, req);
    await deleteMedia(deps, medium.id);
    if (wantsJson(req)) {
      res.json({ id: medium.id });
      return;
    }
    leaveNotice(deps, req, res, { text: `Deleted ${fileNameOf(medium)}.` });
    res.redirect(303, '/admin/media');
  });
}
