import { NotFoundError } from 'outpost/plugin';
import { findActorByHandle } from '../actors/actor-store.ts';
import { lookUpHandle } from '../actors/look-up.ts';
import type { FederationContext } from '../context.ts';
import { callOffDeliveries, callOffInbox } from '../delivery/delivery-store.ts';
import { forgetBlockedFollowing } from '../following/following-store.ts';
import type { BlockRow, FederationTables } from '../tables.ts';
import { type BlockLevel, type BlockTarget, readBlockTarget } from './block.ts';
import { forgetBlockLevels, noteBlockChange } from './block-level.ts';
import { deleteBlock, putBlock, removeBlockedFollowers } from './block-store.ts';
import { hide, showAgain } from './blocked-voices.ts';

const reasonForCallingOff = 'The server is blocked.';

/**
 * Blocks or silences a server or an account. From the block on nothing is taken from there and nothing sent there:
 * followers are removed and waiting deliveries called off, all at once.
 * @param typed a domain, an account's address or its handle
 * @throws InvalidError, NotFoundError
 */
export async function blockTarget(
  context: FederationContext,
  { typed, level, reason }: { typed: string; level: BlockLevel; reason: string },
): Promise<BlockRow> {
  const target = await targetOf(context, typed);
  const block: BlockRow = {
    id: context.newId(),
    ...target,
    level,
    reason: reason.slice(0, 1000),
    created_at: context.now().toISOString(),
  };
  await context.database.transaction<FederationTables, void>(async (trx) => {
    await putBlock(trx, block);
    await noteBlockChange(trx);
    // What pages show of films and music there.
    if (target.kind === 'host') await context.refreshPages(trx);
    await hide(context, trx, [target]);
    if (level !== 'block') return;
    const inboxes = await removeBlockedFollowers(trx, target);
    await forgetBlockedFollowing(trx, target);
    if (target.kind === 'host')
      await callOffDeliveries(trx, { host: target.value, reason: reasonForCallingOff });
    for (const inbox of inboxes) {
      const other = await trx
        .selectFrom('plugin_federation_followers')
        .select('actor_id')
        .where('inbox', '=', inbox)
        .limit(1)
        .executeTakeFirst();
      if (!other) await callOffInbox(trx, inbox, reasonForCallingOff);
    }
  });
  forgetBlockLevels(context);
  context.log.info({ kind: target.kind, value: target.value, level }, 'blocked');
  return block;
}

/**
 * Takes a block back. Who followed before follows anew, or does not.
 * @throws InvalidError, NotFoundError `federation.no_block`
 */
export async function unblockTarget(context: FederationContext, typed: string): Promise<BlockTarget> {
  const target = await targetOf(context, typed);
  await context.database.transaction<FederationTables, void>(async (trx) => {
    if (!(await deleteBlock(trx, target)))
      throw new NotFoundError('federation.no_block', `${target.value} is not blocked.`);
    await noteBlockChange(trx);
    if (target.kind === 'host') await context.refreshPages(trx);
    await showAgain(context, trx, target);
  });
  forgetBlockLevels(context);
  return target;
}

async function targetOf(context: FederationContext, typed: string): Promise<BlockTarget> {
  if (!/^@?[^@\s/]+@[^@\s/]+$/.test(typed.trim())) return readBlockTarget(typed, context.origin);
  const handle = typed.trim().replace(/^@?/, '@');
  const known = await findActorByHandle(context, handle);
  if (known) return { kind: 'actor', value: known.id };
  const answer = await lookUpHandle(context, handle);
  if (answer.kind !== 'actor')
    throw new NotFoundError('federation.unknown_account', `${handle} was not found.`);
  return { kind: 'actor', value: answer.actor.id };
}
