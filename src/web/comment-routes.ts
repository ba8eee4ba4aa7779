import type { Request, Response, Router } from 'express';
import type { Comment } from '../comments/comment.ts';
import { commentAsUser, submitComment } from '../comments/submit-comment.ts';
import { ForbiddenError, InvalidError, NotFoundError, TooManyError } from '../errors.ts';
import { clientOf } from '../http/rate-limit.ts';
import { formType, readBody, readForm } from '../http/read-body.ts';
import type { WebDeps } from '../http/server.ts';
import { isSameOrigin, requireOwnForm } from '../http/visitor.ts';
import { isPublic, type Post } from '../posts/post.ts';
import { findPostBySlug } from '../posts/post-store.ts';
import { may } from '../users/user.ts';
import { sendPage } from './answer-page.ts';
import { readFormToken } from './comment-form.ts';
import { type PostPageState, renderPostPage } from './post-page.ts';
import { commentAnchor } from './present-conversation.ts';
import { paths } from './present-page.ts';
import type { CommentFormValues } from './view-models.ts';

/** Text of 64 KiB as a form encodes it at worst, and the other fields. */
const maxBytes = 256 * 1024;
const limits = [
  { max: 5, windowSeconds: 60 },
  { max: 30, windowSeconds: 3600 },
] as const;

type Fields = CommentFormValues & { parentId: string | null; token: string; csrf: string; trap: string };

async function readFields(req: Request): Promise<Fields> {
  const form = readForm(await readBody(req, { types: [formType], maxBytes }));
  const field = (name: string) => {
    const value = form[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    name: field('name'),
    email: field('email'),
    url: field('url'),
    // Browsers end lines as mail does.
    text: field('text').replaceAll('\r\n', '\n'),
    parentId: field('parent_id') || null,
    token: field('form_token'),
    csrf: field('csrf'),
    trap: field('subject'),
  };
}

/** @throws TooManyError for the sixth in a minute or the thirty-first in an hour */
function countAgainstLimits(deps: WebDeps, writer: string): void {
  for (const limit of limits) {
    const over = deps.limits.hit(`comment:${limit.windowSeconds}:${writer}`, limit);
    if (over) {
      const minutes = Math.ceil(over.retryAfterSeconds / 60);
      throw new TooManyError(
        'comments.too_many',
        `Too many comments in a short time. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and send it again; what you typed is kept.`,
        over.retryAfterSeconds,
      );
    }
  }
}

/** Shows the post again with what was typed and what is wrong with it. */
async function showAgain(
  deps: WebDeps,
  req: Request,
  res: Response,
  {
    post,
    fields,
    problem,
    status,
  }: { post: Post; fields: Fields; problem: PostPageState['problem']; status: number },
): Promise<void> {
  const { name, email, url, text } = fields;
  sendPage(
    res,
    await renderPostPage(deps, req, post, {
      values: { name, email, url, text },
      answeringId: fields.parentId,
      problem: problem ?? null,
    }),
    status,
  );
}

async function takeComment(
  deps: WebDeps,
  req: Request,
  post: Post,
  fields: Fields,
): Promise<Comment | 'expired'> {
  const { user } = req.visitor;
  if (user) {
    requireOwnForm(req, deps.config.origin, fields.csrf);
    // Whoever moderates would only hold up themselves.
    if (!may(user, 'comments.moderate')) countAgainstLimits(deps, `user ${user.id}`);
    return commentAsUser(deps, {
      postId: post.id,
      parentId: fields.parentId,
      userId: user.id,
      markdown: fields.text,
    });
  }
  if (!isSameOrigin(req, deps.config.origin))
    throw new ForbiddenError(
      'csrf',
      'This comment was sent from another site. Write it on the page of the post.',
    );
  const formAgeMs = readFormToken({ secrets: deps.secrets, now: deps.clock.now() }, post.id, fields.token);
  if (formAgeMs === null) return 'expired';
  countAgainstLimits(deps, clientOf(req.visitor.ip));
  const { name, email, url, text, parentId } = fields;
  return submitComment(deps, {
    postId: post.id,
    parentId,
    name,
    email,
    url,
    text,
    honeypot: fields.trap,
    formAgeMs,
  });
}

/** Where the writer is sent afterwards. What was put with the spam looks no different from what is held. */
function addressAfter(post: Post, comment: Comment): string {
  if (comment.status === 'approved') return `${paths.post(post)}#${commentAnchor(comment.id)}`;
  return `${paths.post(post)}?comment=held#comments`;
}

async function postComment(deps: WebDeps, req: Request<{ slug: string }>, res: Response): Promise<void> {
  const fields = await readFields(req);
  const post = await findPostBySlug(deps.db, req.params.slug);
  if (!post || !isPublic(post))
    throw new NotFoundError('page.not_found', 'There is nothing at this address.');
  try {
    const taken = await takeComment(deps, req, post, fields);
    if (taken === 'expired') {
      const problem = {
        message: 'The page had been open for too long. What you wrote is still here; send it again.',
      };
      await showAgain(deps, req, res, { post, fields, problem, status: 403 });
      return;
    }
    res.redirect(303, addressAfter(post, taken));
  } catch (error) {
    const isTooMany = error instanceof TooManyError;
    if (isTooMany) res.setHeader('Retry-After', String(error.retryAfterSeconds));
    // What was typed is kept, also where the comment that it answers is gone meanwhile.
    const isOrphan = error instanceof NotFoundError && error.code === 'comment.not_found';
    if (error instanceof InvalidError || isTooMany || isOrphan)
      await showAgain(deps, req, res, { post, fields, problem: error, status: error.status });
    else throw error;
  }
}

/** The form for comments. */
export function addCommentRoutes(router: Router, deps: WebDeps): void {
  router.post('/:slug/comments', (req, res) => postComment(deps, req, res));
}
