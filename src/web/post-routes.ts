import type { Request, Response, Router } from 'express';
import { findComment } from '../comments/comment-store.ts';
import { notFound } from '../http/errors.ts';
import type { WebDeps } from '../http/server.ts';
import { isPublic, type Post } from '../posts/post.ts';
import { findPostByOldSlug, findPostBySlug } from '../posts/post-store.ts';
import { mayEditPost } from '../users/user.ts';
import { answerPage, sendPage } from './answer-page.ts';
import { type PostPageState, renderPostPage, subjectOf } from './post-page.ts';
import { paths } from './present-page.ts';

/** Whether whoever asks may see the post at its address: everybody a public one, those who may edit it a private one. */
function maySee(req: Request, post: Post): boolean {
  return isPublic(post) || (post.status === 'private' && mayEditPost(req.visitor.user, post));
}

/** What the query asks for, as far as it changes the page; the key has only that, so that nobody fills the cache. */
async function readState(
  deps: WebDeps,
  req: Request,
  post: Post,
): Promise<{ state: PostPageState; key: string }> {
  const { answer, comment } = req.query;
  const path = paths.post(post);
  if (comment === 'held') return { state: { notice: 'held' }, key: `${path}?comment=held` };
  if (typeof answer !== 'string' || answer.length > 64) return { state: {}, key: path };
  const found = await findComment(deps.db, answer);
  if (found?.postId !== post.id || found.status !== 'approved') return { state: {}, key: path };
  return { state: { answeringId: found.id }, key: `${path}?answer=${found.id}` };
}

async function showPost(deps: WebDeps, req: Request<{ slug: string }>, res: Response): Promise<void> {
  const post = await findPostBySlug(deps.db, req.params.slug);
  const seen = post && maySee(req, post) ? post : null;
  const isAskedOtherwise = deps.representations.wanted(req, 'post');
  // A page stands by itself and has no other form.
  const wantsOther = seen?.type === 'post' && isAskedOtherwise;
  if (wantsOther && (await deps.representations.respond(req, res, 'post', isPublic(seen) ? seen.id : null)))
    return;
  if (!seen) {
    const moved = await findPostByOldSlug(deps.db, req.params.slug);
    if (!moved || !isPublic(moved) || moved.slug === req.params.slug) notFound();
    res.redirect(301, paths.post(moved));
    return;
  }
  if (!isPublic(seen)) {
    sendPage(res, await renderPostPage(deps, req, seen));
    return;
  }
  const { state, key } = await readState(deps, req, seen);
  await answerPage(deps, req, res, {
    key,
    tags: ['site', `post:${seen.id}`],
    subject: subjectOf(seen),
    render: () => renderPostPage(deps, req, seen, state),
  });
}

/** Posts and pages at `/SLUG`. Added last: every other address comes first. */
export function addPostRoutes(router: Router, deps: WebDeps): void {
  router.get('/:slug', (req, res) => showPost(deps, req, res));
}
