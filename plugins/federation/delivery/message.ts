import type { Post } from 'outpost/plugin';
import { isOurs, postIdOf, signerIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { Form } from '../forms/forms.ts';
import { inForm } from '../forms/in-form.ts';
import { buildArticle } from '../objects/load-article.ts';
import { findSharedPost } from '../objects/shared-post.ts';
import { digestOf } from '../signatures/digest.ts';
import type { ActivityRow } from '../tables.ts';
import { createOf, updateOf } from '../vocabulary/activities.ts';
import { findActivity } from './delivery-store.ts';
import { stateOf } from './object-store.ts';
import { withProof } from './prove.ts';

/** The bytes that are sent, and their digest. */
export type Message = { body: Buffer; digest: string };

/**
 * A message as it is to be sent now, or why there is none: what it says is not true any more, or is about to be taken
 * back.
 */
export type MessageNow =
  | { kind: 'message'; message: Message }
  | { kind: 'outdated'; text: string }
  | { kind: 'leaving' };

/** Messages that are being sent; each goes to many servers within seconds. */
const keptMessages = 128;
const keptForMs = 30_000;
type Kept = { version: number; madeAt: number; now: Promise<MessageNow> };
const kept = new WeakMap<FederationContext, Map<string, Kept>>();

/**
 * What an activity says, looked at just before it is sent: a post that is not public any more is not announced, and one
 * that was changed meanwhile goes as it is now. Made once for all servers, and anew when anything on the site changes.
 * @param options.latestActivityId a later activity whose object is sent in place of the first one's; null for its own
 * @param options.form the form in which the server gets posts; null for the canonical one
 */
export function messageFor(
  context: FederationContext,
  activityId: string,
  options: { latestActivityId: string | null; form: Form | null },
): Promise<MessageNow> {
  let messages = kept.get(context);
  if (!messages) {
    messages = new Map();
    kept.set(context, messages);
  }
  const key = `${activityId} ${options.latestActivityId ?? ''} ${options.form?.name ?? ''}`;
  const version = context.pagesVersion();
  const known = messages.get(key);
  const nowMs = performance.now();
  if (known?.version === version && nowMs - known.madeAt < keptForMs) return known.now;
  const now = makeMessage(context, activityId, options);
  messages.set(key, { version, madeAt: nowMs, now });
  // A failure is not kept: who asks next tries again, and this one is told by what it awaits.
  now.catch(() => kept.get(context)?.delete(key));
  const oldest = messages.keys().next().value;
  if (messages.size > keptMessages && oldest !== undefined) messages.delete(oldest);
  return now;
}

const notPublic = 'It is not public any more.';

async function makeMessage(
  context: FederationContext,
  activityId: string,
  { latestActivityId, form }: { latestActivityId: string | null; form: Form | null },
): Promise<MessageNow> {
  const db = tablesOf(context);
  const activity = await findActivity(db, activityId);
  if (!activity) return { kind: 'outdated', text: 'The activity is not kept any more.' };
  // What others signed is passed on as it came: another form of it would be nobody's.
  if (isOfOthers(context, activity)) return { kind: 'message', message: messageOf(activity.body) };
  const latest = latestActivityId === null ? activity : await findActivity(db, latestActivityId);
  const isText = activity.type === 'Create' || activity.type === 'Update';
  const state = isText ? await stateOf(db, activity.object_id) : null;
  if (state === 'gone') return { kind: 'outdated', text: notPublic };
  const text = isText ? await textNow(context, activity, latest ?? activity) : activity.body;
  if (text === null) return state === 'live' ? { kind: 'leaving' } : { kind: 'outdated', text: notPublic };
  const { user_id: userId, created_at: createdAt } = activity;
  const proven = await withProof(context, inForm(text, form), { userId, createdAt });
  return { kind: 'message', message: messageOf(proven) };
}

function isOfOthers({ origin }: FederationContext, { id, body }: ActivityRow): boolean {
  if (isOurs(origin, id)) return false;
  const { actor }: Record<string, unknown> = JSON.parse(body);
  return actor !== undefined && !(typeof actor === 'string' && isOurs(origin, actor));
}

function messageOf(text: string): Message {
  const body = Buffer.from(text);
  return { body, digest: digestOf(body) };
}

async function textNow(
  context: FederationContext,
  activity: ActivityRow,
  latest: ActivityRow,
): Promise<string | null> {
  const isOfPost = activity.post_id !== null && isAbout(activity, postPath(context, activity.post_id));
  if (isOfPost) {
    const post = await findSharedPost(context, activity.post_id ?? '');
    if (!post || postIdOf(context.origin, post) !== activity.object_id) return null;
    if (post.updatedAt > latest.created_at) return anew(context, activity, post);
  }
  if (latest === activity) return activity.body;
  const { object, to, cc }: Record<string, unknown> = JSON.parse(latest.body);
  return JSON.stringify({ ...JSON.parse(activity.body), to, cc, object });
}

/** Quiet changes are told to nobody, but who hears of the post only now hears of it as it is. */
async function anew(context: FederationContext, activity: ActivityRow, post: Post): Promise<string> {
  const { object } = await buildArticle(context, post);
  const deed = { id: activity.id, actor: signerIdOf(context.origin, activity.user_id) };
  return JSON.stringify(activity.type === 'Create' ? createOf(deed, object) : updateOf(deed, object));
}

function postPath({ origin }: FederationContext, postId: string): string {
  return postIdOf(origin, { id: postId, publication: 1 });
}

/** Later publications of a post have the same address with a number. */
function isAbout({ object_id }: ActivityRow, path: string): boolean {
  return object_id === path || object_id.startsWith(`${path}-`);
}
