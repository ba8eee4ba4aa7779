import type { Comment } from 'outpost/plugin';
import { findActor, type RemoteActor } from '../actors/actor-store.ts';
import { actorIdOf, commentIdOf, postCollectionOf, postIdOf } from '../addresses.ts';
import { type AddressedCommunity, threadCommunities } from '../communities/addressed-communities.ts';
import type { FederationContext } from '../context.ts';
import { policyOfPost } from '../policies/post-policy.ts';
import { addressTo } from '../vocabulary/community-out.ts';
import type { OutgoingMention } from '../vocabulary/content-out.ts';
import type { Json } from '../vocabulary/context-out.ts';
import { noteOf } from '../vocabulary/note.ts';
import { mentionsIn } from './mentions-out.ts';
import { findSharedPost } from './shared-post.ts';

/** A comment of an author of this site as its object, and whom it answers elsewhere. */
export type LoadedNote = {
  object: Json;
  answered: RemoteActor | null;
  /** The communities in which the post stands; they pass answers on. */
  communities: AddressedCommunity[];
};

/**
 * A comment as a Note. Null for what is none: a comment that is not public, that nobody with a page here wrote, or
 * that stands below a post that is not public.
 */
export async function loadNote(context: FederationContext, comment: Comment): Promise<LoadedNote | null> {
  const { authorUserId } = comment;
  if (authorUserId === null || comment.status !== 'approved') return null;
  const [author, post] = await Promise.all([
    context.users.find(authorUserId),
    findSharedPost(context, comment.postId),
  ]);
  if (!author?.isAuthor || !post) return null;
  const parent = comment.parentId === null ? null : await context.comments.find(comment.parentId);
  const answered = parent?.externalAuthorId ? await findActor(context, parent.externalAuthorId) : null;
  const postId = postIdOf(context.origin, post);
  const mentions = new Map((await mentionsIn(context, comment.text)).map((mention) => [mention.id, mention]));
  if (answered) mentions.set(answered.id, mentionOf(answered));
  const object = noteOf({
    id: commentIdOf(context.origin, comment.id),
    actor: actorIdOf(context.origin, authorUserId),
    html: comment.html,
    language: comment.language ?? post.language ?? (await context.site()).language,
    url: context.urls.comment(post, comment.id),
    inReplyTo: (parent && objectIdOf(context.origin, parent)) ?? postId,
    discussion: postCollectionOf(postId, 'context'),
    mentions: [...mentions.values()],
    // A comment can be liked and boosted like any; who may answer and quote is the post's author to say.
    policy: { ...(await policyOfPost(context, post)), like: 'everybody', boost: 'everybody' },
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
  });
  const communities = await threadCommunities(context, post);
  return { object: addressTo(object, communities), answered, communities };
}

/** The id under which other servers know a comment; null for one that a reader wrote into the form. */
export function objectIdOf(
  origin: string,
  comment: Pick<Comment, 'id' | 'externalId' | 'authorUserId'>,
): string | null {
  if (comment.externalId !== null) return comment.externalId;
  return comment.authorUserId === null ? null : commentIdOf(origin, comment.id);
}

function mentionOf(actor: RemoteActor): OutgoingMention {
  return {
    id: actor.id,
    handle: actor.handle ?? `@${actor.preferredUsername}@${actor.host}`,
    url: actor.url ?? actor.id,
  };
}
