import type { AdminPage } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import { handleOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { countFollowers, listFollowers } from '../followers/follower-store.ts';
import { personView, placesFor, signedIn, timeView } from './present.ts';

const pageSize = 100;

/** Who follows, and under which handle others find the author. */
export const followersPage: AdminPage<FederationContext> = {
  path: '',
  title: 'Followers',
  menu: true,
  icon: 'globe',
  access: 'author',
  async load(request, context) {
    const user = signedIn(request);
    const db = tablesOf(context);
    const after = request.query.get('after') ?? undefined;
    const rows = await listFollowers(db, { userId: user.id, limit: pageSize + 1, after });
    const shown = rows.slice(0, pageSize);
    const actors = await findActors(
      context,
      shown.map((row) => row.actor_id),
    );
    const last = rows.length > pageSize ? shown.at(-1)?.actor_id : undefined;
    return {
      view: 'admin/followers',
      data: {
        places: placesFor(context, user, ''),
        handle: handleOf(context.origin, user),
        total: await countFollowers(db, user.id),
        followers: shown.map((row) => ({
          ...personView(context, row.actor_id, actors.get(row.actor_id)),
          since: timeView(row.since),
          suspended:
            row.state !== 'suspended' ? '' : row.suspended_why === 'silent' ? 'Server silent' : 'Inbox gone',
        })),
        older: last === undefined ? null : `?after=${encodeURIComponent(last)}`,
      },
    };
  },
};
