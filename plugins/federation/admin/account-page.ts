import type { AdminPage } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import { actorIdOf, handleOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { listAliases } from '../profiles/alias-store.ts';
import { addAlias, removeAlias } from '../profiles/own-accounts.ts';
import { field, personView, placesFor, signedIn, timeView } from './present.ts';

/** How an author is known on other servers, and which other accounts are theirs. */
export const accountPage: AdminPage<FederationContext> = {
  path: 'account',
  title: 'Your account',
  menu: false,
  access: 'author',
  async load(request, context) {
    const user = signedIn(request);
    const aliases = await listAliases(context, user.id);
    const actors = await findActors(
      context,
      aliases.map(({ actorId }) => actorId),
    );
    return {
      view: 'admin/account',
      data: {
        places: placesFor(context, user, 'account'),
        handle: handleOf(context.origin, user),
        actorId: actorIdOf(context.origin, user.id),
        aliases: aliases.map(({ actorId, since }) => ({
          ...personView(context, actorId, actors.get(actorId)),
          since: timeView(since),
        })),
      },
    };
  },
  deeds: {
    async add(request, context) {
      const { id: userId } = signedIn(request);
      await addAlias(context, { userId, typed: field(request, 'account') });
      return { notice: 'It is named as yours. Now start the move on the other server.' };
    },
    async remove(request, context) {
      const { id: userId } = signedIn(request);
      await removeAlias(context, { userId, actorId: field(request, 'actor') });
      return { notice: 'It is not named as yours any more.' };
    },
  },
};
