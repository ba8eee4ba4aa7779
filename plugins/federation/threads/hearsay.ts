import { isOurs } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { idOfRef } from '../inbox/agree.ts';
import type { Result } from '../inbox/circumstances.ts';
import { rememberHearsay } from '../inbox/gone.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import type { ForeignObject } from '../vocabulary/object.ts';
import { findAnswer, putWaiting } from './answer-store.ts';
import { findAbove, findDiscussion } from './find-place.ts';
import { climbOn } from './place-answer.ts';

/** How much is remembered of what others say of one server's texts, in an hour. */
const remembered = { max: 500, windowSeconds: 3600 };

/**
 * What somebody says of another's text that answers nothing known here. Nobody is asked for it unless it speaks of this
 * site; but should what it answers come, or the text itself, it will have been heard of.
 */
export async function heedHearsay(context: FederationContext, said: ForeignActivity): Promise<Result> {
  const [ref] = said.objects;
  const id = idOfRef(ref);
  if (id === null || isOurs(context.origin, id)) return 'dropped: nothing to ask for';
  if (ref?.kind === 'object' && (await speaksOfUs(context, ref.object))) {
    await climbOn(context, [id]);
    return 'its server is asked';
  }
  if (await context.rateLimit(`hearsay ${new URL(id).host}`, remembered))
    return 'dropped: about something elsewhere';
  if (said.type === 'Delete') {
    await rememberHearsay(context, id);
    return 'remembered, in case it comes';
  }
  const awaits = ref?.kind === 'object' ? ref.object.inReplyTo : null;
  if (awaits === null || (await findAnswer(tablesOf(context), id)) !== null)
    return 'dropped: about something elsewhere';
  const created_at = context.now().toISOString();
  await putWaiting(tablesOf(context), { id, awaits, created_at });
  return 'remembered, in case what it answers comes';
}

async function speaksOfUs(context: FederationContext, object: ForeignObject): Promise<boolean> {
  const named = [...object.to, ...object.cc, ...object.mentions.map(({ href }) => href)];
  if (named.some((iri) => isOurs(context.origin, iri))) return true;
  if (await findDiscussion(context, object)) return true;
  return object.inReplyTo !== null && (await findAbove(context, object.inReplyTo)) !== null;
}
