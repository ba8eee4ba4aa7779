import { findComment } from '../comments/comment-store.ts';
import { cleanLine } from '../content/clean-text.ts';
import { cleanDisplayName } from '../content/display-name.ts';
import { webAddress } from '../content/web-address.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../ids.ts';
import { findPost } from '../posts/post-store.ts';
import type { IncomingReaction, ReactionFilter, ReactionKind } from './reaction.ts';
import { putReaction, removeReactions } from './reaction-store.ts';

type ReactionDeps = Pick<Deps, 'db' | 'clock' | 'counters'>;

const longestEmoji = 104;

/** One sign, or the name of one; whole code points of it, and nothing that turns what stands beside it. */
function cleanEmoji(emoji: string | null): string | null {
  return emoji === null ? null : [...cleanLine(emoji.slice(0, 500))].slice(0, longestEmoji).join('') || null;
}

/** Of these two a reader gives one: the later takes the place of the earlier. */
const opposites: { readonly [K in ReactionKind]?: ReactionKind } = { like: 'dislike', dislike: 'like' };

/**
 * Counts somebody's like, dislike, boost or quote of a public post or of a public comment below it, once. Gives false where
 * there is none or it was counted before.
 */
export async function addReaction(deps: ReactionDeps, input: IncomingReaction): Promise<boolean> {
  return inTransaction(deps.db, async (trx) => {
    const post = await findPost(trx, input.postId);
    if (post?.status !== 'published') return false;
    const commentId = input.commentId ?? null;
    const comment = commentId === null ? null : await findComment(trx, commentId);
    if (commentId !== null && (comment?.postId !== post.id || comment.status !== 'approved')) return false;
    const { source, actorId, postId } = input;
    const opposite = opposites[input.kind];
    if (opposite) await removeReactions(trx, { source, actorId, postId, commentId, kind: opposite });
    const isNew = await putReaction(trx, {
      ...input,
      id: newId(),
      commentId,
      name: cleanDisplayName(input.name, input.handle ?? input.actorId),
      emoji: cleanEmoji(input.emoji),
      emojiUrl: input.emoji === null ? null : webAddress(input.emojiUrl),
      createdAt: deps.clock.iso(),
    });
    await deps.counters.bump(trx, `post:${input.postId}`);
    return isNew;
  });
}

/** Takes back what somebody gave: one reaction, or all of them where only the actor is named. */
export async function removeReaction(deps: ReactionDeps, filter: ReactionFilter): Promise<boolean> {
  return inTransaction(deps.db, async (trx) => {
    const posts = await removeReactions(trx, filter);
    await deps.counters.bump(trx, ...new Set(posts.map((id) => `post:${id}`)));
    return posts.length > 0;
  });
}
