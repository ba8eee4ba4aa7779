import { replaceLoneLinks, type SafeHtml } from 'outpost/plugin';
import { type FederationContext, tablesOf } from '../context.ts';
import { durationText } from './card.ts';
import { findCards, type ShownCard } from './card-store.ts';
import { cardLinks } from './fetch-cards.ts';

/**
 * Shows a film, a track and the like where a post has its address alone on a line. The frame holds a page of this site:
 * nothing is asked of the other server before somebody wants to play it. For feeds and other servers it stays a link.
 */
export async function showCards(
  html: SafeHtml,
  { place }: { place: 'page' | 'elsewhere' },
  context: FederationContext,
): Promise<SafeHtml> {
  const urls = place === 'page' ? cardLinks(html, context.origin) : [];
  if (urls.length === 0) return html;
  const cards = await findCards(tablesOf(context), urls);
  const parts = new Map<string, SafeHtml>();
  for (const shown of cards) parts.set(shown.url, await context.views.render('card', presentCard(shown)));
  return replaceLoneLinks(html, parts);
}

/** A card as its view takes it. */
function presentCard({ id, card, hasPicture, version }: ShownCard): Record<string, unknown> {
  const host = new URL(card.pageUrl).host;
  return {
    ...card,
    host,
    frame: card.player ? `/ap/cards/${id}` : null,
    picture: hasPicture ? `/ap/cards/${id}/picture?v=${version}` : null,
    isFilm: card.kind === 'video' || card.kind === 'playlist',
    duration: card.durationSeconds === null ? null : durationText(card.durationSeconds),
    starts: card.startsAt && `${card.startsAt.slice(0, 10)} ${card.startsAt.slice(11, 16)} UTC`,
  };
}
