import type { Json } from '../../../support/remote-peer.ts';
import type { Software, Wording } from './deeds.ts';

/** Changes the object of an activity. */
export const object = (change: (note: Json) => Json) => (usual: Json) => ({
  ...usual,
  object: change(usual.object as Json),
});
/** Leaves members out. */
export const without =
  (...names: string[]) =>
  (usual: Json) =>
    Object.fromEntries(Object.entries(usual).filter(([name]) => !names.includes(name)));
/** Adds members, or writes others. */
export const withMembers = (members: Json) => (usual: Json) => ({ ...usual, ...members });
/** Names the object by its id alone. */
export const idAlone = (usual: Json): Json => ({ ...usual, object: (usual.object as Json).id });
/** Says what is gone with a Tombstone. */
export const tombstone = object(({ id }) => ({ id, type: 'Tombstone', atomUri: id }));
const innerWithout = (name: string) => object(without(name));

/** As Mastodon writes it. */
export const plain: Wording = {};
/** Everything that people on Mastodon can do. */
export const all = {
  follow: plain,
  reply: plain,
  edit: plain,
  remove: plain,
  like: plain,
  unlike: plain,
  boost: plain,
  unboost: plain,
  mention: plain,
  unfollow: plain,
  block: plain,
  move: plain,
} satisfies Software['deeds'];

/** The habits of Pleroma. */
export const pleroma: Software['deeds'] = {
  ...all,
  follow: { as: withMembers({ state: 'pending', bto: [], bcc: [] }), like: 'pleroma/follow.json' },
  reply: {
    as: object(withMembers({ summary: '', sensitive: null, emoji: {} })),
    like: 'pleroma/create-note-reply.json',
  },
  edit: {
    as: object(withMembers({ formerRepresentations: { orderedItems: [] } })),
    like: 'pleroma/update-note.json',
  },
  remove: { as: idAlone, like: 'pleroma/delete-note-string.json' },
  like: { as: withMembers({ type: 'EmojiReact', content: '👌' }), like: 'pleroma/emoji-react.json' },
  unlike: { as: object(withMembers({ type: 'EmojiReact', content: '👌' })) },
  mention: { as: object(withMembers({ directMessage: false })), like: 'pleroma/create-note-mention.json' },
  unfollow: { as: withMembers({ state: 'cancelled' }), like: 'pleroma/undo-follow.json' },
};

/** The habits of Misskey. */
export const misskey: Software['deeds'] = {
  ...without('edit')(all),
  follow: { like: 'misskey/follow.json' },
  reply: { as: object(withMembers({ _misskey_content: 'Hi', source: { content: 'Hi' } })) },
  remove: { as: tombstone, like: 'misskey/delete-note.json' },
  like: {
    as: withMembers({ content: '🍮', _misskey_reaction: '🍮' }),
    like: 'misskey/like-emoji-react.json',
  },
  unlike: { as: innerWithout('id') },
  mention: { like: 'misskey/create-note-mention.json' },
  unfollow: { as: innerWithout('id') },
};

/** They follow, and take it back. */
export const followed = { follow: plain, unfollow: plain };
