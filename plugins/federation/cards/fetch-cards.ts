import { loneLinks, z } from 'outpost/plugin';
import { fetchDocument } from '../actors/fetch-document.ts';
import { fetchActor } from '../actors/remote-actors.ts';
import { isOurs } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { kindOfPage } from './card-kinds.ts';
import { fetchPicture } from './card-picture.ts';
import { addWaiting, dueCards, saveCard } from './card-store.ts';
import { readCard } from './read-card.ts';

const cardsJob = z.object({ postId: z.string() });

/** A post has no more cards than this; the rest stay links. */
export const mostCards = 10;
const refreshedAtOnce = 20;
const hourMs = 3_600_000;
const freshMs = 7 * 24 * hourMs;
/** When a server that did not answer is asked again; after the last time its page stays a link. */
const againMs = [hourMs, 6 * hourMs, 24 * hourMs, 72 * hourMs];
const timeoutMs = 15_000;

/** The addresses of a text that may be shown as cards. */
export function cardLinks(html: Parameters<typeof loneLinks>[0], origin: string): string[] {
  return loneLinks(html)
    .filter((url) => url.length <= 500 && !isOurs(origin, url) && kindOfPage(url) !== null)
    .slice(0, mostCards);
}

/** Has a post's links looked at, where it has any that may become cards. */
export async function orderCards(context: FederationContext, postId: string): Promise<void> {
  const post = await context.posts.find(postId);
  if (post?.status !== 'published') return;
  const lines = post.bodyMarkdown.matchAll(/^[ \t]*<?(https?:\/\/[^\s<>]{1,500})>?[ \t]*$/gm);
  const mayHave = lines.some(([, url = '']) => kindOfPage(url) !== null);
  if (mayHave) await context.jobs.add(null, 'cards', { postId }, { uniqueKey: postId });
}

/** Finds out about the films, tracks and the like that a post links to: a job, after it was published or changed. */
export async function fetchCards(payload: unknown, context: FederationContext): Promise<void> {
  const { postId } = cardsJob.parse(payload);
  const post = await context.posts.find(postId);
  if (post?.status !== 'published') return;
  const { html } = await context.posts.render(post);
  const nextAt = new Date(context.now().getTime() + hourMs).toISOString();
  const rows = cardLinks(html, context.origin).map((url) => ({ id: context.newId(), url, next_at: nextAt }));
  const fresh = await addWaiting(tablesOf(context), rows);
  const found = await Promise.all(fresh.map((row) => look(context, row)));
  if (found.includes(true)) await context.refreshPages(null, postId);
}

/** Asks again about what is old, and about what could not be found out: a job, now and then. */
export async function refreshCards(_payload: unknown, context: FederationContext): Promise<void> {
  const due = await dueCards(tablesOf(context), context.now().toISOString(), refreshedAtOnce);
  let isChanged = false;
  for (const row of due) if (await look(context, row)) isChanged = true;
  // Which posts have the link is not known; pages are made anew as they are asked for.
  if (isChanged) await context.refreshPages(null);
}

/** Asks about one page; tells whether what is shown may have changed. */
async function look(
  context: FederationContext,
  { id, url, attempts }: { id: string; url: string; attempts: number },
): Promise<boolean> {
  const db = tablesOf(context);
  const now = context.now();
  const checked_at = now.toISOString();
  const later = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const answer = await fetchDocument(context, url, { timeoutMs });
  if (answer.kind === 'unreachable') {
    const wait = againMs[attempts];
    const next_at = wait === undefined ? null : later(wait);
    await saveCard(db, id, { attempts: attempts + 1, next_at, checked_at });
    return false;
  }
  const reading = answer.kind === 'document' ? readCard(url, answer.json) : null;
  if (!reading) {
    await saveCard(db, id, {
      state: 'none',
      card: null,
      picture: null,
      attempts: 0,
      next_at: null,
      checked_at,
    });
    return true;
  }
  const { card, authorId, pictureUrl } = reading;
  const author = card.author ?? (authorId && (await nameOf(context, authorId)));
  const picture = pictureUrl && (await fetchPicture(context, pictureUrl));
  await saveCard(db, id, {
    state: 'card',
    card: JSON.stringify({ ...card, author }),
    picture,
    attempts: 0,
    next_at: later(freshMs),
    checked_at,
  });
  return true;
}

async function nameOf(context: FederationContext, actorId: string): Promise<string | null> {
  const answer = await fetchActor(context, actorId, { timeoutMs, maxAgeMs: freshMs });
  return answer.kind === 'actor' ? answer.actor.name : null;
}
