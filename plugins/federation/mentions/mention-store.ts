import { textOf } from 'outpost/plugin';
import type { FederationContext, FederationDatabase } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { MentionRow } from '../tables.ts';

/** What was said to an author and is no public comment. */
export type Mention = {
  userId: string;
  objectId: string;
  actorId: string;
  visibility: string;
  /** As it came; it is sanitised on the way in. */
  html: string;
  url: string | null;
  inReplyTo: string | null;
  postId: string | null;
};

/** Keeps what was said to an author, once; a changed text takes the place of the earlier one. */
export async function saveMention(context: FederationContext, mention: Mention): Promise<void> {
  const html = String(context.comments.sanitise(mention.html));
  const text = { html, text: textOf(html).trim(), visibility: mention.visibility };
  await tablesOf(context)
    .insertInto('plugin_federation_mentions')
    .values({
      id: context.newId(),
      user_id: mention.userId,
      object_id: mention.objectId,
      actor_id: mention.actorId,
      ...text,
      url: mention.url,
      in_reply_to: mention.inReplyTo,
      post_id: mention.postId,
      created_at: context.now().toISOString(),
      read_at: null,
    })
    .onConflict((conflict) => conflict.columns(['user_id', 'object_id']).doUpdateSet(text))
    .execute();
}

/** For whom something of an account is kept. */
export async function hasMention(
  context: FederationContext,
  { objectId, actorId }: { objectId: string; actorId: string },
): Promise<{ userId: string; postId: string | null }[]> {
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_mentions')
    .select(['user_id', 'post_id'])
    .where('object_id', '=', objectId)
    .where('actor_id', '=', actorId)
    .execute();
  return rows.map((row) => ({ userId: row.user_id, postId: row.post_id }));
}

/** Removes what an account said to authors in one text; tells whether there was anything. */
export async function forgetMentions(
  context: FederationContext,
  { objectId, actorId }: { objectId: string; actorId: string },
): Promise<boolean> {
  const row = await tablesOf(context)
    .deleteFrom('plugin_federation_mentions')
    .where('object_id', '=', objectId)
    .where('actor_id', '=', actorId)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** What was said to some authors, newest first. */
export async function listMentions(
  db: FederationDatabase,
  { userIds, limit, after }: { userIds: readonly string[]; limit: number; after?: string | undefined },
): Promise<MentionRow[]> {
  let query = db
    .selectFrom('plugin_federation_mentions')
    .selectAll()
    .where('user_id', 'in', userIds)
    .orderBy('id', 'desc')
    .limit(limit);
  if (after !== undefined) query = query.where('id', '<', after);
  return query.execute();
}

/** How many somebody has not seen yet. */
export async function countUnread(db: FederationDatabase, userIds: readonly string[]): Promise<number> {
  const row = await db
    .selectFrom('plugin_federation_mentions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', 'in', userIds)
    .where('read_at', 'is', null)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Remembers that somebody has seen what was said to them. */
export async function markRead(context: FederationContext, userIds: readonly string[]): Promise<void> {
  await tablesOf(context)
    .updateTable('plugin_federation_mentions')
    .set({ read_at: context.now().toISOString() })
    .where('user_id', 'in', userIds)
    .where('read_at', 'is', null)
    .execute();
}

/** Removes one that somebody does not want to keep. */
export async function deleteMention(
  db: FederationDatabase,
  { id, userIds }: { id: string; userIds: readonly string[] },
): Promise<void> {
  await db
    .deleteFrom('plugin_federation_mentions')
    .where('id', '=', id)
    .where('user_id', 'in', userIds)
    .execute();
}
