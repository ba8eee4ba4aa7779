import { textOf } from 'outpost/plugin';
import type { RemoteActor } from '../actors/actor-store.ts';
import { postIdOf } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import type { Circumstances, Result } from '../inbox/circumstances.ts';
import { commentHtml } from '../inbox/comment-html.ts';
import { knownActor } from '../inbox/known-actor.ts';
import { findTarget } from '../inbox/local-target.ts';
import { announceSoon } from '../notices/announce-soon.ts';
import type { LocalObject } from '../objects/find-object.ts';
import { objectIdOf } from '../objects/load-note.ts';
import { permit } from '../policies/permit.ts';
import type { ForeignObject } from '../vocabulary/object.ts';
import { findWish } from './authorization-store.ts';
import { countQuoteOf } from './count-quotes.ts';
import { withoutQuoteLine } from './quote-html.ts';
import { deleteQuotes, findQuote, saveQuote } from './quote-store.ts';
import type { QuoteRow } from './quote-tables.ts';

/** Something of an author of this site that others may quote: its id, and whose it is. */
export type Quotable = LocalObject & { id: string; userId: string };

/** What an address of ours leads to, where it is a post or a comment that an author of this site wrote. */
export async function findQuotable(context: FederationContext, iri: string): Promise<Quotable | null> {
  const target = await findTarget(context, iri);
  if (target?.kind === 'post')
    return { ...target, id: postIdOf(context.origin, target.post), userId: target.post.authorId };
  if (target?.kind !== 'comment' || target.comment.authorUserId === null) return null;
  const id = objectIdOf(context.origin, target.comment);
  return id === null ? null : { ...target, id, userId: target.comment.authorUserId };
}

/**
 * Takes in that a text from elsewhere quotes something here: those who asked get what was said to them, others, whose
 * software never asks, what the rules say. A quote that was edited away is forgotten. Gives null where nothing here is
 * quoted.
 * @param received.authorId whose it is, by their own signature or their own server
 */
export async function takeQuote(
  context: FederationContext,
  { object, authorId }: { object: ForeignObject; authorId: string },
  how: Circumstances,
): Promise<Result | null> {
  const { id: objectId, quoteOf, visibility } = object;
  if (objectId === null) return null;
  const target = quoteOf === null ? null : await findQuotable(context, quoteOf);
  if (!target) return (await forgetQuote(context, { objectId, actorId: authorId })) ? 'forgot a quote' : null;
  if (how.level === 'silence') return 'dropped a quote: silenced';
  const db = tablesOf(context);
  const wish = await findWish(db, { kind: 'quote', object_id: objectId, target_id: target.id });
  const known = await findQuote(db, objectId);
  if (known && known.actor_id !== authorId) return null;
  // What is for a few is nobody's business but theirs, unless they asked.
  if (!known && !wish && visibility !== 'public' && visibility !== 'unlisted') return null;
  const state = known?.state ?? (await stateOf(context, { target, actorId: authorId, wish: wish?.state }));
  if (state === 'refused' && !known) return 'dropped a quote: the author does not allow it';
  const actor = await knownActor(context, authorId, how.budget);
  if (!actor) return 'dropped a quote: the account is gone';
  await keepQuote(context, { object, objectId, actor, target, state });
  return `a quote: ${state}`;
}

async function stateOf(
  context: FederationContext,
  { target, actorId, wish }: { target: Quotable; actorId: string; wish: string | undefined },
): Promise<QuoteRow['state']> {
  if (wish !== undefined) return wish === 'accepted' ? 'counted' : wish === 'waiting' ? 'waiting' : 'refused';
  const permission = await permit(context, 'quote', { post: target.post, actorId });
  if (permission.kind === 'allowed') return 'counted';
  return permission.kind === 'ask' ? 'waiting' : 'refused';
}

/** Keeps a quote with its text as it is now, and shows it where it counts. */
export async function keepQuote(
  context: FederationContext,
  from: {
    /** Null where its text is not known. */
    object: ForeignObject | null;
    objectId: string;
    actor: RemoteActor;
    target: Quotable;
    state: QuoteRow['state'];
  },
): Promise<void> {
  const { object, objectId, actor, target, state } = from;
  const raw = object === null ? '' : commentHtml(object, { withWarning: false });
  const html = withoutQuoteLine(String(context.comments.sanitise(raw)));
  await saveQuote(tablesOf(context), {
    object_id: objectId,
    post_id: target.post.id,
    user_id: target.userId,
    actor_id: actor.id,
    url: object?.url ?? objectId,
    html,
    text: textOf(html),
    warning: object?.contentWarning ?? null,
    language: object?.language ?? null,
    visibility: object?.visibility ?? 'direct',
    state,
    created_at: context.now().toISOString(),
  });
  await countQuoteOf(context, { postId: target.post.id, actorId: actor.id }, actor);
  if (state === 'waiting') await announceSoon(context);
}

/** Forgets a quote that its author has deleted or edited away; false where it is not known. */
export async function forgetQuote(
  context: FederationContext,
  { objectId, actorId }: { objectId: string; actorId: string },
): Promise<boolean> {
  const quotes = await deleteQuotes(context, { objectId, actorId });
  for (const quote of quotes) await countQuoteOf(context, { postId: quote.post_id, actorId });
  return quotes.length > 0;
}
