import type { Comment } from 'outpost/plugin';
import { isOurs } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import type { Received } from '../inbox/received.ts';
import { isId, sameOrigin } from '../vocabulary/ids.ts';
import type { AnswerRow } from './answer-table.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long after the last new answer the server of an answer is asked for more. */
const pausesMs = [15 * minuteMs, hourMs, 6 * hourMs, dayMs, 3 * dayMs, 7 * dayMs] as const;

/** Where answers to an answer can be found, and when that is worth a look. */
export type LookPlan = {
  row: Pick<AnswerRow, 'replies_url' | 'context_url' | 'look_at' | 'looks'>;
  /** Whether there is something to be found already. */
  atOnce: boolean;
};

/**
 * Plans where to look for answers to an answer: in its `replies`, which must be its own server's, and in its `context`
 * where that is not ours. Source: FEP-7888
 */
export function planOf(context: FederationContext, { object, activity }: Received): LookPlan {
  const { id, replies } = object;
  const address = replies?.id ?? replies?.next ?? null;
  const replies_url = address !== null && id !== null && sameOrigin(address, id) ? address : null;
  const isElsewhere = isId(object.context) && !isOurs(context.origin, object.context);
  const context_url = isElsewhere ? object.context : null;
  const hasPlace = replies_url !== null || context_url !== null;
  // Mastodon sends what is new with an empty page in it.
  const isEmpty =
    activity !== undefined && replies !== null && replies.items.length === 0 && replies.next !== replies.id;
  const look_at = hasPlace ? nextLook(context, 0) : null;
  return {
    row: { replies_url, context_url, look_at, looks: 0 },
    atOnce: hasPlace && (context_url !== null || !isEmpty || (replies?.totalItems ?? 0) > 0),
  };
}

/** When to look the next time, having looked so often since something was found; null for never again. */
export function nextLook(context: FederationContext, looks: number): string | null {
  const pause = pausesMs[looks];
  return pause === undefined ? null : new Date(context.now().getTime() + pause).toISOString();
}

/** Acts on the plan for an answer that is new, and looks sooner again for others beside it. */
export async function followUp(
  context: FederationContext,
  { objectId, parent, plan }: { objectId: string; parent: Comment | null; plan: LookPlan },
): Promise<void> {
  if (plan.atOnce) await lookSoon(context, [objectId]);
  if (parent?.externalId) {
    await tablesOf(context)
      .updateTable('plugin_federation_answers')
      .set({ looks: 0, look_at: nextLook(context, 0) })
      .where('id', '=', parent.externalId)
      .where('replies_url', 'is not', null)
      .where('looks', '>', 0)
      .execute();
  }
}

/** Orders the servers of some answers to be asked for answers to them. */
export async function lookSoon(context: FederationContext, ids: readonly string[]): Promise<void> {
  const jobs = ids.map((id) => ({ payload: { id }, uniqueKey: id, maxAttempts: 3 }));
  await context.jobs.addAll(null, 'look', jobs);
}
