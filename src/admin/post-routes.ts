import type { Request, Response, Router } from 'express';
import { ConflictError, ForbiddenError, InvalidError } from '../errors.ts';
import { requireDeed } from '../http/visitor.ts';
import type { Post, PostType } from '../posts/post.ts';
import { findPost } from '../posts/post-store.ts';
import {
  deletePost,
  publishPost,
  requireWords,
  restorePost,
  schedulePost,
  trashPost,
  unpublishPost,
} from '../posts/publish-post.ts';
import { createPost, updatePost } from '../posts/write-post.ts';
import { may, type User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf, queryOf } from './admin-request.ts';
import { editorData } from './load-editor.ts';
import { leaveNotice } from './notice.ts';
import { findEditablePost } from './post-access.ts';
import { readPostFieldForms } from './post-field-form.ts';
import { type PostForm, readPostForm, toPostInput } from './post-form.ts';
import { leavePostsNotice } from './post-list-routes.ts';
import { readLocalTime } from './present-time.ts';
import { pageFacts, renderAdmin } from './render-admin.ts';

type Refusal = NonNullable<Parameters<typeof editorData>[1]['refused']>;
type Editing = { user: User; type: PostType; post: Post | null; refused?: Refusal };

async function showEditor(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { user, type, post, refused }: Editing,
): Promise<void> {
  const data = await editorData(deps, {
    user,
    type,
    post,
    useAutosave: queryOf(req, 'text') === 'autosave',
    refused,
  });
  const status = refused ? (refused.isConflict ? 409 : 422) : 200;
  await renderAdmin(deps, req, res, {
    view: 'editor',
    heading: post ? `Edit ${type}` : `New ${type}`,
    section: `${type}s`,
    data,
    status,
  });
}

/** A refusal that the writer can mend; anything else is thrown on. */
function refusalOf(error: unknown, typed: Pick<Refusal, 'form' | 'body'>): Refusal {
  if (error instanceof ConflictError && error.code === 'post.changed_meanwhile')
    return { ...typed, errors: {}, isConflict: true };
  if (error instanceof InvalidError) {
    const hasFields = Object.keys(error.fields).length > 0;
    return { ...typed, errors: hasFields ? error.fields : { '': error.publicMessage }, isConflict: false };
  }
  if (error instanceof ConflictError)
    return { ...typed, errors: { '': error.publicMessage }, isConflict: false };
  throw error;
}

/** Does what the pressed button says with the saved post, and tells what was done. */
async function carryOut(deps: AdminDeps, post: Post, form: PostForm): Promise<string> {
  if (form.intent === 'publish') {
    await publishPost(deps, post.id);
    return 'Published.';
  }
  if (form.intent === 'schedule') {
    const { site, print } = await pageFacts(deps);
    const at = readLocalTime(form.scheduledAt, site.timeZone);
    if (!at)
      throw new InvalidError(
        'post.schedule_time',
        'Say when it is to go out.',
        { scheduledAt: 'Say when it is to go out: a day and an hour.' },
        422,
      );
    await schedulePost(deps, post.id, at);
    return `Scheduled for ${print(at.toISOString()).text}.`;
  }
  if (post.status === 'published') return form.quiet ? 'Updated; nobody was told.' : 'Updated.';
  return 'Saved.';
}

async function save(deps: AdminDeps, req: Request, res: Response, editing: Editing): Promise<void> {
  const { user, type, post } = editing;
  const body = bodyOf(req);
  const form = readPostForm(body);
  if (form.intent !== 'save' && !may(user, 'posts.publish')) {
    throw new ForbiddenError(
      'auth.forbidden',
      'Your account may not publish. Save the draft and ask an editor.',
    );
  }
  if (post?.status === 'trash')
    throw new ConflictError('post.in_trash', 'It is in the trash. Put it back before changing it.');
  let saved = post;
  try {
    // Before anything is saved: a refused publication must not leave an empty draft behind.
    if (form.intent !== 'save' && post?.status !== 'published') requireWords(form);
    const fields = await readPostFieldForms(deps, post?.id ?? null, body);
    const input = { ...toPostInput(form, post), fields };
    saved = post
      ? await updatePost(deps, post.id, {
          ...input,
          quiet: form.quiet,
          expectedVersion: form.over ?? form.version,
          writerId: user.id,
        })
      : await createPost(deps, { ...input, authorId: user.id, type });
    leaveNotice(deps, req, res, { text: await carryOut(deps, saved, form) });
    res.redirect(303, `/admin/${type}s/${saved.id}`);
  } catch (error) {
    const refused = refusalOf(error, { form, body });
    const current = saved ? await findPost(deps.db, saved.id) : null;
    await showEditor(deps, req, res, { ...editing, post: current, refused });
  }
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
    router.post(base, (req, res) => save(deps, req, res, { user: writer(req), type, post: null }));
    router.get(`${base}/:id`, async (req, res) => showEditor(deps, req, res, await own(req)));
    router.post(`${base}/:id`, async (req, res) => save(deps, req, res, await own(req)));

    router.post(`${base}/:id/unpublish`, async (req, res) => {
      const { user, post } = await own(req);
      if (!may(user, 'posts.publish'))
        throw new ForbiddenError('auth.forbidden', 'Your account may not do this.');
      await unpublishPost(deps, post.id);
      leaveNotice(deps, req, res, {
        text: post.status === 'scheduled' ? 'Back among the drafts.' : 'Unpublished. It is a draft again.',
      });
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
