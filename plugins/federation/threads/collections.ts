import type { RouteRequest, RouteResponse } from 'outpost/plugin';
import { pageNumber } from '../actors/actor-routes.ts';
import { actorIdOf, type PostCollection, postCollectionOf } from '../addresses.ts';
import { activityJson } from '../answer.ts';
import type { FederationContext } from '../context.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { objectIdOf } from '../objects/load-note.ts';
import { collectionDocument, pageAddressOf, pageDocument } from '../vocabulary/collection-out.ts';
import type { Json } from '../vocabulary/context-out.ts';
import { countsOf } from './count-answers.ts';

const pageSize = 100;

/**
 * Answers with a collection of a post or of an author's comment. Of likes and boosts it says how many there are, not whose
 * they are, as Mastodon does.
 * Source: ActivityPub sections 5.7 and 5.8; FEP-7888 (context)
 */
export async function answerCollection(
  request: RouteRequest,
  context: FederationContext,
  { subject, objectId, of }: { subject: LocalObject; objectId: string; of: PostCollection },
): Promise<RouteResponse> {
  const id = postCollectionOf(objectId, of);
  const document =
    of === 'replies' || of === 'context'
      ? await answers(context, { subject, objectId, id, of }, request.query)
      : collectionDocument({ id, totalItems: (await countsOf(context, subject))[of], ordered: false });
  return activityJson(request, context, document, { maxAgeSeconds: 10 });
}

type Listing = { subject: LocalObject; objectId: string; id: string; of: 'replies' | 'context' };

/**
 * The public answers by the ids that they have, of other servers as well as ours: as `replies` those to the post or comment
 * itself, the newest first; as `context` the whole discussion, which begins with the post, in order.
 */
async function answers(context: FederationContext, listing: Listing, query: URLSearchParams): Promise<Json> {
  const { subject, objectId, id, of } = listing;
  const { post } = subject;
  const isWhole = of === 'context';
  const parentId = subject.kind === 'comment' ? subject.comment.id : null;
  const filter = {
    postId: post.id,
    known: true,
    status: 'approved',
    ...(!isWhole && { parentId }),
  } as const;
  const count = await context.comments.count(filter);
  const totalItems = isWhole ? count + 1 : count;
  const first = pageAddressOf(id, 1);
  if (pageNumber(query) === null) {
    const more = isWhole ? { attributedTo: actorIdOf(context.origin, post.authorId) } : {};
    return collectionDocument({ id, totalItems, ordered: isWhole, firstPage: first, more });
  }
  const after = query.get('after') ?? undefined;
  const shown = await context.comments.list({
    ...filter,
    limit: pageSize,
    oldestFirst: isWhole,
    ...(after !== undefined && { after }),
  });
  const ids = shown.flatMap((comment) => objectIdOf(context.origin, comment) ?? []);
  const last = shown.length === pageSize ? shown.at(-1) : undefined;
  const address = (cursor: string) => `${first}&after=${encodeURIComponent(cursor)}`;
  return pageDocument({
    id: after === undefined ? first : address(after),
    partOf: id,
    totalItems,
    items: isWhole && after === undefined ? [objectId, ...ids] : ids,
    next: last ? address(last.id) : null,
    ordered: isWhole,
  });
}
