import type { Request, Response } from 'express';
import { ConflictError, ForbiddenError, InvalidError } from '../errors.ts';
import { putAutosave } from '../posts/autosave-store.ts';
import type { Post, PostType } from '../posts/post.ts';
import { findPost } from '../posts/post-store.ts';
import {
  publishPost,
  publishPrivately,
  requireWords,
  schedulePost,
  submitPost,
} from '../posts/publish-post.ts';
import { createPost, updatePost } from '../posts/write-post.ts';
import { may, mayEditPost, type User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, queryOf } from './admin-request.ts';
import { editorData, type Refusal } from './load-editor.ts';
import { leaveNotice } from './notice.ts';
import { readPostFieldForms } from './post-field-form.ts';
import { type PostForm, readPostForm, toPostInput } from './post-form.ts';
import { readPostKey } from './post-key.ts';
import { readLocalTime } from './present-time.ts';
import { pageFacts, renderAdmin } from './render-admin.ts';

/** Who edits what, with what could not be saved of it. */
export type Editing = { user: User; type: PostType; post: Post | null; refused?: Refusal };

/** Shows the editor; what was refused is still in it. */
export async function showEditor(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { user, type, post, refused }: Editing,
): Promise<void> {
  const useAutosave = queryOf(req, 'text') === 'autosave';
  const data = await editorData(deps, { user, type, post, useAutosave, refused });
  await renderAdmin(deps, req, res, {
    view: 'editor',
    heading: post ? `Edit ${type}` : `New ${type}`,
    section: `${type}s`,
    data,
    status: refused?.status ?? 200,
  });
}

/** What was typed, with a sentence that says why it is not saved. */
export function notSaved(
  body: Readonly<Record<string, unknown>>,
  { sentence, status }: { sentence: string; status: number },
): Refusal {
  return { body, form: readPostForm(body), errors: { '': sentence }, isConflict: false, status };
}

/** A refusal that the writer can mend; anything else is thrown on. */
function refusalOf(error: unknown, typed: Pick<Refusal, 'form' | 'body'>): Refusal {
  if (error instanceof ConflictError) {
    const isConflict = error.code === 'post.changed_meanwhile';
    return { ...typed, errors: isConflict ? {} : { '': error.publicMessage }, isConflict, status: 409 };
  }
  if (error instanceof InvalidError) {
    const hasFields = Object.keys(error.fields).length > 0;
    const errors = hasFields ? error.fields : { '': error.publicMessage };
    return { ...typed, errors, isConflict: false, status: 422 };
  }
  throw error;
}

/** Does what the pressed button says with the saved post, and tells what was done. */
async function carryOut(deps: AdminDeps, post: Post, form: PostForm): Promise<string> {
  switch (form.intent) {
    case 'publish':
      await publishPost(deps, post.id);
      return 'Published.';
    case 'private':
      await publishPrivately(deps, post.id);
      return 'Published privately. Only those who may change it see it.';
    case 'review':
      await submitPost(deps, post.id);
      return 'Submitted. An editor publishes it, or sends it back.';
    case 'schedule': {
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
    case 'save':
      if (post.status === 'published') return form.quiet ? 'Updated; nobody was told.' : 'Updated.';
      return 'Saved.';
  }
}

/** A post that went to the trash while its text was being changed: the text waits beside it until it is put back. */
async function keepBesideTrash(
  deps: AdminDeps,
  req: Request,
  res: Response,
  editing: Editing & { post: Post },
): Promise<void> {
  const { user, post } = editing;
  const body = bodyOf(req);
  const form = readPostForm(body);
  await putAutosave(deps.db, {
    postId: post.id,
    userId: user.id,
    content: toPostInput(form, post),
    baseVersion: form.version,
    savedAt: deps.clock.iso(),
  });
  const sentence = `It is in the trash meanwhile. What you typed is kept: put the ${post.type} back to go on with it.`;
  await showEditor(deps, req, res, {
    ...editing,
    refused: notSaved(body, { sentence, status: 409 }),
  });
}

/** The post that an earlier sending of the same form has made. */
async function madeBefore(deps: AdminDeps, user: User, key: string | null): Promise<Post | null> {
  const post = key === null ? null : await findPost(deps.db, key);
  return post && mayEditPost(user, post) ? post : null;
}

/** Whether the form says only what the post says already. */
function isSame(form: PostForm, post: Post): boolean {
  return form.title.trim() === post.title && form.bodyMarkdown === post.bodyMarkdown;
}

/** Saves what the editor's form says. Whatever cannot be saved is shown again with the reason. */
export async function savePostForm(
  deps: AdminDeps,
  req: Request,
  res: Response,
  editing: Editing,
): Promise<void> {
  const { user, type } = editing;
  const body = bodyOf(req);
  const form = readPostForm(body);
  const needsRight = form.intent !== 'save' && form.intent !== 'review';
  if (needsRight && !may(user, 'posts.publish')) {
    throw new ForbiddenError(
      'auth.forbidden',
      'Your account may not publish. Submit it for review, and an editor will.',
    );
  }
  const key = editing.post ? null : readPostKey(deps, user.id, form.key);
  const twin = editing.post ? null : await madeBefore(deps, user, key);
  const post = editing.post ?? twin;
  if (post?.status === 'trash') {
    await keepBesideTrash(deps, req, res, { ...editing, post });
    return;
  }
  let saved = post;
  try {
    // Before anything is saved: a refused publication must not leave an empty draft behind.
    if (form.intent !== 'save' && post?.status !== 'published') requireWords(form);
    const fields = await readPostFieldForms(deps, post?.id ?? null, body);
    const input = { ...toPostInput(form, post), fields };
    if (!post) saved = await createPost(deps, { ...input, authorId: user.id, type, ...(key && { id: key }) });
    else if (!twin || !isSame(form, twin))
      saved = await updatePost(deps, post.id, {
        ...input,
        quiet: form.quiet,
        // A new post's form begins from the first version that it makes.
        expectedVersion: form.over ?? (twin ? Math.max(1, form.version) : form.version),
        writerId: user.id,
      });
    if (!saved) return;
    leaveNotice(deps, req, res, { text: await carryOut(deps, saved, form) });
    res.redirect(303, `/admin/${type}s/${saved.id}`);
  } catch (error) {
    // The next sending begins from what is saved by now, and from nothing that another has saved.
    const version = saved && saved !== post ? saved.version : (form.over ?? form.version);
    const refused = refusalOf(error, { form: { ...form, version }, body });
    const current = saved ? await findPost(deps.db, saved.id) : null;
    await showEditor(deps, req, res, { ...editing, post: current, refused });
  }
}
