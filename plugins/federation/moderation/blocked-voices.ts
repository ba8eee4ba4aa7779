import type { AuthorsElsewhere } from 'outpost/plugin';
import type { FederationContext, FederationTransaction } from '../context.ts';
import type { BlockTarget } from './block.ts';

function voicesOf(targets: readonly { kind: string; value: string }[]): AuthorsElsewhere {
  const valuesOf = (kind: BlockTarget['kind']) =>
    targets.filter((target) => target.kind === kind).map((target) => target.value);
  return { ids: valuesOf('actor'), hosts: valuesOf('host') };
}

/** Takes comments, likes and boosts of those who are blocked or silenced off the pages. */
export async function hide(
  context: FederationContext,
  trx: FederationTransaction,
  targets: readonly BlockTarget[],
): Promise<void> {
  await context.comments.setAside(trx, voicesOf(targets));
  await context.reactions.setAside(trx, voicesOf(targets));
}

/** Brings back what a block had hidden, but for those whom another block still concerns. */
export async function showAgain(
  context: FederationContext,
  trx: FederationTransaction,
  target: BlockTarget,
): Promise<void> {
  const others = await trx.selectFrom('plugin_federation_blocks').select(['kind', 'value']).execute();
  await context.comments.bringBack(trx, voicesOf([target]), voicesOf(others));
  await context.reactions.bringBack(trx, voicesOf([target]), voicesOf(others));
}
