import { z } from 'outpost/plugin';
import { type FederationContext, tablesOf } from '../context.ts';
import type { Circumstances } from '../inbox/circumstances.ts';
import { forgetGone, receiveFetched, receiveObject } from '../inbox/receive-object.ts';
import { changeAnswer, findAnswer } from './answer-store.ts';
import { fetchObject } from './fetch-object.ts';

const climbJob = z.object({ ids: z.array(z.string()).min(1).max(64) });

/** How many requests one step may make. */
const fetchesForOne = 12;

/**
 * Goes on from where an answer's place was looked for: the job behind what one received activity may not ask for at
 * once, what could not be reached, and what waited. The answer itself is asked for at its own server.
 */
export async function climb(
  payload: unknown,
  context: FederationContext,
  job: { attempts: number; maxAttempts: number },
): Promise<void> {
  const [id = '', ...aboveIds] = climbJob.parse(payload).ids;
  const isLastTry = job.attempts >= job.maxAttempts;
  const how: Circumstances = {
    level: null,
    budget: { left: fetchesForOne },
    handleFetched: async () => 'not handled',
  };
  const known = await findAnswer(tablesOf(context), id);
  if (known?.state === 'removed') return;
  if (known?.state === 'here') {
    // What made somebody look may have been a later version than the one that came meanwhile.
    await receiveFetched(context, id, how);
    return;
  }
  const start = await fetchObject(context, id, how);
  if (start.kind === 'unreachable' && !isLastTry)
    throw new Error(`${id} could not be fetched: ${start.reason}`);
  if (start.kind !== 'object') {
    if (start.kind === 'gone') await forgetGone(context, id);
    // Nobody comes back for what cannot be had.
    await changeAnswer(tablesOf(context), id, { awaits: null });
    return;
  }
  const last = aboveIds.at(-1);
  const top = last === undefined ? null : await fetchObject(context, last, how);
  if (top?.kind === 'unreachable' && !isLastTry)
    throw new Error(`${last} could not be fetched: ${top.reason}`);
  const above = aboveIds.map((one) => ({
    id: one,
    found: one === last && top?.kind === 'object' ? top : null,
  }));
  const climbed = { above, isLastTry };
  const result = await receiveObject(context, { ...start, climbed }, { ...how, level: start.level });
  context.log.info({ object: id, result }, 'looked for the place of an answer');
}
