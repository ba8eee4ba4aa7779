import type { FederationContext } from '../context.ts';
import type { LocalObject } from '../objects/find-object.ts';

/** How many public answers, likes and boosts something has that other servers can know of. */
export async function countsOf(
  context: FederationContext,
  subject: LocalObject,
): Promise<{ replies: number; likes: number; shares: number }> {
  const { id: postId } = subject.post;
  const commentId = subject.kind === 'comment' ? subject.comment.id : null;
  const [replies, reactions] = await Promise.all([
    context.comments.count({ postId, parentId: commentId, known: true, status: 'approved' }),
    context.reactions.count(postId, commentId ?? undefined),
  ]);
  return { replies, likes: reactions.like, shares: reactions.boost };
}
