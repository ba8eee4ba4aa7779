import type { Comment } from 'outpost/plugin';
import { findActor, type RemoteActor } from '../actors/actor-store.ts';
import { actorIdOf, commentIdOf, postCollectionOf, postIdOf } from '../addresses.ts';
import { type AddressedCommunity, threadCommunities } from '../communities/addressed-communities.ts';
import type { FederationContext } from '../context.ts';
import { policyOfPost } from '../policies/post-policy.ts';
import { countsOf } from '../threads/count-answers.ts';
import { addressTo } from '../vocabulary/community-out.ts';
import type { OutgoingMention } from '../vocabulary/content-out.ts';
import type { Json } from '../vocabulary/context-out.ts';
import { noteOf } from '../vocabulary/note.ts';
import { countMembersOf } from '../vocabulary/post-members.ts';
import { mentionsIn } from './mentions-out.ts';
import { findSharedPost } from './shared-post.ts';

/** A comment of an author of this site as its object, and whom it speaks to elsewhere. */
export type LoadedNote = {
  object: Json;
  /** Whoever wrote what it answers, and what that answered: those who take part in this line of the discussion. */
  answered: RemoteActor[];
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
  const answered = await participants(context, parent);
  const postId = postIdOf(context.origin, post);
  const discussion = postCollectionOf(postId, 'context');
  const mentions = new Map((await mentionsIn(context, comment.text)).map((mention) => [mention.id, mention]));
  for (const actor of answered) mentions.set(actor.id, mentionOf(actor));
  const object = noteOf({
    id: commentIdOf(context.origin, comment.id),
    actor: actorIdOf(context.origin, authorUserId),
    html: comment.html,
    language: comment.language ?? post.language ?? (await context.site()).language,
    url: context.urls.comment(post, comment.id),
    inReplyTo: (parent && objectIdOf(context.origin, parent)) ?? postId,
    discussion,
    mentions: [...mentions.values()],
    // A comment can be liked and boosted like any; who may answer and quote is the post's author to say.
    policy: { ...(await policyOfPost(context, post)), like: 'everybody', boost: 'everybody' },
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
  });
  const communities = await threadCommunities(context, post);
  const counts = await countsOf(context, { kind: 'comment', comment, post });
  const whole = {
    ...object,
    ...countMembersOf(String(object.id), counts),
  };
  return { object: addressTo(whole, communities), answered, communities };
}

/** How many people above a comment hear of it, and how far up they are looked for. */
const mostParticipants = 8;
const highest = 16;

/** The people elsewhere who wrote a comment and what it answers, the nearest first. */
async function participants(context: FederationContext, comment: Comment | null): Promise<RemoteActor[]> {
  const met = new Map<string, RemoteActor>();
  let above = comment;
  for (let step = 0; above && step < highest && met.size < mostParticipants; step += 1) {
    const { externalAuthorId, parentId, status } = above;
    const actor =
      externalAuthorId && (step === 0 || status === 'approved')
        ? await findActor(context, externalAuthorId)
        : null;
    if (actor && !actor.goneAt) met.set(actor.id, actor);
    above = parentId === null ? null : await context.comments.find(parentId);
  }
  return [...met.values()];
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
