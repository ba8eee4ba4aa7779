/** What a document of other software must become here, once it is addressed to an author of this site. */
export type Replay = {
  /** What is here afterwards of the actor or the object; or the status where it is refused. */
  becomes: 'follower' | 'comment' | 'message' | 'like' | 'dislike' | 'boost' | 'nothing' | 400 | 403;
  /** What is here before. */
  before?: 'follower' | 'comment' | 'like';
  /** The address in the document that stands for the author. */
  author?: string;
  /** The address in the document that stands for a post of the author. */
  post?: string;
  /** The actor document whose shape the sender has. */
  like?: string;
  /** An activity in an activity; `served` where the inner object can be fetched from its own server. */
  wrapped?: 'served' | 'not served';
  /** The name that the author of the comment has afterwards. */
  name?: string;
};

const pleroma = 'http://localtesting.pleroma.lol/users/lain';

/** By the path of the document. */
export const replays: Readonly<Record<string, Replay>> = {
  'akkoma/create-note-reply.json': {
    becomes: 'comment',
    post: 'https://example.com/2026/02/hello-fediverse/',
    author: 'https://example.com/?author=0',
    like: 'pleroma/actor.json',
  },
  'feedsinspace/create-note-contentmap.json': { becomes: 'nothing' },
  'friendica/create-note-reply.json': {
    becomes: 'comment',
    post: 'https://lemmy.schuerz.at/post/25360',
    like: 'friendica/actor-person.json',
  },
  'friendica/delete.json': { before: 'comment', becomes: 'nothing', like: 'friendica/actor-person.json' },
  'friendica/dislike.json': {
    becomes: 'dislike',
    post: 'https://pirati.ca/objects/ec054ce7-2062-3bfa-8687-ca8313624820',
    like: 'friendica/actor-person.json',
  },
  'friendica/like.json': {
    becomes: 'like',
    post: 'https://pirati.ca/objects/ec054ce7-2062-3bfa-8687-ca8313624820',
    like: 'friendica/actor-person.json',
  },
  'funkwhale/create-audio.json': { becomes: 'nothing', like: 'funkwhale/actor-channel.json' },
  'funkwhale/follow.json': {
    becomes: 'follower',
    author: 'https://awesome.music/federation/music/libraries/dc702491-f6ce-441b-9da0-cecbed08bcc6',
    like: 'funkwhale/actor-channel.json',
  },
  'funkwhale/undo-follow.json': {
    before: 'follower',
    becomes: 'nothing',
    author: 'https://awesome.music/federation/music/libraries/dc702491-f6ce-441b-9da0-cecbed08bcc6',
    like: 'funkwhale/actor-channel.json',
  },
  'gancio/create-event.json': { becomes: 'nothing' },
  'ghost/create-article.json': { becomes: 'nothing' },
  'ghost/create-note-mention.json': { becomes: 'nothing' },
  'gnusocial/create-note-reply.json': {
    becomes: 'comment',
    post: 'https://instance.gnusocial.test/object/note/1338',
    like: 'gnusocial/actor.json',
  },
  'gotosocial/announce-self-followers.json': {
    becomes: 'boost',
    post: 'http://gts.example/users/the_mighty_zork/statuses/01FCTA44PW9H1TB328S9AQXKDS',
    like: 'gotosocial/actor.json',
  },
  'gotosocial/create-note.json': { becomes: 'message', like: 'gotosocial/actor.json' },
  'gotosocial/create-question.json': { becomes: 'message', like: 'gotosocial/actor.json' },
  'gotosocial/delete-actor.json': { before: 'comment', becomes: 'nothing', like: 'gotosocial/actor.json' },
  'gotosocial/delete-note-string.json': {
    before: 'comment',
    becomes: 'nothing',
    like: 'gotosocial/actor.json',
  },
  'gotosocial/delete-public-reply.json': {
    before: 'comment',
    becomes: 'nothing',
    like: 'gotosocial/actor.json',
  },
  'gotosocial/flag.json': { becomes: 'nothing', like: 'gotosocial/actor.json' },
  'gotosocial/follow.json': { becomes: 'follower', like: 'gotosocial/actor.json' },
  'gotosocial/update-note.json': { becomes: 'message', like: 'gotosocial/actor-one-field.json' },
  'hubzilla/follow-embedded-actor-2017.json': {
    becomes: 'follower',
    author: 'https://mastodon.example/users/someone',
    like: 'hubzilla/actor-2018.json',
  },
  'hubzilla/follow.json': {
    becomes: 'follower',
    author: 'https://localtesting.pleroma.lol/users/lain',
    like: 'hubzilla/actor.json',
  },
  'kbin/delete.json': { before: 'comment', becomes: 'nothing', like: 'kbin/actor-person.json' },
  'kbin/follow.json': {
    becomes: 'follower',
    author: 'https://mastodon.social/users/alice',
    like: 'kbin/actor-person.json',
  },
  'kbin/like.json': {
    becomes: 'like',
    post: 'https://mastodon.social/users/alice/statuses/109748348495832857',
    like: 'kbin/actor-person.json',
  },
  'kbin/undo-follow.json': {
    before: 'follower',
    becomes: 'nothing',
    author: 'https://mastodon.social/users/alice',
    like: 'kbin/actor-person.json',
  },
  'kroeg/announce-inline-actor.json': {
    becomes: 'boost',
    post: 'http://mastodon.example.org/users/admin/statuses/100787282858396771',
  },
  'kroeg/create-note.json': { becomes: 'nothing' },
  'lemmy/announce-create-page.json': {
    becomes: 'nothing',
    wrapped: 'served',
    like: 'lemmy/actor-group.json',
  },
  'lemmy/announce-wrapped-like.json': {
    becomes: 'nothing',
    post: 'https://sopuli.xyz/comment/12345',
    like: 'lemmy/actor-group.json',
  },
  // A ban from a community is not the doing of the author's reader.
  'lemmy/block.json': {
    before: 'follower',
    becomes: 'follower',
    author: 'http://ds9.lemmy.ml/u/lemmy_alpha',
  },
  'lemmy/create-comment.json': { becomes: 'comment', post: 'http://ds9.lemmy.ml/post/1' },
  'lemmy/create-page.json': { becomes: 'nothing' },
  'lemmy/delete-actor.json': { before: 'comment', becomes: 'nothing' },
  'lemmy/delete-page.json': { before: 'comment', becomes: 'nothing' },
  'lemmy/dislike.json': { becomes: 'dislike', post: 'http://ds9.lemmy.ml/post/1' },
  'lemmy/flag.json': { becomes: 'nothing', post: 'http://enterprise.lemmy.ml/post/7' },
  'lemmy/follow.json': { becomes: 'follower', author: 'http://enterprise.lemmy.ml/c/main' },
  'lemmy/like.json': { becomes: 'like', post: 'http://ds9.lemmy.ml/comment/1' },
  // A moderator of another server is not the owner.
  'lemmy/remove-note.json': { becomes: 403 },
  'lemmy/undo-follow.json': {
    before: 'follower',
    becomes: 'nothing',
    author: 'http://enterprise.lemmy.ml/c/main',
  },
  'lotide/create-note-reply.json': { becomes: 'comment', post: 'https://c.tide.tk/posts/51' },
  'lotide/follow.json': { becomes: 'follower', author: 'https://beehaw.org/c/foss' },
  'mastodon/announce-2023.json': {
    becomes: 'boost',
    post: 'https://mastodon.social/users/TomaszSusul/statuses/111305598148116184',
    like: 'mastodon/actor.json',
  },
  'mastodon/announce-private-embedded.json': {
    becomes: 'boost',
    post: 'http://mastodon.example.org/@admin/99541947525187368',
    like: 'mastodon/actor.json',
  },
  'mastodon/announce.json': {
    becomes: 'boost',
    post: 'http://mastodon.example.org/@admin/99541947525187367',
    like: 'mastodon/actor-2026.json',
  },
  'mastodon/block-doc.json': {
    before: 'follower',
    becomes: 'nothing',
    author: 'https://example.com/~mallory',
  },
  'mastodon/block.json': { before: 'follower', becomes: 'nothing', author: pleroma },
  // A Note by itself, which nobody sends.
  'mastodon/create-direct-message.json': { becomes: 400 },
  'mastodon/create-note-attachment.json': { becomes: 'nothing', like: 'mastodon/actor.json' },
  'mastodon/create-note-hashtag.json': { becomes: 'message', author: pleroma, like: 'mastodon/actor.json' },
  'mastodon/create-note-mention.json': { becomes: 'message', like: 'mastodon/actor-2026.json' },
  'mastodon/create-note-reply.json': {
    becomes: 'comment',
    post: 'https://mamot.fr/users/retiolus/statuses/107224244380204526',
    like: 'mastodon/actor.json',
  },
  'mastodon/create-note-sensitive.json': { becomes: 'nothing', like: 'mastodon/actor-service-bot.json' },
  'mastodon/create-vote.json': {
    becomes: 'nothing',
    post: 'https://testing.uguu.ltd/objects/9d300947-2dcb-445d-8978-9a3b4b84fa14',
    author: 'https://testing.uguu.ltd/users/rin',
  },
  'mastodon/delete-actor-object.json': { before: 'comment', becomes: 'nothing', like: 'mastodon/actor.json' },
  'mastodon/delete-note-tombstone.json': {
    before: 'comment',
    becomes: 'nothing',
    like: 'mastodon/actor-2026.json',
  },
  'mastodon/flag.json': { becomes: 'nothing', like: 'mastodon/actor-application-instance.json' },
  'mastodon/follow.json': { becomes: 'follower', like: 'mastodon/actor-2026.json' },
  'mastodon/like.json': {
    becomes: 'like',
    post: 'http://localtesting.pleroma.lol/objects/eb92579d-3417-42a8-8652-2492c2d4f454',
    like: 'mastodon/actor.json',
  },
  'mastodon/move.json': { before: 'follower', becomes: 'follower', like: 'mastodon/actor.json' },
  'mastodon/undo-follow-inner-without-id.json': {
    before: 'follower',
    becomes: 'nothing',
    author: 'https://puckipedia.com/',
    like: 'mastodon/actor.json',
  },
  'mastodon/undo-follow.json': { before: 'follower', becomes: 'nothing', like: 'mastodon/actor-2026.json' },
  'mastodon/undo-like.json': {
    before: 'like',
    becomes: 'nothing',
    post: 'http://localtesting.pleroma.lol/objects/eb92579d-3417-42a8-8652-2492c2d4f454',
    like: 'mastodon/actor.json',
  },
  'mastodon/update-actor.json': {
    before: 'comment',
    becomes: 'comment',
    like: 'mastodon/actor.json',
    name: 'gargle',
  },
  'mastodon/update-question-tally.json': { becomes: 'message', like: 'mastodon/actor-2026.json' },
  'mbin/announce-user-boost.json': { becomes: 'boost' },
  'mbin/announce-wrapped-create-comment.json': {
    becomes: 'comment',
    wrapped: 'served',
    like: 'kbin/actor-group.json',
  },
  'mbin/create-chat-message.json': { becomes: 'nothing', author: 'https://kbin.test/u/user2' },
  'mbin/create-note-reply.json': { becomes: 'comment' },
  'mbin/create-page.json': { becomes: 'nothing' },
  'mbin/delete-actor.json': { before: 'comment', becomes: 'nothing' },
  'mbin/delete-note.json': { before: 'comment', becomes: 'nothing' },
  'mbin/flag.json': { becomes: 'nothing' },
  'mbin/follow.json': { becomes: 'follower' },
  'mbin/like.json': { becomes: 'like' },
  'mbin/undo-follow.json': { before: 'follower', becomes: 'nothing' },
  'misskey/create-note-cw.json': { becomes: 'message', like: 'misskey/actor.json' },
  'misskey/create-note-mention.json': { becomes: 'message', like: 'misskey/actor.json' },
  'misskey/delete-note.json': { before: 'comment', becomes: 'nothing', like: 'misskey/actor.json' },
  'misskey/follow.json': { becomes: 'follower', like: 'misskey/actor.json' },
  // Its id is on another server than its actor.
  'misskey/like-emoji-react.json': {
    becomes: 403,
    post: 'https://testing.pleroma.lol/objects/c331bbf7-2eb9-4801-a709-2a6103492a5a',
  },
  'mitra/follow.json': { becomes: 'follower', author: 'https://fed.brid.gy/snarfed.org' },
  'mobilizon/create-event.json': { becomes: 'nothing' },
  'nodebb/follow.json': { becomes: 'follower' },
  // A channel is a Group, which passes on and does not boost.
  'peertube/announce-video.json': {
    becomes: 'nothing',
    post: 'https://tilvids.com/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1',
    like: 'peertube/actor-channel.json',
  },
  'peertube/announce-without-context.json': {
    becomes: 'boost',
    post: 'http://peertube.example/videos/watch/997111d4-e8d8-4f45-99d3-857905785d05',
    like: 'peertube/actor-account.json',
  },
  'peertube/create-video.json': { becomes: 'nothing', like: 'peertube/actor-account.json' },
  'pixelfed/create-note-photo.json': { becomes: 'nothing', like: 'pixelfed/actor.json' },
  'pixelfed/create-note-reply-tag-object.json': { becomes: 'comment', like: 'pixelfed/actor.json' },
  'pixelfed/create-note-reply.json': {
    becomes: 'comment',
    post: 'https://gram.social/p/Alice/650350850687790456',
    like: 'pixelfed/actor.json',
  },
  'pixelfed/delete-note.json': { before: 'comment', becomes: 'nothing', like: 'pixelfed/actor.json' },
  'pixelfed/follow.json': { becomes: 'follower', like: 'pixelfed/actor.json' },
  'pixelfed/like.json': { becomes: 'like', like: 'pixelfed/actor.json' },
  'pixelfed/undo-follow.json': { before: 'follower', becomes: 'nothing', like: 'pixelfed/actor.json' },
  'pleroma/create-note-2021.json': {
    becomes: 'comment',
    post: 'https://enterprise.lemmy.ml/post/55143',
    like: 'pleroma/actor.json',
  },
  'pleroma/create-note-mention.json': { becomes: 'message', like: 'pleroma/actor.json' },
  'pleroma/create-note-reply.json': {
    becomes: 'comment',
    post: 'https://mk.absturztau.be/notes/93e7nm8wqg',
    like: 'pleroma/actor.json',
  },
  'pleroma/delete-note-string.json': { before: 'comment', becomes: 'nothing', like: 'pleroma/actor.json' },
  'pleroma/emoji-react.json': {
    becomes: 'like',
    post: 'http://localtesting.pleroma.lol/objects/eb92579d-3417-42a8-8652-2492c2d4f454',
    like: 'pleroma/actor.json',
  },
  'pleroma/follow.json': { becomes: 'follower', like: 'pleroma/actor.json' },
  'pleroma/undo-follow.json': { before: 'follower', becomes: 'nothing', like: 'pleroma/actor.json' },
  'pleroma/update-note.json': { becomes: 'message', like: 'pleroma/actor.json' },
  'prismo/create-article.json': { becomes: 'nothing' },
  'quirks/delete-two-actors.json': { becomes: 400 },
  'sharkey/follow.json': {
    becomes: 'follower',
    author: 'https://as1.blueb.me/users/1',
    like: 'misskey/actor.json',
  },
  'smithereen/create-note.json': {
    becomes: 'comment',
    post: 'https://ds9.lemmy.ml/post/1723',
    like: 'smithereen/actor.json',
  },
  'takahe/delete-unknown-actor.json': { becomes: 'nothing', like: 'takahe/actor.json' },
  'threads/create-note-reply.json': { becomes: 'comment', like: 'threads/actor.json' },
  'threads/like-id-form.json': { becomes: 'like', like: 'threads/actor.json' },
  'wordpress/announce-wrapped-update.json': {
    becomes: 'nothing',
    wrapped: 'served',
    like: 'wordpress/actor-group-blog.json',
  },
  'wordpress/create-article-pterotype.json': { becomes: 'nothing', like: 'wordpress/actor-person.json' },
  'writefreely/create-article.json': { becomes: 'nothing', like: 'writefreely/actor.json' },
  'writefreely/delete-article.json': {
    before: 'comment',
    becomes: 'nothing',
    like: 'writefreely/actor.json',
  },
};

/** The servers that the documents come from. */
export const replayHosts: readonly string[] = [
  'akkoma.example.com',
  'c.tide.tk',
  'channels.tests.funkwhale.audio',
  'demo.gancio.org',
  'dev.narwhal.city',
  'ds9.lemmy.ml',
  'eepy.zone',
  'enterprise.lemmy.ml',
  'example.com',
  'example.org',
  'feedsin.space',
  'forum.example',
  'friends.grishka.me',
  'greenish.red',
  'hubzilla.example.org',
  'hz.macgirvin.com',
  'instance.gnusocial.test',
  'kbin.test',
  'lab.kbin.pub',
  'lemmy.ml',
  'lemmy.world',
  'mastodon.example',
  'mastodon.example.org',
  'mastodon.madrid',
  'mastodon.sdf.org',
  'mastodon.social',
  'mastodon.test',
  'mitra.social',
  'mobilizon.fr',
  'music.rocks',
  'p.helene.moe',
  'peertube.stream',
  'pfefferle.org',
  'pirati.ca',
  'pixelfed.social',
  'prismo.news',
  'puckipedia.com',
  'remote.example',
  'soc.schuerz.at',
  'threads.net',
  'tilvids.com',
  'wedistribute.org',
  'write.example',
];
