import type { Request } from 'express';
import type { SafeHtml } from '../content/safe-html.ts';
import type { InvalidError } from '../errors.ts';
import type { PageSubject } from '../hooks/types.ts';
import type { WebDeps } from '../http/server.ts';
import type { Post } from '../posts/post.ts';
import type { User } from '../users/user.ts';
import { makeFormToken, presentCommentForm } from './comment-form.ts';
import { presentConversation } from './present-conversation.ts';
import { loadSite, presentPage, presentSlots, presentViewer } from './present-page.ts';
import { presentPost } from './present-post.ts';
import { postData } from './structured-data.ts';
import type { CommentFormValues, CommentView } from './view-models.ts';

/** How a post's page is to be shown this time. */
export type PostPageState = {
  /** The comment that the form answers. */
  answeringId?: string | null;
  notice?: 'held' | null;
  values?: CommentFormValues;
  problem?: InvalidError | { message: string } | null;
};

function findView(comments: readonly CommentView[], id: string): CommentView | null {
  for (const comment of comments) {
    const found = comment.id === id ? comment : findView(comment.replies, id);
    if (found) return found;
  }
  return null;
}

/** What plugins are told that the page shows. */
export function subjectOf(post: Post): PageSubject {
  return { kind: 'post', postId: post.id };
}

/** Renders a post's or page's page with its conversation, for the one who asks. */
export async function renderPostPage(
  deps: WebDeps,
  req: Request,
  post: Post,
  state: PostPageState = {},
): Promise<SafeHtml> {
  const frame = await loadSite(deps);
  const viewer = presentViewer(req);
  const { view, summary } = await presentPost(deps, frame, { post, viewer: req.visitor.user });
  const { comments, ...conversation } = await presentConversation(deps, frame, post);
  const answering = comments.find((comment) => comment.id === state.answeringId) ?? null;
  const form = presentCommentForm({
    post,
    token: makeFormToken({ secrets: deps.secrets, now: deps.clock.now() }, post.id),
    viewer,
    answering,
    answeringView: answering && findView(conversation.threads, answering.id),
    ...(state.values && { values: state.values }),
    problem: state.problem ?? null,
  });
  const subject = subjectOf(post);
  const { site } = frame;
  return deps.theme.render(post.type === 'page' ? 'page' : 'post', {
    site,
    page: await presentPage(deps, frame, {
      title: view.label,
      description: summary,
      path: view.url,
      kind: 'article',
      subject,
      image: view.image,
      jsonLd:
        post.type === 'post'
          ? postData(deps.config.origin, site, view, { summary, updatedAt: post.updatedAt })
          : null,
      publishedAt: post.publishedAt,
      modifiedAt: post.updatedAt,
      authorName: view.author.name,
      robots: state.answeringId || post.status !== 'published' ? 'noindex' : null,
    }),
    viewer,
    slots: await presentSlots(
      deps,
      subject,
      conversation.open ? ['post.end', 'comments.before_form'] : ['post.end'],
    ),
    post: view,
    conversation: { ...conversation, notice: state.notice ?? null, form: conversation.open ? form : null },
  });
}

/** The finished page of a post that need not be saved, as readers would get it; for the editor's preview. */
export async function previewPost(deps: WebDeps, post: Post, viewer: User): Promise<string> {
  const frame = await loadSite(deps);
  const { view, summary } = await presentPost(deps, frame, {
    post: { ...post, publishedAt: post.publishedAt ?? deps.clock.iso() },
    viewer: null,
  });
  const html = await deps.theme.render(post.type === 'page' ? 'page' : 'post', {
    site: frame.site,
    page: await presentPage(deps, frame, {
      title: view.label,
      description: summary,
      path: view.url,
      kind: 'article',
      subject: { kind: 'other' },
      robots: 'noindex',
      authorName: viewer.name,
    }),
    viewer: null,
    slots: await presentSlots(deps, { kind: 'other' }, []),
    post: view,
    conversation: { count: 0, threads: [], reactions: [], open: false, form: null, notice: null },
  });
  return html.toString();
}
