import type { ForeignObject } from '../vocabulary/object.ts';

/** What becomes of something that was said elsewhere. */
export type Reception =
  /** It answers something public here, publicly: a comment, for the owner to approve. */
  | { kind: 'comment' }
  /** It is for these authors' eyes, or speaks of them elsewhere. */
  | { kind: 'mention'; userIds: readonly string[] }
  | { kind: 'drop'; reason: string };

/**
 * Decides where something that was said elsewhere belongs. Only what is addressed to everybody can become a comment.
 * @param answers whether it answers a post or a comment of this site
 * @param owner the author of what it answers
 * @param addressed the authors of this site whom it mentions or is addressed to
 */
export function decideReception(
  object: Pick<ForeignObject, 'isVote' | 'isChatMessage' | 'visibility'>,
  { answers, owner, addressed }: { answers: boolean; owner: string | null; addressed: readonly string[] },
): Reception {
  if (object.isVote) return { kind: 'drop', reason: 'a vote in a poll' };
  if (object.isChatMessage) return { kind: 'drop', reason: 'a chat message' };
  const isPublic = object.visibility === 'public' || object.visibility === 'unlisted';
  if (isPublic && answers) return { kind: 'comment' };
  const userIds = [...new Set(answers && owner !== null ? [owner, ...addressed] : addressed)];
  if (userIds.length > 0) return { kind: 'mention', userIds };
  return { kind: 'drop', reason: isPublic ? 'not an answer to anything here' : 'not meant for anybody here' };
}
