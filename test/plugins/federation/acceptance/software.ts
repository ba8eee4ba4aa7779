import type { Software } from './deeds.ts';
import {
  all,
  followed,
  idAlone,
  misskey,
  object,
  plain,
  pleroma,
  tombstone,
  withMembers,
  without,
} from './habits.ts';

/** The acceptance table, by what people there can do to us. What is sent to them is looked at for every row. */
export const softwares: readonly Software[] = [
  {
    name: 'Mastodon',
    actor: { like: 'mastodon/actor-2026.json' },
    deeds: {
      ...all,
      follow: { like: 'mastodon/follow.json' },
      reply: { like: 'mastodon/create-note-reply.json' },
      remove: { as: tombstone, like: 'mastodon/delete-note-tombstone.json' },
      like: { as: without('to', 'cc'), like: 'mastodon/like.json' },
      unlike: { like: 'mastodon/undo-like.json' },
      boost: { like: 'mastodon/announce.json' },
      mention: { like: 'mastodon/create-note-mention.json' },
      unfollow: { like: 'mastodon/undo-follow.json' },
      block: { like: 'mastodon/block.json' },
      move: { like: 'mastodon/move.json' },
    },
  },
  { name: 'Misskey', actor: { like: 'misskey/actor.json' }, deeds: misskey },
  {
    name: 'Sharkey',
    actor: { like: 'misskey/actor.json' },
    deeds: {
      ...misskey,
      edit: plain,
      follow: { like: 'sharkey/follow.json' },
      like: { as: withMembers({ type: 'EmojiReact', content: ':blob:' }) },
    },
  },
  {
    name: 'Iceshrimp.NET',
    deeds: { ...misskey, edit: plain, like: { as: withMembers({ type: 'EmojiReact', content: '🍮' }) } },
  },
  { name: 'Pleroma', actor: { like: 'pleroma/actor.json' }, deeds: pleroma },
  {
    name: 'Akkoma',
    actor: { like: 'pleroma/actor.json' },
    deeds: {
      ...pleroma,
      reply: {
        as: object(withMembers({ summary: '', sensitive: true })),
        like: 'akkoma/create-note-reply.json',
      },
    },
  },
  {
    name: 'GoToSocial',
    actor: { like: 'gotosocial/actor.json' },
    deeds: {
      ...all,
      follow: { as: (usual) => ({ ...usual, to: usual.object }), like: 'gotosocial/follow.json' },
      reply: {
        as: object(withMembers({ interactionPolicy: { canReply: { always: ['as:Public'] } } })),
        like: 'gotosocial/create-note.json',
      },
      edit: { like: 'gotosocial/update-note.json' },
      remove: { as: idAlone, like: 'gotosocial/delete-note-string.json' },
      boost: { like: 'gotosocial/announce-self-followers.json' },
      mention: { like: 'gotosocial/create-note.json' },
    },
  },
  {
    name: 'Pixelfed',
    actor: { like: 'pixelfed/actor.json' },
    deeds: {
      ...without('block', 'move')(all),
      follow: { as: without('to', 'cc'), like: 'pixelfed/follow.json' },
      reply: {
        as: object(withMembers({ capabilities: { reply: '[]' } })),
        like: 'pixelfed/create-note-reply-tag-object.json',
      },
      remove: { as: tombstone, like: 'pixelfed/delete-note.json' },
      like: { like: 'pixelfed/like.json' },
      boost: { as: withMembers({ published: '2026-01-01T00:00:00+00:00' }) },
      unfollow: {
        as: object((follow) => ({ ...follow, id: `${follow.actor}#follows/1` })),
        like: 'pixelfed/undo-follow.json',
      },
    },
  },
  {
    name: 'PeerTube',
    actor: { like: 'peertube/actor-account.json', type: 'Application' },
    deeds: { ...followed, like: plain, unlike: plain, remove: plain },
  },
  {
    name: 'Funkwhale',
    actor: { like: 'funkwhale/actor-channel.json' },
    deeds: { follow: { like: 'funkwhale/follow.json' }, unfollow: { like: 'funkwhale/undo-follow.json' } },
  },
  {
    name: 'Lemmy',
    deeds: {
      reply: {
        as: object(withMembers({ audience: 'https://lemmy.example/c/main' })),
        like: 'lemmy/create-comment.json',
      },
      edit: plain,
      remove: { as: idAlone, like: 'lemmy/delete-page.json' },
      like: { like: 'lemmy/like.json' },
      unlike: plain,
      mention: plain,
    },
  },
  {
    name: 'Mbin',
    actor: { like: 'kbin/actor-person.json' },
    deeds: {
      ...without('move')(all),
      follow: { like: 'mbin/follow.json' },
      reply: { like: 'mbin/create-note-reply.json' },
      remove: { as: tombstone, like: 'mbin/delete-note.json' },
      like: { like: 'mbin/like.json' },
      boost: { like: 'mbin/announce-user-boost.json' },
      unfollow: { like: 'mbin/undo-follow.json' },
    },
  },
  {
    name: 'WordPress',
    actor: { like: 'wordpress/actor-person.json', path: '/?author=7' },
    deeds: { ...all, reply: { like: 'wordpress/note-comment.json' }, remove: { as: tombstone } },
  },
  {
    name: 'Ghost',
    deeds: {
      ...without('edit', 'block')(all),
      reply: { as: object(withMembers({ to: 'as:Public' })), like: 'ghost/create-note-mention.json' },
      mention: { like: 'ghost/create-note-mention.json' },
    },
  },
  {
    name: 'WriteFreely',
    actor: { like: 'writefreely/actor.json' },
    deeds: { ...followed },
  },
  {
    name: 'NodeBB',
    actor: { path: '/uid/1' },
    deeds: {
      ...without('block')(all),
      follow: { like: 'nodebb/follow.json' },
      reply: {
        as: object(
          withMembers({ type: 'Article', name: 'Re: Hello', preview: { type: 'Note', content: 'Hi' } }),
        ),
        like: 'nodebb/article.json',
      },
    },
  },
  {
    name: 'Discourse',
    actor: { like: 'discourse/actor-person.json' },
    deeds: {
      ...without('block', 'move')(all),
      reply: { as: object(withMembers({ name: 'Re: Hello' })), like: 'discourse/note-topic.json' },
    },
  },
  {
    name: 'Friendica',
    actor: { like: 'friendica/actor-person.json' },
    deeds: {
      ...all,
      reply: {
        as: object(withMembers({ 'diaspora:guid': 'x', summary: null })),
        like: 'friendica/create-note-reply.json',
      },
      remove: { as: tombstone, like: 'friendica/delete.json' },
      like: { like: 'friendica/like.json' },
    },
  },
  {
    name: 'Hubzilla',
    actor: { like: 'hubzilla/actor.json', keyId: 'actor' },
    deeds: {
      ...without('block', 'move')(all),
      follow: {
        as: (usual) => ({ ...usual, actor: { type: 'Person', id: usual.actor, name: 'x' } }),
        like: 'hubzilla/follow.json',
      },
    },
  },
  {
    name: 'GNU social',
    actor: { like: 'gnusocial/actor.json', path: '/index.php/user/2' },
    deeds: {
      ...without('block', 'move')(all),
      reply: {
        as: object(withMembers({ inConversation: 'https://gnusocial.example/c/1' })),
        like: 'gnusocial/create-note-reply.json',
      },
      remove: { as: tombstone },
    },
  },
  {
    name: 'Mobilizon',
    actor: { members: { summary: null, url: null } },
    deeds: { ...followed, reply: plain, edit: plain, remove: plain, mention: plain },
  },
  {
    name: 'BookWyrm',
    actor: { like: 'bookwyrm/actor.json', members: { name: null, icon: null }, keyId: '/#main-key' },
    deeds: {
      ...all,
      reply: {
        as: object(withMembers({ type: 'Review', name: 'A review', summary: null })),
        like: 'bookwyrm/article-review.json',
      },
      remove: { as: tombstone },
    },
  },
  {
    name: 'Smithereen',
    actor: { like: 'smithereen/actor.json' },
    deeds: { ...all, reply: { like: 'smithereen/create-note.json' } },
  },
  { name: 'Mitra', deeds: { ...all, follow: { like: 'mitra/follow.json' } } },
  { name: 'Takahē', actor: { like: 'takahe/actor.json', path: '/@takahe/' }, deeds: all },
  { name: 'Hollo', actor: { like: 'hollo/actor.json' }, deeds: all },
  {
    name: 'Owncast',
    actor: { type: 'Service' },
    deeds: { ...followed, like: plain, boost: plain },
  },
  {
    name: 'snac',
    actor: { path: '/snac' },
    deeds: { ...all, reply: { as: object(withMembers({ summary: '' })) } },
  },
  {
    name: 'Micro.blog',
    actor: { like: 'microblog/actor.json' },
    deeds: { ...without('block', 'move')(all) },
  },
  {
    name: 'Bridgy Fed',
    actor: { like: 'bridgyfed/actor.json', path: '/bsky/ap/did:plc:abc' },
    deeds: {
      ...without('block', 'move')(all),
      reply: {
        as: object((note) => ({ ...note, inReplyTo: { id: note.inReplyTo } })),
        like: 'bridgyfed/note-reply-object.json',
      },
    },
  },
  {
    name: 'Threads',
    actor: { like: 'threads/actor.json', path: '/ap/users/17841/' },
    deeds: {
      follow: plain,
      unfollow: plain,
      reply: {
        as: object(withMembers({ to: 'as:Public', published: '2026-01-01T00:00:00+0000' })),
        like: 'threads/create-note-reply.json',
      },
      remove: { as: idAlone },
      like: { like: 'threads/like-id-form.json' },
      unlike: plain,
      boost: plain,
      block: plain,
    },
  },
  {
    name: 'Flipboard',
    actor: { like: 'flipboard/actor.json', path: '/@Magazine' },
    deeds: {
      ...followed,
      reply: { as: object((note) => ({ ...note, id: `${note.id}:a:1` })) },
      boost: plain,
    },
  },
];
