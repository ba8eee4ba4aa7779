import type { Post } from 'outpost/plugin';
import { findActor, type RemoteActor } from '../actors/actor-store.ts';
import { lookUpHandle } from '../actors/look-up.ts';
import { fetchActor } from '../actors/remote-actors.ts';
import { isOurs, postIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { findHost, noteHost } from '../delivery/host-store.ts';
import { softwareOf } from '../delivery/learn-software.ts';
import type { CommunityRow } from '../following/following-tables.ts';
import { blockLevelOf } from '../moderation/block-level.ts';
import { announceSoon } from '../notices/announce-soon.ts';
import { handleIn, isCommunity, kindOfCommunity, readCommunityName } from './community.ts';
import { communitiesOfPost, keepCommunities, putCommunity } from './community-store.ts';

/** How long one community may take to be found, in milliseconds. */
const patienceMs = 7_000;
/** How often one that is not found is looked for: over about two days. */
export const mostLooks = 8;

/**
 * Finds the communities that the writer named for a post, and keeps what was found, or why not. Those that are known
 * already cost nothing.
 * @param again set to look also for those of which it is certain that they cannot be addressed: the writer asks
 */
export async function meetCommunities(
  context: FederationContext,
  post: Post,
  { again = false }: { again?: boolean } = {},
): Promise<void> {
  const names = await namesFor(context, post);
  if (names.length === 0) return;
  const rows = await communitiesOfPost(tablesOf(context), post.id);
  await Promise.all(
    names.map((name) => meet(context, post, { name, row: rows.find((one) => one.name === name), again })),
  );
}

/**
 * Notes the communities among those whom a post's text mentions, for those kinds that want more than to be mentioned; and
 * forgets those that the writer has taken away again.
 */
export async function noteMentioned(
  context: FederationContext,
  post: Post,
  mentioned: readonly RemoteActor[],
): Promise<void> {
  const db = tablesOf(context);
  const rows = await communitiesOfPost(db, post.id);
  const kept = new Set(await namesFor(context, post));
  for (const actor of mentioned.filter(isCommunity)) {
    const known = rows.find((row) => row.actor_id === actor.id);
    const kind = known?.kind ?? kindOfCommunity(await softwareAt(context, actor), actor.id);
    if (kind === 'mention') continue;
    const name = known?.name ?? handleIn(actor);
    kept.add(name);
    if (known && (known.object_id === null || known.object_id === postIdOf(context.origin, post))) continue;
    await putCommunity(db, {
      post_id: post.id,
      name,
      actor_id: actor.id,
      kind,
      state: 'found',
      reason: '',
      attempts: 0,
      object_id: null,
      changed_at: context.now().toISOString(),
    });
  }
  if (rows.some((row) => !kept.has(row.name))) await keepCommunities(db, post.id, [...kept]);
}

/** The communities that the writer named for a post. */
async function namesFor(context: FederationContext, post: Post): Promise<string[]> {
  const { communities } = await context.postFields(post.id);
  return [...new Set(communities.map((name) => name.trim()).filter(Boolean))];
}

async function meet(
  context: FederationContext,
  post: Post,
  { name, row, again }: { name: string; row: CommunityRow | undefined; again: boolean },
): Promise<void> {
  const db = tablesOf(context);
  const now = context.now().toISOString();
  const objectId = postIdOf(context.origin, post);
  if (row?.actor_id) {
    const actor = await findActor(context, row.actor_id);
    if (actor && !actor.goneAt) {
      // A post that is published anew is another object, of which the community has not heard.
      if (row.object_id !== null && row.object_id !== objectId)
        await putCommunity(db, { ...row, state: 'found', reason: '', object_id: null, changed_at: now });
      return;
    }
  }
  if (row?.state === 'refused' && !again) return;
  const answer = await findCommunity(context, name);
  const attempts = again ? 0 : (row?.attempts ?? 0);
  const base = { post_id: post.id, name, object_id: null, changed_at: now };
  if (answer.kind === 'found') {
    const { actor } = answer;
    const kind = kindOfCommunity(await softwareAt(context, actor), actor.id);
    await putCommunity(db, { ...base, actor_id: actor.id, kind, state: 'found', reason: '', attempts });
    return;
  }
  const isLast = answer.kind === 'never' || attempts + 1 >= mostLooks;
  context.log.info({ post: post.id, community: name, reason: answer.reason }, 'a community was not found');
  await putCommunity(db, {
    ...base,
    actor_id: null,
    kind: 'mention',
    state: isLast ? 'refused' : 'missing',
    reason: answer.reason,
    attempts: attempts + 1,
  });
  if (isLast) await announceSoon(context);
}

type CommunityAnswer =
  | { kind: 'found'; actor: RemoteActor }
  /** Looking again may help. */
  | { kind: 'missing'; reason: string }
  | { kind: 'never'; reason: string };

async function findCommunity(context: FederationContext, typed: string): Promise<CommunityAnswer> {
  const name = readCommunityName(typed);
  if (!name) return { kind: 'never', reason: 'That is neither a handle nor an address.' };
  if (name.kind === 'address' && isOurs(context.origin, name.id))
    return { kind: 'never', reason: 'That is an address of this site.' };
  const options = { timeoutMs: patienceMs, maxAgeMs: 3_600_000, wantedType: 'Group' };
  const answer =
    name.kind === 'address'
      ? await fetchActor(context, name.id, options)
      : await lookUpHandle(context, `@${name.username}@${name.host}`, options);
  if (answer.kind === 'gone') return { kind: 'never', reason: 'It does not exist any more.' };
  if (answer.kind !== 'actor') return { kind: 'missing', reason: answer.reason };
  const { actor } = answer;
  if ((await blockLevelOf(context, { host: actor.host, actorId: actor.id })) === 'block')
    return { kind: 'never', reason: 'It is blocked here.' };
  if (isCommunity(actor)) return { kind: 'found', actor };
  return { kind: 'never', reason: 'That is no community but a single account; mention it in the text.' };
}

/** What the community's server runs; asked for where that is not known. */
async function softwareAt(context: FederationContext, actor: RemoteActor): Promise<string | null> {
  const known = await findHost(tablesOf(context), actor.host);
  if (known?.software) return known.software;
  try {
    const software = await softwareOf(context, new URL(actor.id).origin);
    // The form in which the post goes there depends on it as well.
    if (software !== null) await noteHost(tablesOf(context), actor.host, { software });
    return software;
  } catch (error) {
    // It is only about the form in which a post goes there.
    context.log.info({ host: actor.host, err: error }, 'a server did not say what it runs');
    return null;
  }
}
