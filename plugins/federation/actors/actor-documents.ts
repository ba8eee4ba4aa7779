import type { PublicUser } from 'outpost/plugin';
import { actorIdOf, SITE } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { listAliases } from '../profiles/alias-store.ts';
import type { Json } from '../vocabulary/context-out.ts';
import { personOf, siteActorOf } from '../vocabulary/person.ts';
import { ensureKey } from './keys.ts';
import { SITE_USERNAME } from './resource.ts';

/** An author's actor as it is now. */
export async function actorDocument(context: FederationContext, user: PublicUser): Promise<Json> {
  const [keys, settings, aliases] = await Promise.all([
    ensureKey(context, user.id),
    context.settings.get(),
    listAliases(context, user.id),
  ]);
  return personOf({
    user,
    id: actorIdOf(context.origin, user.id),
    origin: context.origin,
    keys,
    pageUrl: context.urls.author(user),
    settings,
    alsoKnownAs: aliases.map(({ actorId }) => actorId),
  });
}

/** The site's own actor. */
export async function siteDocument(context: FederationContext): Promise<Json> {
  const [keys, { title, tagline }] = await Promise.all([ensureKey(context, SITE), context.site()]);
  return siteActorOf({ origin: context.origin, username: SITE_USERNAME, keys, title, tagline });
}
