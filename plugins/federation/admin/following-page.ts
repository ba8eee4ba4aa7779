import type { AdminPage } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { followAccount, unfollowAccount } from '../following/follow-actor.ts';
import { listFollowing } from '../following/following-store.ts';
import type { FollowingRow } from '../following/following-tables.ts';
import { field, personView, placesFor, signedIn, timeView } from './present.ts';

const pageSize = 100;

/** Whom an author follows: to ask, to see what was answered, and to leave. */
export const followingPage: AdminPage<FederationContext> = {
  path: 'following',
  title: 'Following',
  menu: false,
  access: 'author',
  async load(request, context) {
    const user = signedIn(request);
    const after = request.query.get('after') ?? undefined;
    const rows = await listFollowing(tablesOf(context), { userId: user.id, limit: pageSize + 1, after });
    const shown = rows.slice(0, pageSize);
    const actors = await findActors(
      context,
      shown.map((row) => row.actor_id),
    );
    const last = rows.length > pageSize ? shown.at(-1)?.actor_id : undefined;
    return {
      view: 'admin/following',
      data: {
        places: placesFor(context, user, 'following'),
        followed: shown.map((row) => {
          const actor = actors.get(row.actor_id);
          return {
            ...personView(context, row.actor_id, actor),
            isCommunity: actor?.type === 'Group',
            since: timeView(row.since),
            state: states[row.state],
            isRejected: row.state === 'rejected',
          };
        }),
        older: last === undefined ? null : `?after=${encodeURIComponent(last)}`,
      },
    };
  },
  deeds: {
    async follow(request, context) {
      const { id: userId } = signedIn(request);
      const { row, actor } = await followAccount(context, { userId, typed: field(request, 'account') });
      const name = actor.handle ?? actor.name;
      return { notice: row.state === 'accepted' ? `You follow ${name}.` : `${name} is asked.` };
    },
    async leave(request, context) {
      const { id: userId } = signedIn(request);
      const { row, actor } = await unfollowAccount(context, { userId, typed: field(request, 'id') });
      return { notice: `You follow ${actor?.handle ?? row.actor_id} no longer.` };
    },
  },
};

const states: Readonly<Record<FollowingRow['state'], { text: string; className: string }>> = {
  accepted: { text: 'Following', className: 'published' },
  requested: { text: 'Asked, no answer yet', className: 'pending' },
  rejected: { text: 'Refused', className: 'wrong' },
};
