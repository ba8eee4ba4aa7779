import type { Comment } from '../comments/comment.ts';
import type { InvalidError } from '../errors.ts';
import type { Post } from '../posts/post.ts';
import type { Secrets } from '../secrets.ts';
import { commentAnchor } from './present-conversation.ts';
import { paths } from './present-page.ts';
import type { CommentFormValues, CommentFormView, CommentView } from './view-models.ts';

const purpose = 'comment-form';
/** How long a page may lie open before its form has to be sent a second time. */
const longestMs = 7 * 24 * 3_600_000;

type Signing = { secrets: Pick<Secrets, 'sign' | 'verify'>; now: Date };

/** Proof that a form for comments on this post was made here, and when; nothing of it is stored. */
export function makeFormToken({ secrets, now }: Signing, postId: string): string {
  const time = now.getTime().toString(36);
  return `${time}.${secrets.sign(purpose, `${postId}.${time}`)}`;
}

/** How long ago the form was made, in milliseconds; null where it was not made here for this post, or too long ago. */
export function readFormToken({ secrets, now }: Signing, postId: string, token: string): number | null {
  const [time = '', signature = ''] = token.split('.', 2);
  if (!/^[0-9a-z]{1,12}$/.test(time) || !secrets.verify(purpose, `${postId}.${time}`, signature)) return null;
  const ageMs = now.getTime() - Number.parseInt(time, 36);
  return ageMs <= longestMs ? Math.max(0, ageMs) : null;
}

const empty: CommentFormValues = { name: '', email: '', url: '', text: '' };

/** What a form starts from. `viewer` is who is signed in. */
type FormInput = {
  post: Post;
  token: string | null;
  viewer: { name: string; csrf: string } | null;
  answering: Comment | null;
  answeringView: CommentView | null;
  values?: CommentFormValues;
  problem?: InvalidError | { message: string } | null;
};

/** The form for a comment, with what was typed and what is wrong with it. */
export function presentCommentForm({
  post,
  token,
  viewer,
  answering,
  answeringView,
  values = empty,
  problem = null,
}: FormInput): CommentFormView {
  const fields: Readonly<Record<string, string>> = problem && 'fields' in problem ? problem.fields : {};
  const known = ['text', 'name', 'email', 'url'] as const;
  const errors = known.flatMap((field) => (fields[field] ? [{ field, message: fields[field] }] : []));
  return {
    action: `${paths.post(post)}/comments`,
    token: viewer ? null : token,
    csrf: viewer?.csrf ?? null,
    asUser: viewer?.name ?? null,
    parentId: answering?.id ?? null,
    answering: answering && {
      name: answeringView?.author.name ?? answering.author.name,
      anchor: commentAnchor(answering.id),
    },
    cancelUrl: `${paths.post(post)}#comment-form`,
    values,
    errors: problem && errors.length === 0 ? [{ field: null, message: problem.message }] : errors,
    fieldErrors: {
      name: fields.name ?? null,
      email: fields.email ?? null,
      url: fields.url ?? null,
      text: fields.text ?? null,
    },
  };
}
