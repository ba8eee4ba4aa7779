import { LRUCache } from 'lru-cache';
import { type FederationContext, tablesOf } from '../context.ts';

/** What a post is to other servers. */
export type PostObjectType = 'Article' | 'Note';

/** The type of an id never changes, so that what was read once holds on every node. */
const known = new WeakMap<object, LRUCache<string, PostObjectType>>();

/**
 * The type under which a post's object is known, decided the first time that anybody asks and kept from then on: servers
 * do not take an object that becomes something else.
 * Source: Mastodon and Misskey ignore an Update whose type differs from the Create's
 */
export async function postTypeOf(
  context: FederationContext,
  objectId: string,
  preferred: PostObjectType,
): Promise<PostObjectType> {
  let types = known.get(context);
  if (!types) {
    types = new LRUCache({ max: 5_000 });
    known.set(context, types);
  }
  const kept = types.get(objectId);
  if (kept) return kept;
  const type = (await rememberedType(context, objectId)) ?? (await remember(context, objectId, preferred));
  types.set(objectId, type);
  return type;
}

/** The type that an id has had, also when it is gone; null for one that nobody ever asked for. */
export async function rememberedType(
  context: FederationContext,
  objectId: string,
): Promise<PostObjectType | null> {
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_post_types')
    .select('type')
    .where('object_id', '=', objectId)
    .executeTakeFirst();
  return row?.type ?? null;
}

async function remember(
  context: FederationContext,
  objectId: string,
  type: PostObjectType,
): Promise<PostObjectType> {
  await tablesOf(context)
    .insertInto('plugin_federation_post_types')
    .values({ object_id: objectId, type })
    .onConflict((conflict) => conflict.column('object_id').doNothing())
    .execute();
  // Another node may have been faster.
  return (await rememberedType(context, objectId)) ?? type;
}
