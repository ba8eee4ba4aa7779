import type { Route, RouteRequest, RouteResponse } from 'outpost/plugin';
import { activityJson, goneFromHere, notHere, prefersPage, toPage } from '../answer.ts';
import type { FederationContext } from '../context.ts';
import { addressOf, findWishById } from '../quotes/authorization-store.ts';
import { findQuotable } from '../quotes/take-quote.ts';
import { tombstoneOf } from '../vocabulary/tombstone.ts';
import { authorizationDocument } from './answer-request.ts';

/** What authors have said to those who asked, for everybody who wants to know whether a quote may stand. */
export const authorizationRoutes: readonly Route<FederationContext>[] = [
  { method: 'GET', path: '/ap/authorizations/:id', access: 'public', handler: answerAuthorization },
];

async function answerAuthorization(
  request: RouteRequest,
  context: FederationContext,
): Promise<RouteResponse> {
  const row = await findWishById(context, request.params.id ?? '');
  if (!row || row.state === 'waiting' || row.state === 'refused') return notHere();
  const document = authorizationDocument(context, row);
  const target = row.state === 'accepted' ? await findQuotable(context, row.target_id) : null;
  if (!target) {
    const tombstone = tombstoneOf(addressOf(context, row), String(document.type), row.decided_at);
    return goneFromHere(request, context, tombstone);
  }
  if (prefersPage(request)) return toPage(context.urls.post(target.post));
  return activityJson(request, context, document, { maxAgeSeconds: 60 });
}
