import type { Route, RouteRequest, RouteResponse } from 'outpost/plugin';
import type { FeedsContext } from './context.ts';
import { type FeedFormat, feedFormatNames, feedFormats } from './feed.ts';
import { type ReadyFeed, readyFeed } from './ready-feeds.ts';
import { type FeedScope, feedScopes, findSubject } from './subjects.ts';

/**
 * Whether the reader has this form of the feed already. The date must be the very one: a feed whose newest
 * post was taken back is older than before and has still changed.
 * Source: RFC 9110, section 13.2.2
 */
function isKnown({ headers }: RouteRequest, { etag, lastModified }: ReadyFeed): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
  }
  return lastModified !== null && headers['if-modified-since'] === lastModified;
}

/** Answers with a feed, or with 304 where the reader has it. */
async function answerFeed(
  scope: FeedScope,
  format: FeedFormat,
  request: RouteRequest,
  context: FeedsContext,
): Promise<RouteResponse> {
  const feed = await readyFeed(context, await findSubject(context, scope, request.params), format);
  const headers = {
    ETag: feed.etag,
    ...(feed.lastModified && { 'Last-Modified': feed.lastModified }),
    // A reader asks again each time and mostly hears that nothing has changed.
    'Cache-Control': 'no-cache',
    Link: feed.link,
  };
  if (isKnown(request, feed)) return { status: 304, headers };
  return { headers: { 'Content-Type': feed.contentType, ...headers }, body: feed.body };
}

/** Every feed's address: three forms for the site, each author, each tag and each category. */
export const feedRoutes: readonly Route<FeedsContext>[] = feedScopes.flatMap(({ kind, path }) =>
  feedFormatNames.map((format) => ({
    method: 'GET' as const,
    path: `${path}/feed${feedFormats[format].suffix}`,
    access: 'public' as const,
    handler: (request: RouteRequest, context: FeedsContext) => answerFeed(kind, format, request, context),
  })),
);
