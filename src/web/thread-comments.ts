import type { Comment } from '../comments/comment.ts';

/** A comment in its place: how deep it stands, whom it answers where that cannot be seen, and what stands below it. */
export type ThreadedComment = {
  comment: Comment;
  depth: number;
  answers: Comment | null;
  /** Whether what it answers is not shown, so that it stands higher than it would. */
  answersHidden: boolean;
  replies: ThreadedComment[];
};

/** Deeper than this, a thread would be a staircase. */
const deepest = 3;

/** Where a comment stands, and the list into which answers to it go: its own, or its neighbours' once it stands deepest. */
type Place = { threaded: ThreadedComment; answersGoTo: ThreadedComment[] };

/**
 * Puts comments below those that they answer, three deep; what lies deeper follows in order of time at the deepest level
 * and names the comment that it answers. An answer to what is not shown stands below what that answered, or by itself.
 * @param comments oldest first
 * @param hidden what comments answer that are not shown, by their ids
 */
export function threadComments(
  comments: readonly Comment[],
  hidden: ReadonlyMap<string, string | null> = new Map(),
): ThreadedComment[] {
  const byId = new Map(comments.map((comment) => [comment.id, comment]));
  const places = new Map<string, Place>();
  const roots: ThreadedComment[] = [];

  function shownAbove({ parentId }: Comment): string {
    let above = parentId;
    for (let step = 0; above !== null && hidden.has(above) && step <= hidden.size; step += 1)
      above = hidden.get(above) ?? null;
    return above ?? '';
  }

  function place(comment: Comment): void {
    const above = places.get(shownAbove(comment));
    const depth = above ? Math.min(above.threaded.depth + 1, deepest) : 0;
    const isDirect = above?.threaded.comment.id === comment.parentId;
    const answers = above?.threaded.depth === deepest && isDirect ? above.threaded.comment : null;
    const answersHidden = hidden.has(comment.parentId ?? '');
    const threaded: ThreadedComment = { comment, depth, answers, answersHidden, replies: [] };
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
      step = byId.get(shownAbove(step))
    ) {
      line.push(step);
    }
    for (const step of line.reverse()) place(step);
  }
  return roots;
}
