import type { AdminPage, User } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import { SITE } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { countUnread, deleteMention, listMentions, markRead } from '../mentions/mention-store.ts';
import type { MentionRow } from '../tables.ts';
import { field, personView, placesFor, signedIn, timeView } from './present.ts';

const pageSize = 50;

const kinds: Readonly<Record<string, string>> = {
  direct: 'Only for you',
  followers: 'For their followers',
  report: 'A report',
};

/** Private answers, mentions elsewhere, and, for those who run the site, reports. Nothing here is ever public. */
export const messagesPage: AdminPage<FederationContext> = {
  path: 'messages',
  title: 'Messages',
  menu: true,
  icon: 'mail',
  access: 'author',
  async load(request, context) {
    const user = signedIn(request);
    const db = tablesOf(context);
    const userIds = readBy(user);
    const after = request.query.get('after') ?? undefined;
    const rows = await listMentions(db, { userIds, limit: pageSize + 1, after });
    const shown = rows.slice(0, pageSize);
    const actors = await findActors(
      context,
      shown.map((row) => row.actor_id),
    );
    const present = (row: MentionRow) => ({
      id: row.id,
      from: personView(context, row.actor_id, actors.get(row.actor_id)),
      kind: kinds[row.visibility] ?? 'A mention',
      isPrivate: row.visibility === 'direct' || row.visibility === 'followers',
      html: context.comments.sanitise(row.html),
      url: row.url,
      when: timeView(row.created_at),
      isNew: row.read_at === null,
    });
    const last = rows.length > pageSize ? shown.at(-1)?.id : undefined;
    return {
      view: 'admin/messages',
      data: {
        places: placesFor(context, user, 'messages'),
        unread: await countUnread(db, userIds),
        messages: shown.map(present),
        older: last === undefined ? null : `?after=${last}`,
      },
    };
  },
  deeds: {
    async read(request, context) {
      await markRead(context, readBy(signedIn(request)));
      return { notice: 'All messages are marked as read.' };
    },
    async remove(request, context) {
      const userIds = readBy(signedIn(request));
      await deleteMention(tablesOf(context), { id: field(request, 'id'), userIds });
      return { notice: 'The message was removed here. Its writer is not told.' };
    },
  },
};

/** Reports are addressed to the site, not to somebody. */
function readBy(user: User): string[] {
  return user.role === 'admin' ? [user.id, SITE] : [user.id];
}
