import {
  InvalidError,
  NotFoundError,
  type PublicUser,
  type Route,
  type RouteRequest,
  type RouteResponse,
} from 'outpost/plugin';
import { actorIdOf, handleHost, siteActorIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import type { Json } from '../vocabulary/context-out.ts';
import { escapeMarkup } from '../vocabulary/escape.ts';
import { findAuthor } from './local-actors.ts';
import { readResource, SITE_USERNAME } from './resource.ts';

/** How others find out what is here: WebFinger, host-meta and NodeInfo. */
export const discoveryRoutes: readonly Route<FederationContext>[] = [
  { method: 'GET', path: '/.well-known/webfinger', access: 'public', handler: answerWebFinger },
  { method: 'GET', path: '/.well-known/host-meta', access: 'public', handler: answerHostMeta },
  { method: 'GET', path: '/.well-known/nodeinfo', access: 'public', handler: answerNodeInfoLinks },
  { method: 'GET', path: '/ap/nodeinfo/:version', access: 'public', handler: answerNodeInfo },
];

const PROFILE_PAGE = 'http://webfinger.net/rel/profile-page';
const NODEINFO_VERSIONS: readonly string[] = ['2.1', '2.0'];

/** For everybody, also from a page of another site, as RFC 7033, section 5, asks. */
function openAnswer(type: string, body: string, status = 200): RouteResponse {
  return {
    status,
    headers: {
      'Content-Type': type,
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': status === 200 ? 'public, max-age=300' : 'no-cache',
    },
    body,
  };
}

/** The same words for nobody and for those who have no page, so that nothing is given away. */
function openError(error: InvalidError | NotFoundError): RouteResponse {
  const { status, code, publicMessage: title } = error;
  return openAnswer(
    'application/problem+json',
    JSON.stringify({ type: 'about:blank', title, status, code }),
    status,
  );
}

/** Source: RFC 7033, section 4 */
async function answerWebFinger({ query }: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const [asked, ...more] = query.getAll('resource');
  const resource = readResource(context.origin, asked ?? '', (username) => context.urls.author({ username }));
  if (resource.kind === 'malformed' || more.length > 0) {
    return openError(
      new InvalidError('federation.resource', 'Ask for one resource, such as acct:name@host.'),
    );
  }
  if (resource.kind === 'site') return jrd(siteAccount(context), query);
  const author =
    resource.kind === 'actor'
      ? await findAuthor(context, resource.userId)
      : resource.kind === 'username'
        ? await context.users.findByUsername(resource.username)
        : null;
  if (!author?.isAuthor)
    return openError(new NotFoundError('federation.not_found', 'There is nobody of that name here.'));
  return jrd(accountOf(context, author), query);
}

function jrd(account: { links: { rel: string }[] }, query: URLSearchParams): RouteResponse {
  const wanted = new Set(query.getAll('rel'));
  const links = wanted.size === 0 ? account.links : account.links.filter(({ rel }) => wanted.has(rel));
  return openAnswer('application/jrd+json; charset=utf-8', JSON.stringify({ ...account, links }));
}

function accountOf(context: FederationContext, author: PublicUser) {
  const id = actorIdOf(context.origin, author.id);
  const page = context.urls.author(author);
  const avatar = author.avatar && {
    rel: 'http://webfinger.net/rel/avatar',
    type: author.avatar.mimeType,
    href: author.avatar.url,
  };
  return {
    subject: `acct:${author.username}@${handleHost(context.origin)}`,
    aliases: [page, id],
    links: [
      { rel: PROFILE_PAGE, type: 'text/html', href: page },
      { rel: 'self', type: 'application/activity+json', href: id },
      ...(avatar ? [avatar] : []),
    ],
  };
}

function siteAccount(context: FederationContext) {
  const id = siteActorIdOf(context.origin);
  return {
    subject: `acct:${SITE_USERNAME}@${handleHost(context.origin)}`,
    aliases: [context.urls.home(), id],
    links: [
      { rel: PROFILE_PAGE, type: 'text/html', href: context.urls.home() },
      { rel: 'self', type: 'application/activity+json', href: id },
    ],
  };
}

/** Source: RFC 6415, section 3 */
function answerHostMeta(_request: unknown, { origin }: FederationContext): RouteResponse {
  const template = escapeMarkup(`${origin}/.well-known/webfinger?resource={uri}`);
  const xrd = `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="lrdd" type="application/jrd+json" template="${template}"/>
</XRD>
`;
  return openAnswer('application/xrd+xml; charset=utf-8', xrd);
}

const nodeInfoSchema = (version: string) => `http://nodeinfo.diaspora.software/ns/schema/${version}`;

/** Source: NodeInfo 2.1, "Protocol" */
function answerNodeInfoLinks(_request: unknown, { origin }: FederationContext): RouteResponse {
  const links = NODEINFO_VERSIONS.map((version) => ({
    rel: nodeInfoSchema(version),
    href: `${origin}/ap/nodeinfo/${version}`,
  }));
  return openAnswer('application/json; charset=utf-8', JSON.stringify({ links }));
}

/** What this site runs and how much there is of what everybody may see. Source: NodeInfo 2.0 and 2.1, "Schema" */
async function answerNodeInfo({ params }: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const version = NODEINFO_VERSIONS.find((one) => one === params.version);
  if (version === undefined) throw new NotFoundError('federation.not_found');
  const site = await context.site();
  const document: Json = {
    version,
    software: { name: 'outpost', version: site.version },
    protocols: ['activitypub'],
    services: { inbound: [], outbound: [] },
    openRegistrations: false,
    usage: {
      users: { total: site.userCount, ...(await activeAuthors(context)) },
      localPosts: site.postCount,
      localComments: site.commentCount,
    },
    metadata: { nodeName: site.title, nodeDescription: site.tagline },
  };
  const type = `application/json; profile="${nodeInfoSchema(version)}#"; charset=utf-8`;
  return openAnswer(type, JSON.stringify(document));
}

const DAY_MS = 86_400_000;

/** How many authors have published something in the last 30 and 180 days. */
async function activeAuthors(
  context: FederationContext,
): Promise<{ activeMonth: number; activeHalfyear: number }> {
  const authors = (await context.users.list()).filter((user) => user.isAuthor);
  const newest = await Promise.all(authors.map(({ id }) => context.posts.list({ authorId: id, limit: 1 })));
  const ages = newest.flatMap(([post]) =>
    post?.publishedAt ? [context.now().getTime() - Date.parse(post.publishedAt)] : [],
  );
  const within = (days: number) => ages.filter((age) => age <= days * DAY_MS).length;
  return { activeMonth: within(30), activeHalfyear: within(180) };
}
