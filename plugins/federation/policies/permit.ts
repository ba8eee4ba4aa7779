import type { Comment, Post } from 'outpost/plugin';
import { actorIdOf } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { loadArticle } from '../objects/load-article.ts';
import { policyOfPost } from './post-policy.ts';
import { type Deed, decide, type Permission } from './rules.ts';

/**
 * Whether somebody may do something with a post. Whom the answered comment speaks to may reply, as if the post named
 * them: who is talked to can answer.
 * @param who.isAnswered whether what is replied to was said to them by an author of this site
 */
export async function permit(
  context: FederationContext,
  deed: Deed,
  { post, actorId, isAnswered = false }: { post: Post; actorId: string; isAnswered?: boolean },
): Promise<Permission> {
  const rule = (await policyOfPost(context, post))[deed];
  const isAuthor = actorId === actorIdOf(context.origin, post.authorId);
  const needsStanding = (rule === 'followers' || rule === 'mentioned') && !isAuthor && !isAnswered;
  return decide(deed, rule, {
    isAuthor,
    isFollower: needsStanding && (await follows(context, { actorId, userId: post.authorId })),
    isMentioned: isAnswered || (needsStanding && (await isNamed(context, post, actorId))),
  });
}

async function follows(
  context: FederationContext,
  { actorId, userId }: { actorId: string; userId: string },
): Promise<boolean> {
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_followers')
    .select('actor_id')
    .where('user_id', '=', userId)
    .where('actor_id', '=', actorId)
    .where('state', '<>', 'pending')
    .executeTakeFirst();
  return row !== undefined;
}

async function isNamed(context: FederationContext, post: Post, actorId: string): Promise<boolean> {
  const { mentions } = await loadArticle(context, post);
  return mentions.some(({ id }) => id === actorId);
}

/**
 * Why a reply is not kept, or null where it may stand. Whom an author of this site has answered may answer back.
 * @param reply.target what is replied to
 */
export async function refusalOfReply(
  context: FederationContext,
  { target, actorId }: { target: LocalObject; actorId: string },
): Promise<string | null> {
  const { post } = target;
  const { reply } = await policyOfPost(context, post);
  if (reply === 'everybody') return null;
  const isAnswered = target.kind === 'comment' && (await speaksTo(context, target.comment, actorId));
  const permission = await permit(context, 'reply', { post, actorId, isAnswered });
  return permission.kind === 'refused' ? permission.reason : null;
}

async function speaksTo(context: FederationContext, comment: Comment, actorId: string): Promise<boolean> {
  if (comment.authorUserId === null || comment.parentId === null) return false;
  return (await context.comments.find(comment.parentId))?.externalAuthorId === actorId;
}
