import type { Request, Response, Router } from 'express';
import { requireDeed } from '../http/visitor.ts';
import { newId } from '../ids.ts';
import type { Post, PostType } from '../posts/post.ts';
import type { User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf } from './admin-request.ts';
import { findEditablePost } from './post-access.ts';
import { type PostForm, readPostForm, splitNames } from './post-form.ts';

/** The post as it would be if it were saved and published now. Nothing of it is stored. */
function asTyped(base: Post, form: PostForm): Post {
  const terms = (list: string | undefined, kept: Post['tags']) =>
    list === undefined ? kept : splitNames(list).map((name) => ({ name, slug: '' }));
  return {
    ...base,
    title: form.title.trim(),
    bodyMarkdown: form.bodyMarkdown.replaceAll('\0', '').toWellFormed(),
    excerpt: form.excerpt ?? base.excerpt,
    imageId: form.imageId === undefined ? base.imageId : form.imageId || null,
    language: form.language === undefined ? base.language : form.language || null,
    tags: terms(form.tags, base.tags),
    categories: terms(form.categories, base.categories),
  };
}

function emptyPost(type: PostType, user: User, now: string): Post {
  return {
    id: newId(),
    type,
    status: 'draft',
    slug: 'preview',
    title: '',
    bodyMarkdown: '',
    excerpt: '',
    authorId: user.id,
    imageId: null,
    language: null,
    commentsOpen: true,
    tags: [],
    categories: [],
    createdAt: now,
    updatedAt: now,
    publishedAt: null,
    scheduledAt: null,
    publication: 0,
    statusBeforeTrash: null,
    version: 0,
  };
}

async function preview(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { user, post }: { user: User; post: Post },
): Promise<void> {
  const html = await deps.previewPost(asTyped(post, readPostForm(bodyOf(req))), user);
  res.setHeader('X-Robots-Tag', 'noindex');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.type('html').send(html);
}

/** The page as it will look, for the frame beside the editor. */
export function addPreviewRoutes(router: Router, deps: AdminDeps): void {
  for (const type of ['post', 'page'] as const) {
    const base = `/admin/${type}s`;
    const writer = (req: Request) => requireDeed(req, type === 'page' ? 'posts.editOthers' : 'posts.write');
    router.post(`${base}/preview`, async (req, res) => {
      const user = writer(req);
      await preview(deps, req, res, { user, post: emptyPost(type, user, deps.clock.iso()) });
    });
    router.post(`${base}/:id/preview`, async (req, res) => {
      const user = writer(req);
      await preview(deps, req, res, {
        user,
        post: await findEditablePost(deps, user, paramOf(req, 'id'), type),
      });
    });
  }
}
