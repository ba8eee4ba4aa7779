import { type Route, type RouteRequest, type RouteResponse, TooManyError } from 'outpost/plugin';
import { findAuthor } from '../actors/local-actors.ts';
import { askWebFinger } from '../actors/webfinger-client.ts';
import { actorIdOf, handleHost, handleOf, postIdOf } from '../addresses.ts';
import { notHere } from '../answer.ts';
import type { FederationContext } from '../context.ts';
import { findSharedPost } from '../objects/shared-post.ts';

const form = { types: ['application/x-www-form-urlencoded'], maxBytes: 8_192 };

/** For readers with an account elsewhere: from here to the page of their own server where they follow or answer. */
export const remoteRoutes: readonly Route<FederationContext>[] = [
  { method: 'POST', path: '/ap/follow/:userId', access: 'public', body: form, handler: leadToFollow },
  { method: 'POST', path: '/ap/answer/:postId', access: 'public', body: form, handler: leadToAnswer },
];

/** What a reader wants to do elsewhere, and with what. */
type Wish = {
  title: string;
  /** The page on this site that they came from, and what it is called. */
  from: string;
  /** What their server is asked to open. */
  uri: string;
  /** What to search for by hand. */
  searchFor: string;
  back: string;
  action: string;
};

const LIMIT = { max: 10, windowSeconds: 60 };
const TIMEOUT_MS = 8_000;

async function leadToFollow(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const user = await findAuthor(context, request.params.userId ?? '');
  if (!user) return notHere();
  return lead(request, context, {
    title: `Follow ${user.name}`,
    from: user.name,
    uri: actorIdOf(context.origin, user.id),
    searchFor: handleOf(context.origin, user),
    back: context.urls.author(user),
    action: `/ap/follow/${user.id}`,
  });
}

async function leadToAnswer(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const post = await findSharedPost(context, request.params.postId ?? '');
  if (!post) return notHere();
  return lead(request, context, {
    title: 'Answer from your own server',
    from: post.title || 'the post',
    uri: postIdOf(context.origin, post),
    searchFor: context.urls.post(post),
    back: context.urls.post(post),
    action: `/ap/answer/${post.id}`,
  });
}

/** Shows where the reader's server wants to be asked; they go there by a click of their own, seeing the address. */
async function lead(request: RouteRequest, context: FederationContext, wish: Wish): Promise<RouteResponse> {
  const wait = await context.rateLimit(`remote ${request.ip}`, LIMIT);
  if (wait)
    throw new TooManyError(
      'federation.too_many',
      'That was too often. Try again in a minute.',
      wait.retryAfterSeconds,
    );
  const typed = [request.form.handle ?? ''].flat()[0]?.trim() ?? '';
  const answer = await findTemplate(context, typed);
  const address =
    'template' in answer ? answer.template.replace('{uri}', encodeURIComponent(wish.uri)) : null;
  const html = await context.views.render('remote-page', {
    ...wish,
    typed,
    problem: 'problem' in answer ? answer.problem : null,
    address,
    host: address && new URL(address).host,
  });
  return {
    status: address ? 200 : 422,
    headers: { 'X-Robots-Tag': 'noindex' },
    page: {
      title: wish.title,
      html,
      head: [{ tag: 'link', attributes: { rel: 'stylesheet', href: context.urls.asset('remote.css') } }],
    },
  };
}

async function findTemplate(
  context: FederationContext,
  typed: string,
): Promise<{ template: string } | { problem: string }> {
  const [, username, host] = /^(?:acct:)?@?([^@\s/]{1,100})@([^@\s/?#\\]{1,255})$/i.exec(typed) ?? [];
  if (!username || !host) return { problem: 'Give your handle, such as @name@server.example.' };
  if (host.toLowerCase() === handleHost(context.origin)) {
    return { problem: 'That is an account of this site. Give one that you have elsewhere.' };
  }
  const answer = await askWebFinger(context, { username, host }, { timeoutMs: TIMEOUT_MS });
  if (answer.kind === 'gone') return { problem: `${host} knows nobody of that name.` };
  if (answer.kind !== 'account') return { problem: `${host} could not be asked.` };
  const { subscribeTemplate } = answer.account;
  return subscribeTemplate
    ? { template: subscribeTemplate }
    : { problem: `${host} does not say where to go.` };
}
