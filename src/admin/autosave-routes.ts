import type { Request, Response, Router } from 'express';
import { ConflictError } from '../errors.ts';
import { requireDeed } from '../http/visitor.ts';
import { putAutosave, removeAutosave } from '../posts/autosave-store.ts';
import type { Post, PostInput, PostType } from '../posts/post.ts';
import { createPost, updatePost } from '../posts/write-post.ts';
import type { User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf } from './admin-request.ts';
import { findEditablePost } from './post-access.ts';
import { readPostFieldForms } from './post-field-form.ts';
import { readPostForm, toPostInput } from './post-form.ts';
import { readPostKey } from './post-key.ts';
import { statusWords } from './present-posts.ts';
import { hourOf } from './present-time.ts';
import { pageFacts } from './render-admin.ts';

/** Answers a save that the browser made by itself. */
async function answerSaved(
  deps: AdminDeps,
  res: Response,
  { post, note }: { post: Post; note: string },
): Promise<void> {
  const { site } = await pageFacts(deps);
  const own = `/admin/${post.type}s/${post.id}`;
  res.json({
    id: post.id,
    version: post.version,
    slug: post.slug,
    statusText: statusWords[post.status],
    savedText: `Saved at ${hourOf(deps.clock.iso(), site.timeZone)}${note}`,
    urls: { save: own, autosave: `${own}/autosave`, preview: `${own}/preview` },
  });
}

/** What was typed so far. A plugin's part that cannot be saved yet holds up nothing else, and is named. */
async function readTyped(
  deps: AdminDeps,
  req: Request,
  post: Post | null,
): Promise<{ input: PostInput; note: string }> {
  const body = bodyOf(req);
  const wrong: string[] = [];
  const fields = await readPostFieldForms(deps, post?.id ?? null, body, (error) => wrong.push(error.message));
  const note = wrong.length > 0 ? `, but not what is wrong yet: ${wrong.join(' ')}` : '';
  return { input: { ...toPostInput(readPostForm(body), post), fields }, note };
}

/**
 * Keeps what somebody is typing. A draft, which nobody else sees, is simply saved; beside a public post the text is kept apart
 * until the writer updates it.
 */
async function autosave(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { user, post }: { user: User; post: Post },
): Promise<void> {
  const form = readPostForm(bodyOf(req));
  const { input, note } = await readTyped(deps, req, post);
  if (post.status === 'trash') throw new ConflictError('post.in_trash', 'It is in the trash meanwhile.');
  if (post.status === 'draft' || post.status === 'review') {
    const saved = await updatePost(deps, post.id, {
      ...input,
      expectedVersion: form.version,
      writerId: user.id,
    });
    await answerSaved(deps, res, { post: saved, note });
    return;
  }
  if (form.version !== post.version)
    throw new ConflictError(
      'post.changed_meanwhile',
      'It was changed meanwhile by somebody else, or in another window.',
    );
  await putAutosave(deps.db, {
    postId: post.id,
    userId: user.id,
    content: input,
    baseVersion: form.version,
    savedAt: deps.clock.iso(),
  });
  await answerSaved(deps, res, { post, note: `; readers see it after Update${note}` });
}

/** Saving by itself while one types. */
export function addAutosaveRoutes(router: Router, deps: AdminDeps): void {
  for (const type of ['post', 'page'] as const satisfies readonly PostType[]) {
    const base = `/admin/${type}s`;
    const writer = (req: Request) => requireDeed(req, type === 'page' ? 'posts.editOthers' : 'posts.write');

    router.post(`${base}/autosave`, async (req, res) => {
      const { id } = writer(req);
      const key = readPostKey(deps, id, readPostForm(bodyOf(req)).key);
      const { input, note } = await readTyped(deps, req, null);
      await answerSaved(deps, res, {
        post: await createPost(deps, { ...input, authorId: id, type, ...(key && { id: key }) }),
        note,
      });
    });
    router.post(`${base}/:id/autosave`, async (req, res) => {
      const user = writer(req);
      await autosave(deps, req, res, {
        user,
        post: await findEditablePost(deps, user, paramOf(req, 'id'), type),
      });
    });
    router.post(`${base}/:id/autosave/drop`, async (req, res) => {
      const user = writer(req);
      const post = await findEditablePost(deps, user, paramOf(req, 'id'), type);
      await removeAutosave(deps.db, post.id, user.id);
      res.redirect(303, `${base}/${post.id}`);
    });
  }
}
