import type { Request, Response } from 'express';
import { z } from 'zod';
import { NotFoundError } from '../errors.ts';
import { formType, mediaType } from '../http/read-body.ts';
import { requireDeed } from '../http/visitor.ts';
import type { AdminDeps } from './admin-deps.ts';
import { takeForm } from './form-body.ts';
import { findEditablePost } from './post-access.ts';
import { notSaved, showEditor } from './save-post.ts';

/** A text of 512 KiB as a form encodes it at worst, and the other fields. */
const maxBytes = 4 * 1024 * 1024;
/** How many such forms of people who are not signed in are read at once. */
const maxAtOnce = 4;

const editorPath = /^\/admin\/(post|page)s(?:\/([\da-f-]{36}))?$/;
const keptSchema = z.object({ path: z.string().regex(editorPath), fields: z.record(z.string(), z.string()) });

/** A form of the editor that came at the wrong moment, with the path that it was sent to. */
export type KeptForm = z.output<typeof keptSchema>;

let reading = 0;

/** Whether this is the editor's form on its way to be saved. */
export function isEditorForm(req: Request): boolean {
  return (
    req.method === 'POST' &&
    mediaType(req) === formType &&
    editorPath.test(req.originalUrl.split('?', 1)[0] ?? '')
  );
}

function keep(req: Request, body: Readonly<Record<string, string | string[]>>): KeptForm {
  const fields = Object.entries(body).map(([name, value]) => [
    name,
    Array.isArray(value) ? (value[0] ?? '') : value,
  ]);
  const { csrf: _csrf, ...rest } = Object.fromEntries(fields);
  return { path: req.originalUrl.split('?', 1)[0] ?? '', fields: rest };
}

/** Reads the editor's form of somebody who is not signed in any more; null where too many come at once. */
export async function readKeptForm(req: Request): Promise<KeptForm | null> {
  if (reading >= maxAtOnce) return null;
  reading += 1;
  try {
    return keep(req, await takeForm(req, maxBytes));
  } finally {
    reading -= 1;
  }
}

/** The form of the sign-in page, which may carry a kept form. */
export async function takeLoginForm(
  req: Request,
  usualBytes: number,
): Promise<Readonly<Record<string, string | string[]>>> {
  const isLarge = Number(req.headers['content-length'] ?? 0) > usualBytes;
  if (!isLarge || reading >= maxAtOnce) return takeForm(req, usualBytes);
  reading += 1;
  try {
    return await takeForm(req, 2 * maxBytes);
  } finally {
    reading -= 1;
  }
}

/** A kept form as text for a hidden field, and back; null for anything else. */
export function writeKept(kept: KeptForm | null): string {
  return kept ? JSON.stringify(kept) : '';
}

export function parseKept(text: string): KeptForm | null {
  if (text === '') return null;
  try {
    return keptSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: nothing of ours, and nothing to keep.
    return null;
  }
}

/** Shows the editor with what was typed, for whoever is signed in now. Nothing of it is saved yet. */
export async function showKeptForm(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { path, fields }: KeptForm,
  status = 200,
): Promise<void> {
  const [, kind, id] = editorPath.exec(path) ?? [];
  const type = kind === 'page' ? 'page' : 'post';
  const user = requireDeed(req, type === 'page' ? 'posts.editOthers' : 'posts.write');
  let post = null;
  try {
    post = id === undefined ? null : await findEditablePost(deps, user, id, type);
  } catch (error) {
    // What was typed for a post that is gone, or another's, can still become a new one.
    if (!(error instanceof NotFoundError)) throw error;
  }
  const sentence = 'You were signed out meanwhile. Nothing is saved yet: look at it, and save.';
  const refused = notSaved(fields, { sentence, status });
  await showEditor(deps, req, res, { user, type, post, refused });
}

/** The same for a form of a session that has ended, sent by somebody who has signed in again since. */
export async function showFormOfOldSession(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  await showKeptForm(deps, req, res, keep(req, req.body), 403);
}
