import type { FederationDatabase } from '../context.ts';
import { levelFor } from '../moderation/block.ts';
import { findBlocks } from '../moderation/block-store.ts';
import type { CardRow } from '../tables.ts';
import { type Card, cardSchema } from './card.ts';

/** A card that can be shown. `version` changes with its picture. */
export type ShownCard = { id: string; url: string; card: Card; hasPicture: boolean; version: string };

/** The cards among these addresses, but those of servers that are blocked. */
export async function findCards(db: FederationDatabase, urls: readonly string[]): Promise<ShownCard[]> {
  const allowed = [];
  for (const card of await storedCards(db, urls)) if (await isAllowed(db, card.card)) allowed.push(card);
  return allowed;
}

async function storedCards(db: FederationDatabase, urls: readonly string[]): Promise<ShownCard[]> {
  if (urls.length === 0) return [];
  const rows = await db
    .selectFrom('plugin_federation_cards')
    .select((eb) => [
      'id',
      'url',
      'state',
      'card',
      'checked_at',
      eb('picture', 'is not', null).as('has_picture'),
    ])
    .where('url', 'in', urls)
    .where('state', '=', 'card')
    .execute();
  return rows.flatMap((row) => {
    const card = readStored(row.card);
    if (!card) return [];
    const { id, url } = row;
    return [{ id, url, card, hasPicture: Boolean(row.has_picture), version: versionOf(row.checked_at) }];
  });
}

/** A card by its id, with its picture as base64. */
export async function findCard(
  db: FederationDatabase,
  id: string,
): Promise<{ card: Card; picture: string | null; version: string } | null> {
  const row = await db
    .selectFrom('plugin_federation_cards')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  const card = row?.state === 'card' ? readStored(row.card) : null;
  if (!card || !(await isAllowed(db, card))) return null;
  return row ? { card, picture: row.picture, version: versionOf(row.checked_at) } : null;
}

/** Notes addresses to ask about; gives those that nobody has asked about yet. */
export async function addWaiting(
  db: FederationDatabase,
  rows: readonly Pick<CardRow, 'id' | 'url' | 'next_at'>[],
): Promise<{ id: string; url: string; attempts: number }[]> {
  if (rows.length === 0) return [];
  return db
    .insertInto('plugin_federation_cards')
    .values(
      rows.map((row) => ({
        ...row,
        state: 'waiting' as const,
        card: null,
        picture: null,
        attempts: 0,
        checked_at: null,
      })),
    )
    .onConflict((conflict) => conflict.column('url').doNothing())
    .returning(['id', 'url', 'attempts'])
    .execute();
}

/** What is to be asked about now, the longest due first. */
export async function dueCards(
  db: FederationDatabase,
  now: string,
  limit: number,
): Promise<{ id: string; url: string; attempts: number }[]> {
  return db
    .selectFrom('plugin_federation_cards')
    .select(['id', 'url', 'attempts'])
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .limit(limit)
    .execute();
}

/** Writes down what was found out. */
export async function saveCard(
  db: FederationDatabase,
  id: string,
  change: Partial<Omit<CardRow, 'id' | 'url'>>,
): Promise<void> {
  await db.updateTable('plugin_federation_cards').set(change).where('id', '=', id).execute();
}

async function isAllowed(db: FederationDatabase, { pageUrl }: Card): Promise<boolean> {
  const { host } = new URL(pageUrl);
  return levelFor(await findBlocks(db, { host, actorId: null })) !== 'block';
}

function readStored(text: string | null): Card | null {
  const parsed = cardSchema.safeParse(text === null ? null : JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

function versionOf(checkedAt: string | null): string {
  return (checkedAt ?? '').replace(/\D/g, '').slice(0, 14);
}
