import type { CustomEmoji } from 'outpost/plugin';
import type { FederationContext, FederationDatabase, FederationTransaction } from '../context.ts';
import { tablesOf } from '../context.ts';
import { customEmojis, readCustomEmojis } from '../emoji/custom-emojis.ts';
import type { ActorRow } from '../tables.ts';
import type { ForeignActor } from '../vocabulary/actor.ts';
import { sameOrigin } from '../vocabulary/ids.ts';

/** Somebody elsewhere, as last fetched. Everything in it is fit to be shown, escaped. */
export type RemoteActor = {
  id: string;
  type: string;
  /** `@name@host`; null where the name turned out to be somebody else's. */
  handle: string | null;
  preferredUsername: string;
  /** One line of plain text, never empty. */
  name: string;
  /** Pictures that the name has in it. */
  emojis: CustomEmoji[];
  /** The profile page. */
  url: string | null;
  avatarUrl: string | null;
  inbox: string;
  sharedInbox: string | null;
  followersUrl: string | null;
  /** Host with port, lower case. */
  host: string;
  /** PEM, by the key's id. */
  keys: { id: string; pem: string }[];
  /** Sanitised. */
  summaryHtml: string | null;
  fetchedAt: string;
  handleCheckedAt: string | null;
  goneAt: string | null;
};

/** How long what WebFinger said about a name is taken as said. */
const HANDLE_GOOD_MS = 7 * 86_400_000;

