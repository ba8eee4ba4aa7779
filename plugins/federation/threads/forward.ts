import type { Post } from 'outpost/plugin';
import { actorIdOf, collectionOf } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { sendActivity } from '../delivery/send-activity.ts';
import type { Received } from '../inbox/received.ts';
import type { FederationTables } from '../tables.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { isId } from '../vocabulary/ids.ts';
import { documentNode, typeOf } from '../vocabulary/terms.ts';
import { changeAnswer, findAnswer, findAnswerOfComment } from './answer-store.ts';

const largest = 128 * 1024;
/** How much of one account is passed on in an hour: each goes to all servers where followers are. */
const passedOn = { max: 20, windowSeconds: 3600 };

/**
 * What of an answer can be passed on to the followers of the post's author: the activity as it came, where everybody may
 * read it, it is addressed to those followers, and it carries a signature of its own, by which they can tell that it is
 * no invention of ours. Null for all else.
 * Source: ActivityPub section 7.1.2
 */
export function toForward(
  context: Pick<FederationContext, 'origin'>,
  { object, activity }: Received,
  post: Pick<Post, 'authorId'>,
): string | null {
  if (!activity || !isSigned(activity)) return null;
  if (object.visibility !== 'public' && object.visibility !== 'unlisted') return null;
  const followers = collectionOf(actorIdOf(context.origin, post.authorId), 'followers');
  const named = [...activity.to, ...activity.cc, ...object.to, ...object.cc];
  if (!named.includes(followers)) return null;
  const body = JSON.stringify(activity.raw);
  return Buffer.byteLength(body) <= largest ? body : null;
}

/** Passes an answer on once it is approved, or changed while it is. Each activity goes out once. */
export async function forwardAnswer(context: FederationContext, commentId: string): Promise<void> {
  const row = await findAnswerOfComment(tablesOf(context), commentId);
  if (!row?.signed || !row.post_id) return;
  const post = await context.posts.find(row.post_id);
  if (post?.status !== 'published') return;
  await forward(context, { raw: JSON.parse(row.signed), objectId: row.id, post, from: row.actor_id });
}

/** Passes on that an answer which was passed on is deleted. */
export async function forwardDelete(
  context: FederationContext,
  activity: ForeignActivity,
  objectId: string,
): Promise<void> {
  if (!isSigned(activity)) return;
  const row = await findAnswer(tablesOf(context), objectId);
  if (!row?.forwarded_at || !row.post_id || row.actor_id !== activity.actor) return;
  const post = await context.posts.find(row.post_id);
  if (post) await forward(context, { raw: activity.raw, objectId, post, from: activity.actor });
}

async function forward(
  context: FederationContext,
  { raw, objectId, post, from }: { raw: unknown; objectId: string; post: Post; from: string | null },
): Promise<void> {
  const node = documentNode(raw);
  if (!node || !isId(node.id) || from === null) return;
  const { id } = node;
  // An end is passed on even where much was passed on before it.
  const isEnd = typeOf(node, new Set()) === 'Delete';
  if (await context.rateLimit(`forward ${isEnd ? 'end ' : ''}${from}`, passedOn)) {
    context.log.info({ activity: id, actor: from }, 'not passed on: there was much of that account lately');
    return;
  }
  const inboxes = await inboxesBut(context, post.authorId, new URL(from).host);
  const forwarded_at = context.now().toISOString();
  await context.database.transaction<FederationTables, void>(async (trx) => {
    await changeAnswer(trx, objectId, { signed: null, forwarded_at });
    const known = await trx
      .selectFrom('plugin_federation_activities')
      .select('id')
      .where('id', '=', id)
      .executeTakeFirst();
    if (known || inboxes.length === 0) return;
    await sendActivity(context, trx, {
      activity: { id, type: typeOf(node, new Set()), body: { ...Object(raw) } },
      userId: post.authorId,
      objectId,
      postId: post.id,
      to: { inboxes },
    });
  });
}

/** Where the author's followers are, but for the server that the answer came from. */
async function inboxesBut(context: FederationContext, userId: string, host: string): Promise<string[]> {
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_followers')
    .select('inbox')
    .distinct()
    .where('user_id', '=', userId)
    .where('state', '=', 'accepted')
    .where('host', '!=', host)
    .execute();
  return rows.map((row) => row.inbox);
}

/** Whether an activity carries a Linked Data signature or an integrity proof (FEP-8b32). */
function isSigned({ raw }: ForeignActivity): boolean {
  const node = documentNode(raw);
  return [node?.signature, node?.proof].some((value) => typeof value === 'object' && value !== null);
}
