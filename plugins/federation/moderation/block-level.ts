import { LRUCache } from 'lru-cache';
import { type FederationContext, type FederationTransaction, tablesOf } from '../context.ts';
import { type BlockLevel, levelFor } from './block.ts';
import { findBlocks } from './block-store.ts';

/** Whether another process has changed the blocks is asked this often at most. */
const RECHECK_MS = 1_000;
const MOST_KEPT = 20_000;

type Kept = {
  version: number;
  checkedAt: number;
  checking: Promise<void> | null;
  /** Replaced as a whole when the blocks change, so that an answer which comes late is kept in the old one. */
  levels: LRUCache<string, BlockLevel | 'none'>;
};

const memory = new WeakMap<object, Kept>();

/**
 * What the owner has decided about a server, or an account of it; null for nothing. Kept in memory, since everything that
 * arrives asks: a change is seen at once in this process, and within a second in others.
 */
export async function blockLevelOf(
  context: FederationContext,
  { host, actorId }: { host: string; actorId: string | null },
): Promise<BlockLevel | null> {
  const kept = keptBy(context);
  if (performance.now() - kept.checkedAt >= RECHECK_MS) {
    kept.checking ??= recheck(context, kept).finally(() => {
      kept.checking = null;
    });
    await kept.checking;
  }
  const { levels } = kept;
  const name = `${host} ${actorId ?? ''}`;
  const known = levels.get(name);
  if (known !== undefined) return known === 'none' ? null : known;
  const level = levelFor(await findBlocks(tablesOf(context), { host, actorId }));
  levels.set(name, level ?? 'none');
  return level;
}

/** Says in the transaction of a change that the blocks are others now. */
export async function noteBlockChange(trx: FederationTransaction): Promise<void> {
  await trx
    .insertInto('plugin_federation_versions')
    .values({ name: 'blocks', version: 1 })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({ version: eb('plugin_federation_versions.version', '+', 1) })),
    )
    .execute();
}

/** Forgets what was kept, after the transaction of a change. */
export function forgetBlockLevels(context: FederationContext): void {
  const kept = memory.get(context);
  if (kept) kept.levels = emptyLevels();
}

async function recheck(context: FederationContext, kept: Kept): Promise<void> {
  const checkedAt = performance.now();
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_versions')
    .select('version')
    .where('name', '=', 'blocks')
    .executeTakeFirst();
  const version = Number(row?.version ?? 0);
  if (version !== kept.version) kept.levels = emptyLevels();
  kept.version = version;
  kept.checkedAt = checkedAt;
}

function keptBy(context: FederationContext): Kept {
  let kept = memory.get(context);
  if (!kept) {
    kept = { version: 0, checkedAt: Number.NEGATIVE_INFINITY, checking: null, levels: emptyLevels() };
    memory.set(context, kept);
  }
  return kept;
}

function emptyLevels(): Kept['levels'] {
  return new LRUCache({ max: MOST_KEPT });
}