/** The actor as stored, or null where nothing is known of it. Nothing is fetched. */
export async function findActor(context: FederationContext, id: string): Promise<RemoteActor | null> {
  const row = await actorsIn(tablesOf(context)).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Stored actors by their ids; those that are not known are left out. */
export async function findActors(
  context: FederationContext,
  ids: readonly string[],
): Promise<Map<string, RemoteActor>> {
  const actors = new Map<string, RemoteActor>();
  for (let at = 0; at < ids.length; at += 500) {
    const rows = await actorsIn(tablesOf(context))
      .where('id', 'in', ids.slice(at, at + 500))
      .execute();
    for (const row of rows) actors.set(row.id, fromRow(row));
  }
  return actors;
}

/**
 * The stored actor with this handle, `@name@host` in any case, or null; of a person and a community of one name (Lemmy) the
 * person.
 */
export async function findActorByHandle(
  context: FederationContext,
  handle: string,
): Promise<RemoteActor | null> {
  const row = await actorsIn(tablesOf(context))
    .where('handle_key', '=', handle.toLowerCase())
    .where('gone_at', 'is', null)
    .orderBy((eb) => eb.case().when('type', '=', 'Group').then(1).else(0).end())
    .orderBy('fetched_at', 'desc')
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/**
 * Stores what an actor says of itself. The document must have been fetched from the actor's own id, or have come signed
 * by the actor: that is for the caller to know.
 * @returns null for what cannot be an actor here: without an inbox or without a name that handles may have
 */
export async function storeActor(
  context: FederationContext,
  actor: ForeignActor,
): Promise<RemoteActor | null> {
  const host = URL.parse(actor.id)?.host;
  if (!host || actor.inbox === null || actor.preferredUsername === null) return null;
  const known = await findActor(context, actor.id);
  const now = context.now().toISOString();
  const sameName = known?.preferredUsername === actor.preferredUsername && known.goneAt === null;
  const checkedAt = sameName ? known.handleCheckedAt : null;
  const isChecked = checkedAt !== null && context.now().getTime() - Date.parse(checkedAt) < HANDLE_GOOD_MS;
  const handle = sameName ? known.handle : `@${actor.preferredUsername}@${host}`;
  const row: Omit<ActorRow, 'key_fetched_at'> = {
    id: actor.id,
    type: actor.type,
    handle,
    handle_key: handle?.toLowerCase() ?? null,
    handle_checked_at: isChecked ? checkedAt : null,
    preferred_username: actor.preferredUsername,
    name: actor.name ?? actor.preferredUsername,
    emojis: actor.emojis.length === 0 ? null : JSON.stringify(customEmojis(actor.emojis)),
    url: actor.url,
    avatar_url: actor.iconUrl,
    inbox: actor.inbox,
    shared_inbox: sharedInboxOf(actor),
    followers_url: actor.followers,
    host,
    keys: JSON.stringify(ownKeys(actor)),
    fetched_at: now,
    gone_at: null,
    summary_html: actor.summaryHtml === null ? null : String(context.comments.sanitise(actor.summaryHtml)),
    last_seen_at: now,
  };
  const { id: _, ...changed } = row;
  await tablesOf(context)
    .insertInto('plugin_federation_actors')
    .values({ ...row, key_fetched_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  return fromRow({ ...row, key_fetched_at: null });
}

/** Remembers that an actor is gone; its keys prove nothing any more. */
export async function markActorGone(
  context: FederationContext,
  id: string,
  db: FederationDatabase | FederationTransaction = tablesOf(context),
): Promise<void> {
  await db
    .updateTable('plugin_federation_actors')
    .set({ gone_at: context.now().toISOString(), keys: '[]' })
    .where('id', '=', id)
    .where('gone_at', 'is', null)
    .execute();
}

/** Forgets an actor of whom nothing is known but what was fetched. */
export async function removeActor(context: FederationContext, id: string): Promise<void> {
  await tablesOf(context).deleteFrom('plugin_federation_actors').where('id', '=', id).execute();
}

/** Keeps what WebFinger said about an actor's handle. */
export async function saveHandle(
  context: FederationContext,
  id: string,
  handle: string | null,
): Promise<void> {
  await tablesOf(context)
    .updateTable('plugin_federation_actors')
    .set({
      handle,
      handle_key: handle?.toLowerCase() ?? null,
      handle_checked_at: context.now().toISOString(),
    })
    .where('id', '=', id)
    .execute();
}

/** Whether an actor's keys may be fetched anew now; says so once in that time, on all nodes together. */
export async function claimKeyRefetch(
  context: FederationContext,
  id: string,
  cooldownMs: number,
): Promise<boolean> {
  const now = context.now();
  const since = new Date(now.getTime() - cooldownMs).toISOString();
  const claimed = await tablesOf(context)
    .updateTable('plugin_federation_actors')
    .set({ key_fetched_at: now.toISOString() })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('key_fetched_at', 'is', null), eb('key_fetched_at', '<', since)]))
    .executeTakeFirst();
  return claimed.numUpdatedRows > 0n;
}

function actorsIn(db: FederationDatabase) {
  return db.selectFrom('plugin_federation_actors').selectAll();
}

/** Keys that the actor calls its own; one whose PEM is elsewhere is left to who needs it. */
function ownKeys(actor: ForeignActor): { id: string; pem: string }[] {
  return actor.publicKeys.flatMap(({ id, owner, pem }) =>
    owner === actor.id && pem !== null ? [{ id, pem }] : [],
  );
}

/** A shared inbox of a third server would let an actor send our posts anywhere. */
function sharedInboxOf({ id, inbox, sharedInbox }: ForeignActor): string | null {
  if (sharedInbox === null || inbox === null) return null;
  return sameOrigin(sharedInbox, id) || sameOrigin(sharedInbox, inbox) ? sharedInbox : null;
}

function fromRow(row: ActorRow): RemoteActor {
  return {
    id: row.id,
    type: row.type,
    handle: row.handle,
    preferredUsername: row.preferred_username,
    name: row.name,
    emojis: readCustomEmojis(row.emojis),
    url: row.url,
    avatarUrl: row.avatar_url,
    inbox: row.inbox,
    sharedInbox: row.shared_inbox,
    followersUrl: row.followers_url,
    host: row.host,
    keys: readKeys(row.keys),
    summaryHtml: row.summary_html,
    fetchedAt: row.fetched_at,
    handleCheckedAt: row.handle_checked_at,
    goneAt: row.gone_at,
  };
}

function readKeys(json: string): { id: string; pem: string }[] {
  const keys: unknown = JSON.parse(json);
  return Array.isArray(keys) ? keys.filter(isKey) : [];
}

function isKey(value: unknown): value is { id: string; pem: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'pem' in value &&
    typeof value.pem === 'string'
  );
}
