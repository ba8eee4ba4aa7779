import { type Post, textOf } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import { activityIdOf, actorIdOf, collectionOf, postIdOf } from '../addresses.ts';
import { isCommunity } from '../communities/community.ts';
import { meetCommunities, noteMentioned } from '../communities/meet-communities.ts';
import { lookLater, tellFresh } from '../communities/tell-communities.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { buildArticle } from '../objects/load-article.ts';
import { meetMentioned } from '../objects/mentions-out.ts';
import { rememberedType } from '../objects/post-type.ts';
import { isShared } from '../objects/shared-post.ts';
import type { FederationTables, ObjectRow } from '../tables.ts';
import { createOf, deleteOf, updateOf } from '../vocabulary/activities.ts';
import { boostByCoAuthors, takeBackBoosts } from './boost-post.ts';
import { addresseesOf, objectsOf, putGoneObject, putLiveObject } from './object-store.ts';
import { sendActivity } from './send-activity.ts';

const mentionPatienceMs = 8000;

/** What followers are to be told about a post, as it is now and as it was announced. */
export type PostNews = {
  /** What was announced and is not there any more. */
  gone: readonly ObjectRow[];
  /** What is there: new to them, or known. */
  present: 'none' | 'new' | 'known';
};

/**
 * Compares a post with what was announced of it. Whatever happened meanwhile and in whatever order one is told, the
 * followers end with what is true.
 * @param presentId the object's id while the post is public, else null
 */
export function comparePost(announced: readonly ObjectRow[], presentId: string | null): PostNews {
  const live = announced.filter((object) => object.state === 'live');
  const gone = live.filter((object) => object.id !== presentId);
  if (presentId === null) return { gone, present: 'none' };
  return { gone, present: live.some((object) => object.id === presentId) ? 'known' : 'new' };
}

/** Tells the followers that a post is there, once for each publication, and that earlier publications are gone. */
export async function announcePost(context: FederationContext, postId: string): Promise<void> {
  const { post, news } = await look(context, postId);
  await tellGone(context, news.gone);
  if (!post || news.present === 'none') return;
  if (news.present === 'new') await tellPresent(context, post, 'Create');
  await boostByCoAuthors(context, post);
}

/** Tells the followers that a post was changed; `quiet` tells nobody. */
export async function announceChange(
  context: FederationContext,
  { postId, quiet }: { postId: string; quiet: boolean },
): Promise<void> {
  const { post, news } = await look(context, postId);
  await tellGone(context, news.gone);
  if (!post || news.present === 'none' || quiet) return;
  await tellPresent(context, post, 'Update');
  await boostByCoAuthors(context, post);
}

/** Tells the followers that a post is not public any more; its object is gone for good. */
export async function announceRemoval(context: FederationContext, postId: string): Promise<void> {
  const { post, news } = await look(context, postId);
  await tellGone(context, news.gone);
  const wasPublic =
    post !== null && post.type === 'post' && post.status !== 'published' && post.publication > 0;
  // What was public before federation was switched on may have been fetched all the same.
  if (wasPublic) await tellGone(context, [objectOf(context, post, context.now().toISOString())]);
}

async function look(
  context: FederationContext,
  postId: string,
): Promise<{ post: Post | null; news: PostNews }> {
  const post = await context.posts.find(postId);
  const announced = await objectsOf(tablesOf(context), 'post', postId);
  const presentId = post && (await isShared(context, post)) ? postIdOf(context.origin, post) : null;
  return { post, news: comparePost(announced, presentId) };
}

async function tellPresent(context: FederationContext, post: Post, type: 'Create' | 'Update'): Promise<void> {
  await meetForAWhile(context, post);
  const { object, mentions, communities } = await buildArticle(context, post);
  const mentioned = await findActors(
    context,
    mentions.map((mention) => mention.id),
  );
  const actor = actorIdOf(context.origin, post.authorId);
  const id = activityIdOf(context.origin, context.newId());
  const body = type === 'Create' ? createOf({ id, actor }, object) : updateOf({ id, actor }, object);
  const objectId = postIdOf(context.origin, post);
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const isNews = await putLiveObject(trx, objectOf(context, post, context.now().toISOString()));
    // Another run of the same action was faster.
    if (type === 'Create' && !isNews) return;
    const isUnderWay = type === 'Create';
    const fresh = await tellFresh(context, trx, { post, object, communities, isUnderWay });
    const told = communities.filter(({ state }) => state !== 'found').map(({ inbox }) => inbox);
    for (const { id: community } of communities) mentioned.delete(community);
    await sendActivity(context, trx, {
      activity: { id, type, body },
      userId: post.authorId,
      objectId,
      postId: post.id,
      to: {
        followersOf: post.authorId,
        inboxes: [...[...mentioned.values()].map((one) => one.sharedInbox ?? one.inbox), ...told, ...fresh],
      },
    });
  });
  await lookLater(context, post.id);
}

/**
 * Looks up who is mentioned, and the communities, for a while: nobody's slow server holds up a post. Who is not found in
 * time stays text; a community is told later.
 */
async function meetForAWhile(context: FederationContext, post: Post): Promise<void> {
  const [{ html }, { words }] = await Promise.all([context.posts.render(post), context.postFields(post.id)]);
  const meeting = Promise.all([
    meetMentioned(context, `${textOf(html)}\n${words}`),
    meetCommunities(context, post),
  ])
    .then(([mentioned]) => noteMentioned(context, post, mentioned))
    .catch((error: unknown) => {
      context.log.warn({ post: post.id, err: error }, 'those who are mentioned could not be looked up');
    });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, mentionPatienceMs);
  });
  await Promise.race([meeting, patience]);
  clearTimeout(timer);
}

async function tellGone(
  context: FederationContext,
  objects: readonly Omit<ObjectRow, 'state' | 'gone_at'>[],
): Promise<void> {
  for (const { id: objectId, kind, local_id, publication, user_id, created_at } of objects) {
    const actor = actorIdOf(context.origin, user_id);
    await takeBackBoosts(context, objectId, local_id);
    const addressees = await addresseesOf(tablesOf(context), objectId);
    const named = [...(await findActors(context, addressees)).values()];
    const groups = named.filter(isCommunity);
    const inboxes = named.map((one) => (isCommunity(one) ? one.inbox : (one.sharedInbox ?? one.inbox)));
    const id = activityIdOf(context.origin, context.newId());
    const deletedAt = context.now().toISOString();
    const formerType = (await rememberedType(context, objectId)) ?? 'Article';
    const cc = [collectionOf(actor, 'followers'), ...groups.map(({ id }) => id)];
    const body = deleteOf({ id, actor }, { objectId, formerType, deletedAt, cc });
    await context.database.transaction<FederationTables, void>(async (trx) => {
      const row = { id: objectId, kind, local_id, publication, user_id, created_at };
      if (!(await putGoneObject(trx, row, deletedAt))) return;
      await sendActivity(context, trx, {
        activity: { id, type: 'Delete', body },
        userId: user_id,
        objectId,
        postId: local_id,
        to: { followersOf: user_id, inboxes },
      });
    });
  }
}

function objectOf(context: FederationContext, post: Post, now: string): Omit<ObjectRow, 'state' | 'gone_at'> {
  return {
    id: postIdOf(context.origin, post),
    kind: 'post',
    local_id: post.id,
    publication: post.publication,
    user_id: post.authorId,
    created_at: now,
  };
}
