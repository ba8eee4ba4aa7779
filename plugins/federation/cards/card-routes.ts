import type { Route, RouteRequest, RouteResponse } from 'outpost/plugin';
import { notHere } from '../answer.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { durationText } from './card.ts';
import { findCard } from './card-store.ts';

/** The pages that stand in the frames of posts, and their pictures. */
export const cardRoutes: readonly Route<FederationContext>[] = [
  { method: 'GET', path: '/ap/cards/:id', access: 'public', handler: answerPoster },
  { method: 'GET', path: '/ap/cards/:id/player', access: 'public', handler: answerPlayer },
  { method: 'GET', path: '/ap/cards/:id/picture', access: 'public', handler: answerPicture },
];

const policyOf = (more: string) =>
  [
    "default-src 'none'",
    "img-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    more,
  ]
    .filter(Boolean)
    .join('; ');

/** What stands in the frame at first: the picture and a way to play it. */
async function answerPoster(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const { id, card, hasPicture, version } = await find(request, context);
  return page(context, 'card-poster', policyOf(''), {
    title: card.title,
    host: new URL(card.pageUrl).host,
    player: `/ap/cards/${id}/player`,
    picture: hasPicture ? `/ap/cards/${id}/picture?v=${version}` : null,
    duration: card.durationSeconds === null ? null : durationText(card.durationSeconds),
  });
}

/** The player, after somebody asked for it: from then on the other server is there too, and no third one. */
async function answerPlayer(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const { card } = await find(request, context);
  if (!card.player) return notHere();
  const { kind, url } = card.player;
  const { origin } = new URL(url);
  const policy = policyOf(kind === 'frame' ? `frame-src ${origin}` : `media-src ${origin}`);
  return page(context, 'card-player', policy, { title: card.title, kind, url });
}

async function answerPicture(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const { picture } = await find(request, context);
  if (picture === null) return notHere();
  return {
    headers: {
      'Content-Type': 'image/webp',
      'Cache-Control': 'public, max-age=604800',
      'Content-Security-Policy': "sandbox; default-src 'none'",
    },
    body: Buffer.from(picture, 'base64'),
  };
}

async function find(request: RouteRequest, context: FederationContext) {
  const id = request.params.id ?? '';
  const found = await findCard(tablesOf(context), id);
  return found ? { ...found, id, hasPicture: found.picture !== null } : notHere();
}

async function page(
  context: FederationContext,
  view: string,
  policy: string,
  data: Record<string, unknown>,
): Promise<RouteResponse> {
  return {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'public, max-age=60',
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'no-referrer',
      'X-Robots-Tag': 'noindex',
    },
    body: String(await context.views.render(view, { ...data, language: (await context.site()).language })),
  };
}
