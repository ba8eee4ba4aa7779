import type { Kysely } from 'kysely';
import type { ReactionRow, Schema } from '../db/schema.ts';
import type { Reaction, ReactionFilter, ReactionKind } from './reaction.ts';

function toReaction(row: ReactionRow): Reaction {
  return {
    id: row.id,
    postId: row.post_id,
    commentId: row.comment_id || null,
    kind: row.kind as ReactionKind,
    source: row.source,
    actorId: row.actor_id,
    name: row.name,
    handle: row.handle,
    url: row.url,
    avatarUrl: row.avatar_url,
    externalId: row.external_id,
    emoji: row.emoji,
    emojiUrl: row.emoji_url,
    createdAt: row.created_at,
  };
}

/** The newest likes, boosts or quotes of a post, or of a comment below it. */
export async function listReactions(
  db: Kysely<Schema>,
  filter: {
    postId: string;
    commentId?: string;
    kind?: ReactionKind;
    limit: number;
    after?: string | undefined;
  },
): Promise<Reaction[]> {
  let query = db
    .selectFrom('reactions')
    .selectAll()
    .where('post_id', '=', filter.postId)
    .where('comment_id', '=', filter.commentId ?? '')
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.kind) query = query.where('kind', '=', filter.kind);
  if (filter.after !== undefined) query = query.where('id', '<', filter.after);
  return (await query.execute()).map(toReaction);
}

/** How many of each kind a post has, or a comment below it. */
export async function countReactions(
  db: Kysely<Schema>,
  postId: string,
  commentId = '',
): Promise<Record<ReactionKind, number>> {
  const rows = await db
    .selectFrom('reactions')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('count')])
    .where('post_id', '=', postId)
    .where('comment_id', '=', commentId)
    .groupBy('kind')
    .execute();
  const of = (kind: ReactionKind) => Number(rows.find((row) => row.kind === kind)?.count ?? 0);
  return { like: of('like'), boost: of('boost'), quote: of('quote'), dislike: of('dislike') };
}

/** How often the comments below a post were liked and boosted, by the comment's id. */
export async function countCommentReactions(
  db: Kysely<Schema>,
  postId: string,
): Promise<Map<string, { likes: number; boosts: number }>> {
  const rows = await db
    .selectFrom('reactions')
    .select((eb) => ['comment_id', 'kind', eb.fn.countAll<number>().as('count')])
    .where('post_id', '=', postId)
    .where('comment_id', '>', '')
    .groupBy(['comment_id', 'kind'])
    .execute();
  const counts = new Map<string, { likes: number; boosts: number }>();
  for (const { comment_id, kind, count } of rows) {
    const of = counts.get(comment_id) ?? { likes: 0, boosts: 0 };
    if (kind === 'like') of.likes = Number(count);
    if (kind === 'boost') of.boosts = Number(count);
    counts.set(comment_id, of);
  }
  return counts;
}

const mostEmojis = 30;

/** Which emoji a post was given, and how often, the most frequent first; at most 30. */
export async function countEmojis(
  db: Kysely<Schema>,
  postId: string,
): Promise<{ emoji: string; emojiUrl: string | null; count: number }[]> {
  const rows = await db
    .selectFrom('reactions')
    .select((eb) => ['emoji', eb.fn.min('emoji_url').as('emoji_url'), eb.fn.countAll<number>().as('count')])
    .where('post_id', '=', postId)
    .where('comment_id', '=', '')
    .where('kind', '=', 'like')
    .where('emoji', 'is not', null)
    .groupBy('emoji')
    .orderBy('count', 'desc')
    .orderBy('emoji')
    .limit(mostEmojis)
    .execute();
  return rows.flatMap(({ emoji, emoji_url: emojiUrl, count }) =>
    emoji === null ? [] : [{ emoji, emojiUrl, count: Number(count) }],
  );
}

/** Stores a reaction unless the same reader has given it already; tells whether it is new. A reader's later emoji replaces the earlier one. */
export async function putReaction(db: Kysely<Schema>, reaction: Reaction): Promise<boolean> {
  const result = await db
    .insertInto('reactions')
    .values({
      id: reaction.id,
      post_id: reaction.postId,
      comment_id: reaction.commentId ?? '',
      kind: reaction.kind,
      source: reaction.source,
      actor_id: reaction.actorId,
      name: reaction.name,
      handle: reaction.handle,
      url: reaction.url,
      avatar_url: reaction.avatarUrl,
      external_id: reaction.externalId,
      emoji: reaction.emoji,
      emoji_url: reaction.emojiUrl,
      created_at: reaction.createdAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['post_id', 'comment_id', 'kind', 'source', 'actor_id']).doUpdateSet({
        external_id: reaction.externalId,
        emoji: reaction.emoji,
        emoji_url: reaction.emojiUrl,
        url: reaction.url,
      }),
    )
    .returning('id')
    .executeTakeFirst();
  return result?.id === reaction.id;
}

/** Takes reactions back; gives the posts that they were for. */
export async function removeReactions(db: Kysely<Schema>, filter: ReactionFilter): Promise<string[]> {
  let query = db
    .deleteFrom('reactions')
    .where('source', '=', filter.source)
    .where('actor_id', '=', filter.actorId);
  if (filter.postId !== undefined)
    query = query.where('post_id', '=', filter.postId).where('comment_id', '=', filter.commentId ?? '');
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.externalId !== undefined) query = query.where('external_id', '=', filter.externalId);
  if (filter.emoji !== undefined) query = query.where('emoji', '=', filter.emoji);
  if (filter.kind === undefined && filter.externalId === undefined) {
    let aside = db
      .deleteFrom('reactions_aside')
      .where('source', '=', filter.source)
      .where('actor_id', '=', filter.actorId);
    if (filter.postId !== undefined) aside = aside.where('post_id', '=', filter.postId);
    await aside.execute();
  }
  return (await query.returning('post_id').execute()).map((row) => row.post_id);
}
