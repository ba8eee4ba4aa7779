import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { PostInput } from './post.ts';

/** What a writer typed and has not saved. */
export type Autosave = {
  postId: string;
  userId: string;
  content: PostInput;
  /** The version of the post that the writer began from. */
  baseVersion: number;
  savedAt: string;
};

/** Keeps what a writer has typed so far; the post itself does not change. */
export async function putAutosave(db: Kysely<Schema>, autosave: Autosave): Promise<void> {
  const row = {
    content: JSON.stringify(autosave.content),
    base_version: autosave.baseVersion,
    saved_at: autosave.savedAt,
  };
  await db
    .insertInto('autosaves')
    .values({ post_id: autosave.postId, user_id: autosave.userId, ...row })
    .onConflict((conflict) => conflict.columns(['post_id', 'user_id']).doUpdateSet(row))
    .execute();
}

export async function findAutosave(
  db: Kysely<Schema>,
  postId: string,
  userId: string,
): Promise<Autosave | null> {
  const row = await db
    .selectFrom('autosaves')
    .selectAll()
    .where('post_id', '=', postId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (!row) return null;
  // Only `putAutosave` writes this column.
  const content = JSON.parse(row.content) as PostInput;
  return { postId, userId, content, baseVersion: row.base_version, savedAt: row.saved_at };
}

export async function removeAutosave(db: Kysely<Schema>, postId: string, userId: string): Promise<void> {
  await db.deleteFrom('autosaves').where('post_id', '=', postId).where('user_id', '=', userId).execute();
}

/**
 * Has what was typed beside a post that is put back from the trash begin from the post as it comes back: its text is the
 * one from before.
 */
export async function carryAutosaves(
  db: Kysely<Schema>,
  inTrash: { id: string; version: number },
): Promise<void> {
  await db
    .updateTable('autosaves')
    .set({ base_version: inTrash.version + 1 })
    .where('post_id', '=', inTrash.id)
    .where('base_version', '>=', inTrash.version - 1)
    .execute();
}
