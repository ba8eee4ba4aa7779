import { type Route, type RouteRequest, type RouteResponse, sql } from 'outpost/plugin';
import { actorCollections, actorIdOf, collectionOf, postIdOf, siteActorIdOf } from '../addresses.ts';
import { activityJson, goneFromHere, notHere, prefersPage, toPage } from '../answer.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { followingCollection } from '../following/following-collection.ts';
import { loadArticle } from '../objects/load-article.ts';
import { featuredCollection } from '../profiles/featured.ts';
import { createOf } from '../vocabulary/activities.ts';
import {
  collectionDocument,
  numberedPage,
  pageAddressOf,
  pageDocument,
} from '../vocabulary/collection-out.ts';
import { tombstoneOf } from '../vocabulary/tombstone.ts';
import { actorDocument, siteDocument } from './actor-documents.ts';
import { hadKey } from './keys.ts';
import { findAuthor } from './local-actors.ts';

/** The authors, the site, and what belongs to them. */
export const actorRoutes: readonly Route<FederationContext>[] = [
  { method: 'GET', path: '/ap/users/:userId', access: 'public', handler: answerActor },
  { method: 'GET', path: '/ap/users/:userId/:collection', access: 'public', handler: answerCollection },
  { method: 'GET', path: '/ap/site', access: 'public', handler: answerSite },
  { method: 'GET', path: '/ap/site/:collection', access: 'public', handler: answerSiteCollection },
];

const OUTBOX_PAGE = 10;
const FOLLOWERS_PAGE = 50;

async function answerActor(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const userId = request.params.userId ?? '';
  const user = await findAuthor(context, userId);
  if (!user) {
    const id = actorIdOf(context.origin, userId);
    if ((await context.users.find(userId)) === null && (await hadKey(context, userId))) {
      return goneFromHere(request, context, tombstoneOf(id, 'Person'));
    }
    return notHere();
  }
  if (prefersPage(request)) return toPage(context.urls.author(user));
  return activityJson(request, context, await actorDocument(context, user));
}

async function answerSite(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  if (prefersPage(request)) return toPage(context.urls.home());
  return activityJson(request, context, await siteDocument(context));
}

async function answerCollection(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const { userId = '', collection } = request.params;
  const of = actorCollections.find((one) => one === collection);
  const user = of && (await findAuthor(context, userId));
  if (!of || !user) return notHere();
  if (prefersPage(request)) return toPage(context.urls.author(user));
  const id = collectionOf(actorIdOf(context.origin, userId), of);
  if (of === 'outbox')
    return activityJson(request, context, await outbox(context, userId, id, request.query));
  if (of === 'followers')
    return activityJson(request, context, await followers(context, userId, id, request.query));
  if (of === 'following')
    return activityJson(
      request,
      context,
      await followingCollection(context, userId, id, pageNumber(request.query)),
    );
  return activityJson(request, context, await featuredCollection(context, userId, id));
}

async function answerSiteCollection(
  request: RouteRequest,
  context: FederationContext,
): Promise<RouteResponse> {
  const of = actorCollections.find((one) => one === request.params.collection);
  if (!of || of === 'featured') return notHere();
  const id = collectionOf(siteActorIdOf(context.origin), of);
  return activityJson(request, context, collectionDocument({ id, totalItems: 0, items: [] }));
}

/** The author's public posts, newest first, each as the Create that told of it. */
async function outbox(context: FederationContext, userId: string, id: string, query: URLSearchParams) {
  const totalItems = await context.posts.count({ authorId: userId });
  const page = pageNumber(query);
  if (page === null) return collectionDocument({ id, totalItems, firstPage: pageAddressOf(id, 1) });
  const offset = (page - 1) * OUTBOX_PAGE;
  const posts = await context.posts.list({ authorId: userId, limit: OUTBOX_PAGE, offset });
  const objectIds = posts.map((post) => postIdOf(context.origin, post));
  const creates = await createIds(context, objectIds);
  const items = await Promise.all(
    posts.map(async (post, index) => {
      const objectId = objectIds[index] ?? '';
      const { object } = await loadArticle(context, post);
      const create = {
        id: creates.get(objectId) ?? `${objectId}#create`,
        actor: actorIdOf(context.origin, userId),
      };
      const { '@context': _, ...activity } = createOf(create, object);
      return activity;
    }),
  );
  const hasNext = offset + posts.length < totalItems && posts.length > 0;
  return pageDocument({ ...numberedPage(id, page, hasNext), totalItems, items, withObjects: true });
}

async function createIds(
  context: FederationContext,
  objectIds: readonly string[],
): Promise<Map<string, string>> {
  if (objectIds.length === 0) return new Map();
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_activities')
    .select(['id', 'object_id'])
    .where('object_id', 'in', objectIds)
    .where('type', '=', 'Create')
    .execute();
  return new Map(rows.map((row) => [row.object_id, row.id]));
}

/** Who follows an author: how many, and page by page their ids. */
async function followers(context: FederationContext, userId: string, id: string, query: URLSearchParams) {
  const accepted = tablesOf(context)
    .selectFrom('plugin_federation_followers')
    .where('user_id', '=', userId)
    .where('state', '=', 'accepted');
  const counted = await accepted.select(sql<number | string>`count(*)`.as('count')).executeTakeFirst();
  const totalItems = Number(counted?.count ?? 0);
  const page = pageNumber(query);
  if (page === null) return collectionDocument({ id, totalItems, firstPage: pageAddressOf(id, 1) });
  const offset = (page - 1) * FOLLOWERS_PAGE;
  const rows = await accepted
    .select('actor_id')
    .orderBy('since', 'desc')
    .orderBy('actor_id')
    .limit(FOLLOWERS_PAGE)
    .offset(offset)
    .execute();
  const items = rows.map((row) => row.actor_id);
  const hasNext = offset + items.length < totalItems && items.length > 0;
  return pageDocument({ ...numberedPage(id, page, hasNext), totalItems, items });
}

/** The number of the page that is asked for, or null for the collection itself. */
export function pageNumber(query: URLSearchParams): number | null {
  const written = query.get('page');
  if (written === null) return null;
  // Mastodon asks for `page=true`.
  return /^[1-9]\d{0,4}$/.test(written) ? Number(written) : 1;
}
