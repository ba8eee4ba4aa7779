import type { RemoteActor } from '../actors/actor-store.ts';
import { findActor } from '../actors/actor-store.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { nameWithoutEmojis } from '../emoji/custom-emojis.ts';

/**
 * Shows on a post's page that somebody quotes it, once for each person, with a link to their newest public quote that
 * counts; takes that away where there is none.
 */
export async function countQuoteOf(
  context: FederationContext,
  { postId, actorId }: { postId: string; actorId: string },
  known: RemoteActor | null = null,
): Promise<void> {
  const quote = await tablesOf(context)
    .selectFrom('plugin_federation_quotes')
    .select(['object_id', 'url'])
    .where('post_id', '=', postId)
    .where('actor_id', '=', actorId)
    .where('state', '=', 'counted')
    .where('visibility', 'in', ['public', 'unlisted'])
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  const actor = known ?? (await findActor(context, actorId));
  if (!quote || !actor) {
    await context.reactions.remove({ actorId, postId, kind: 'quote' });
    return;
  }
  const { name, emojis, preferredUsername, handle, avatarUrl } = actor;
  await context.reactions.add({
    postId,
    kind: 'quote',
    actorId,
    name: nameWithoutEmojis(name, emojis, preferredUsername),
    handle,
    url: quote.url,
    avatarUrl,
    externalId: quote.object_id,
    emoji: null,
  });
}
