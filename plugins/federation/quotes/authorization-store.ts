import { authorizationIdOf } from '../addresses.ts';
import type { FederationContext, FederationDatabase, FederationTransaction } from '../context.ts';
import { tablesOf } from '../context.ts';
import type { ReceivedRequest } from '../vocabulary/authorization-out.ts';
import type { AuthorizationRow } from './quote-tables.ts';

type Db = FederationDatabase | FederationTransaction;

/** What was asked: who wants what with which object of ours. */
type Wish = Pick<AuthorizationRow, 'kind' | 'object_id' | 'target_id'>;

/** What was said to this wish before, or null. */
export async function findWish(db: Db, wish: Wish): Promise<AuthorizationRow | null> {
  const row = await db
    .selectFrom('plugin_federation_authorizations')
    .selectAll()
    .where('object_id', '=', wish.object_id)
    .where('target_id', '=', wish.target_id)
    .where('kind', '=', wish.kind)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Keeps a wish, and what is said to it, once: of one that was there before no more than the request is replaced, which is
 * answered by its id. Gives the row that is there.
 */
export async function saveWish(db: Db, row: AuthorizationRow): Promise<AuthorizationRow> {
  await db
    .insertInto('plugin_federation_authorizations')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['object_id', 'target_id', 'kind'])
        .doUpdateSet({ request: row.request })
        .where('plugin_federation_authorizations.actor_id', '=', row.actor_id),
    )
    .execute();
  return (await findWish(db, row)) ?? row;
}

/** Says something else to a wish; false where it has been said already. */
export async function decideWish(
  db: Db,
  {
    id,
    from,
    to,
    at,
  }: { id: string; from: AuthorizationRow['state'][]; to: AuthorizationRow['state']; at: string },
): Promise<boolean> {
  const row = await db
    .updateTable('plugin_federation_authorizations')
    .set({ state: to, decided_at: at })
    .where('id', '=', id)
    .where('state', 'in', from)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** The wish with this id, or null. */
export async function findWishById(context: FederationContext, id: string): Promise<AuthorizationRow | null> {
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_authorizations')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** What an object elsewhere was allowed or refused: its wishes, as it may quote one thing and answer another. */
export async function findWishesOf(
  db: Db,
  { objectId, actorId }: { objectId: string; actorId: string },
): Promise<AuthorizationRow[]> {
  return db
    .selectFrom('plugin_federation_authorizations')
    .selectAll()
    .where('object_id', '=', objectId)
    .where('actor_id', '=', actorId)
    .execute();
}

/** The address under which others read an authorization. */
export function addressOf(context: FederationContext, row: Pick<AuthorizationRow, 'id'>): string {
  return authorizationIdOf(context.origin, row.id);
}

/** The request as it came, for the answer. Only `requestColumn` writes what is read here. */
export function requestOf(row: AuthorizationRow): ReceivedRequest {
  return JSON.parse(row.request) as ReceivedRequest;
}

/** A request as it is stored. */
export function requestColumn(request: ReceivedRequest): string {
  return JSON.stringify(request);
}
