import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import {
  collectionDocument,
  numberedPage,
  pageAddressOf,
  pageDocument,
} from '../vocabulary/collection-out.ts';
import type { Json } from '../vocabulary/context-out.ts';

const PAGE = 50;

/**
 * Whom an author follows: how many, and page by page their ids, newest first. Requests that nobody has answered are
 * nobody's business.
 * @param page the number of the page, or null for the collection itself
 * Source: ActivityPub, section 5.4
 */
export async function followingCollection(
  context: FederationContext,
  userId: string,
  id: string,
  page: number | null,
): Promise<Json> {
  const accepted = tablesOf(context)
    .selectFrom('plugin_federation_following')
    .where('user_id', '=', userId)
    .where('state', '=', 'accepted');
  const counted = await accepted
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .executeTakeFirst();
  const totalItems = Number(counted?.count ?? 0);
  if (totalItems === 0 && page === null) return collectionDocument({ id, totalItems, items: [] });
  if (page === null) return collectionDocument({ id, totalItems, firstPage: pageAddressOf(id, 1) });
  const offset = (page - 1) * PAGE;
  const rows = await accepted
    .select('actor_id')
    .orderBy('since', 'desc')
    .orderBy('actor_id')
    .limit(PAGE)
    .offset(offset)
    .execute();
  const items = rows.map((row) => row.actor_id);
  const hasNext = offset + items.length < totalItems && items.length > 0;
  return pageDocument({ ...numberedPage(id, page, hasNext), totalItems, items });
}
