import type { Post } from 'outpost/plugin';
import { activityIdOf, actorIdOf, collectionOf, postIdOf } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { sendActivity } from '../delivery/send-activity.ts';
import { loadArticle } from '../objects/load-article.ts';
import { findSharedPost, isShared } from '../objects/shared-post.ts';
import { postFields } from '../post-fields.ts';
import type { FederationTables } from '../tables.ts';
import { featuringOf } from '../vocabulary/activities.ts';
import { collectionDocument } from '../vocabulary/collection-out.ts';
import type { Json } from '../vocabulary/context-out.ts';

/** Most posts that stand at the top of a profile; Mastodon reads no more than its own people may pin. */
const mostFeatured = 5;

/**
 * The posts that an author has put at the top of the profile, the last one first, with what they say: a server that has just
 * met the author shows them without another question.
 * Source: Mastodon, "ActivityPub", Featured collection
 */
export async function featuredCollection(
  context: FederationContext,
  userId: string,
  id: string,
): Promise<Json> {
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_featured')
    .select('post_id')
    .where('user_id', '=', userId)
    .orderBy('since', 'desc')
    .limit(mostFeatured)
    .execute();
  const posts = await Promise.all(rows.map((row) => findSharedPost(context, row.post_id)));
  const shown = posts.filter((post): post is Post => post !== null);
  const items = await Promise.all(
    shown.map(async (post) => {
      const { '@context': _, ...object } = (await loadArticle(context, post)).object;
      return object;
    }),
  );
  return collectionDocument({ id, totalItems: items.length, items, withObjects: true });
}

/**
 * Brings the top of the author's profile in line with what the post's writer chose, and tells the followers. One that was
 * taken back is told of by its own Delete.
 */
export async function featureAsChosen(context: FederationContext, postId: string): Promise<void> {
  const post = await context.posts.find(postId);
  const isPublic = await isShared(context, post);
  const isChosen = isPublic && postFields.parse(await context.postFields(postId)).pinned;
  await context.database.transaction<FederationTables, void>(async (trx) => {
    const row = await trx
      .selectFrom('plugin_federation_featured')
      .select('user_id')
      .where('post_id', '=', postId)
      .executeTakeFirst();
    const isThere = row !== undefined && (!isChosen || row.user_id === post?.authorId);
    if (isChosen === isThere) return;
    if (isChosen && post) {
      await trx
        .insertInto('plugin_federation_featured')
        .values({ post_id: postId, user_id: post.authorId, since: context.now().toISOString() })
        // It was another author's before it was handed over.
        .onConflict((conflict) => conflict.column('post_id').doUpdateSet({ user_id: post.authorId }))
        .execute();
    } else {
      await trx.deleteFrom('plugin_federation_featured').where('post_id', '=', postId).execute();
    }
    if (!isPublic || !post) return;
    const actor = actorIdOf(context.origin, post.authorId);
    const id = activityIdOf(context.origin, context.newId());
    const type = isChosen ? 'Add' : 'Remove';
    const objectId = postIdOf(context.origin, post);
    const target = collectionOf(actor, 'featured');
    await sendActivity(context, trx, {
      activity: { id, type, body: featuringOf({ id, actor, type }, { objectId, target }) },
      userId: post.authorId,
      objectId,
      to: { followersOf: post.authorId },
    });
  });
}
