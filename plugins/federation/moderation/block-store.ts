import type { FederationDatabase } from '../context.ts';
import type { BlockRow } from '../tables.ts';
import { type BlockTarget, blockableNames } from './block.ts';

/** The blocks that concern a server or an account; mostly none. */
export async function findBlocks(
  db: FederationDatabase,
  { host, actorId }: { host: string; actorId: string | null },
): Promise<BlockRow[]> {
  const values = blockableNames(host);
  if (actorId !== null) values.push(actorId);
  return db.selectFrom('plugin_federation_blocks').selectAll().where('value', 'in', values).execute();
}

/** All blocks, newest first. */
export async function listBlocks(
  db: FederationDatabase,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<BlockRow[]> {
  let query = db.selectFrom('plugin_federation_blocks').selectAll().orderBy('id', 'desc').limit(limit);
  if (after !== undefined) query = query.where('id', '<', after);
  return query.execute();
}

/** Adds a block; one of the same server or account is replaced. */
export async function putBlock(db: FederationDatabase, block: BlockRow): Promise<void> {
  await db
    .insertInto('plugin_federation_blocks')
    .values(block)
    .onConflict((conflict) =>
      conflict.column('value').doUpdateSet({ kind: block.kind, level: block.level, reason: block.reason }),
    )
    .execute();
}

/** Takes a block back; false where there was none. */
export async function deleteBlock(db: FederationDatabase, target: BlockTarget): Promise<boolean> {
  const row = await db
    .deleteFrom('plugin_federation_blocks')
    .where('value', '=', target.value)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes the followers that a block concerns; gives their inboxes. */
export async function removeBlockedFollowers(db: FederationDatabase, target: BlockTarget): Promise<string[]> {
  const { value } = target;
  const rows = await db
    .deleteFrom('plugin_federation_followers')
    .where((eb) =>
      target.kind === 'actor'
        ? eb('actor_id', '=', value)
        : eb.or([eb('host', '=', value), eb('host', 'like', `%.${value}`), eb('host', 'like', `${value}:%`)]),
    )
    .returning('inbox')
    .execute();
  return [...new Set(rows.map((row) => row.inbox))];
}
