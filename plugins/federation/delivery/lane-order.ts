/** What waits for one inbox about one object, in the order in which it was ordered. */
export type Waiting = {
  id: string;
  type: string;
  activityId: string;
  /** Whether it may have arrived although nobody said so. */
  maybeThere: boolean;
};

/** What is done with what waits for one inbox about one object. */
export type ChainPlan = {
  /** Not sent any more: a later one says it, or there is nothing left to say. */
  outdated: string[];
  /** The one to send now, or null where nothing is left. */
  send: string | null;
  /** Arrive with it: its object is the latest. */
  carried: string[];
  /** The activity whose object is sent, where that is a later one's. */
  latestActivityId: string | null;
};

/**
 * Decides about everything that waits for one inbox about one object: a Create goes with the latest text and takes its
 * Updates along; several Updates are the last one; a Delete ends all that was before it, and where the Create surely
 * never arrived there is nothing to delete either. Everything else keeps its order.
 * @param chain oldest first, not empty
 */
export function planChain(chain: readonly Waiting[]): ChainPlan {
  const end = chain.findLastIndex(({ type }) => type === 'Delete');
  if (end >= 0 && chain.slice(0, end).every(({ type }) => isText(type) || type === 'Delete')) {
    return planEnd(chain, end);
  }
  const [head] = chain;
  const plan: ChainPlan = { outdated: [], send: head?.id ?? null, carried: [], latestActivityId: null };
  if (!head || !isText(head.type)) return plan;
  const stop = chain.findIndex(({ type }, index) => index > 0 && type !== 'Update');
  const run = chain.slice(0, stop === -1 ? chain.length : stop);
  const last = run.at(-1);
  if (!last || last === head) return plan;
  const ids = run.map(({ id }) => id);
  if (head.type === 'Update') return { ...plan, outdated: ids.slice(0, -1), send: last.id };
  return { ...plan, carried: ids.slice(1), latestActivityId: last.activityId };
}

function planEnd(chain: readonly Waiting[], end: number): ChainPlan {
  const before = chain.slice(0, end);
  const outdated = before.map(({ id }) => id);
  const neverArrived = before[0]?.type === 'Create' && !before[0].maybeThere;
  const farewell = chain[end];
  if (!neverArrived || !farewell)
    return { outdated, send: farewell?.id ?? null, carried: [], latestActivityId: null };
  outdated.push(farewell.id);
  const rest = chain.slice(end + 1);
  const plan: ChainPlan =
    rest.length === 0 ? { outdated: [], send: null, carried: [], latestActivityId: null } : planChain(rest);
  return { ...plan, outdated: [...outdated, ...plan.outdated] };
}

function isText(type: string): boolean {
  return type === 'Create' || type === 'Update';
}
