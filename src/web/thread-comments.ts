import type { Comment } from '../comments/comment.ts';

/** A comment in its place: how deep it stands, whom it answers where that cannot be seen, and what stands below it. */
export type ThreadedComment = {
  comment: Comment;
  depth: number;
  answers: Comment | null;
  replies: ThreadedComment[];
};

/** Deeper than this, a thread would be a staircase. */
const deepest = 3;

/** Where a comment stands, and the list into which answers to it go: its own, or its neighbours' once it stands deepest. */
type Place = { threaded: ThreadedComment; answersGoTo: ThreadedComment[] };

/**
 * Puts comments below those that they answer, three deep; what lies deeper follows in order of time at the deepest level
 * and names the comment that it answers. An answer to what is not there stands by itself.
 * @param comments oldest first
 */
export function threadComments(comments: readonly Comment[]): ThreadedComment[] {
  const byId = new Map(comments.map((comment) => [comment.id, comment]));
  const places = new Map<string, Place>();
  const roots: ThreadedComment[] = [];

  function place(comment: Comment): void {
    const above = places.get(comment.parentId ?? '');
    const depth = above ? Math.min(above.threaded.depth + 1, deepest) : 0;
    const answers = above?.threaded.depth === deepest ? above.threaded.comment : null;
    const threaded: ThreadedComment = { comment, depth, answers, replies: [] };
    const siblings = above?.answersGoTo ?? roots;
    siblings.push(threaded);
    places.set(comment.id, { threaded, answersGoTo: depth === deepest ? siblings : threaded.replies });
  }

  /** What a comment answers has its place first, even where its time says that it came later; a circle ends where it closes. */
  for (const comment of comments) {
    const line: Comment[] = [];
    for (
      let step: Comment | undefined = comment;
      step && !places.has(step.id) && !line.includes(step);
      step = byId.get(step.parentId ?? '')
    ) {
      line.push(step);
    }
    for (const step of line.reverse()) place(step);
  }
  return roots;
}
