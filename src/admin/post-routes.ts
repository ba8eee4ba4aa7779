import type { Request, Response, Router } from 'express';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { requireDeed } from '../http/visitor.ts';
import type { Post, PostType } from '../posts/post.ts';
import { deletePost, restorePost, trashPost, unpublishPost } from '../posts/publish-post.ts';
import { may, type User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf } from './admin-request.ts';
import { leaveNotice } from './notice.ts';
import { findEditablePost } from './post-access.ts';
import { leavePostsNotice } from './post-list-routes.ts';
import { notSaved, savePostForm, showEditor } from './save-post.ts';

const takenBack: Readonly<Partial<Record<Post['status'], string>>> = {
  scheduled: 'Back among the drafts.',
  review: 'Sent back. It is a draft again.',
};

/** What was typed for a post that is not there any more, or not theirs to change: in the editor, as a new post. */
async function offerAsNew(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { user, type }: { user: User; type: PostType },
): Promise<void> {
  const sentence = `This ${type} is not there any more, or not yours to change. Save to make a new one of what you typed.`;
  const refused = notSaved(bodyOf(req), { sentence, status: 404 });
  await showEditor(deps, req, res, { user, type, post: null, refused });
}

/** The editor: making, changing, publishing, taking back, throwing away. */
export function addPostRoutes(router: Router, deps: AdminDeps): void {
  for (const type of ['post', 'page'] as const) {
    const base = `/admin/${type}s`;
    const writer = (req: Request) => requireDeed(req, type === 'page' ? 'posts.editOthers' : 'posts.write');
    const own = async (req: Request) => {
      const user = writer(req);
      return { user, type, post: await findEditablePost(deps, user, paramOf(req, 'id'), type) };
    };

    router.get(`${base}/new`, (req, res) =>
      showEditor(deps, req, res, { user: writer(req), type, post: null }),
    );
    router.post(base, (req, res) => savePostForm(deps, req, res, { user: writer(req), type, post: null }));
    router.get(`${base}/:id`, async (req, res) => showEditor(deps, req, res, await own(req)));
    router.post(`${base}/:id`, async (req, res) => {
      try {
        await savePostForm(deps, req, res, await own(req));
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
        await offerAsNew(deps, req, res, { user: writer(req), type });
      }
    });

    router.post(`${base}/:id/unpublish`, async (req, res) => {
      const { user, post } = await own(req);
      if (!may(user, 'posts.publish') && post.status !== 'review')
        throw new ForbiddenError('auth.forbidden', 'Your account may not do this.');
      await unpublishPost(deps, post.id);
      leaveNotice(deps, req, res, { text: takenBack[post.status] ?? 'Unpublished. It is a draft again.' });
      res.redirect(303, `${base}/${post.id}`);
    });
    router.post(`${base}/:id/trash`, async (req, res) => {
      const { post } = await own(req);
      leavePostsNotice(deps, req, res, { type, deed: 'trash', posts: [await trashPost(deps, post.id)] });
      res.redirect(303, base);
    });
    router.post(`${base}/:id/restore`, async (req, res) => {
      const { post } = await own(req);
      await restorePost(deps, post.id);
      leaveNotice(deps, req, res, { text: 'Put back. It is a draft.' });
      res.redirect(303, `${base}/${post.id}`);
    });
    router.post(`${base}/:id/delete`, async (req, res) => {
      const { post } = await own(req);
      leavePostsNotice(deps, req, res, { type, deed: 'delete', posts: [await deletePost(deps, post.id)] });
      res.redirect(303, base);
    });
  }
}
