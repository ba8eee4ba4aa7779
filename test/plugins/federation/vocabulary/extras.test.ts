import { describe, expect, test } from 'vitest';
import { readActivity } from '../../../../plugins/federation/vocabulary/activity.ts';
import { readActor } from '../../../../plugins/federation/vocabulary/actor.ts';
import { PUBLIC } from '../../../../plugins/federation/vocabulary/audience.ts';
import { type ForeignObject, readObject } from '../../../../plugins/federation/vocabulary/object.ts';
import { readAuthorization } from '../../../../plugins/federation/vocabulary/policy.ts';

const bob = 'https://remote.example/users/bob';
const id = 'https://remote.example/notes/1';
const parent = 'https://local.example/posts/1';

function read(members: Record<string, unknown>): ForeignObject {
  const reading = readObject({ id, type: 'Note', attributedTo: bob, to: PUBLIC, ...members });
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.object;
}

describe('what others may do with it', () => {
  test.each([
    ['automaticApproval', 'manualApproval'],
    ['always', 'approvalRequired'],
  ])('%s and %s (GoToSocial, new and old)', (automatic, manual) => {
    const { interactionPolicy } = read({
      interactionPolicy: {
        canReply: { [automatic]: 'as:Public', [manual]: [] },
        canQuote: { [automatic]: [bob], [manual]: `${bob}/followers` },
        canLike: null,
      },
    });
    expect(interactionPolicy).toEqual({
      canReply: { automaticApproval: [PUBLIC], manualApproval: [] },
      canQuote: { automaticApproval: [bob], manualApproval: [`${bob}/followers`] },
      canLike: null,
      canAnnounce: null,
    });
  });

  test('a reply that was approved names the approval by its old or its new name', () => {
    expect(read({ approvedBy: `${parent}/ok` }).replyAuthorization).toBe(`${parent}/ok`);
    expect(read({ replyAuthorization: `${parent}/ok` }).replyAuthorization).toBe(`${parent}/ok`);
  });

  const grant = { id: `${parent}/grants/1`, type: 'QuoteAuthorization', attributedTo: parent };
  test.each([
    [{ ...grant, interactingObject: id, interactionTarget: parent }, 'QuoteAuthorization'],
    [{ ...grant, type: 'LikeApproval', object: id, target: { id: parent } }, 'LikeAuthorization'],
  ])('%j is an authorization', (json, type) => {
    expect(readAuthorization(json)).toEqual({
      kind: 'authorization',
      authorization: {
        id: grant.id,
        type,
        attributedTo: parent,
        interactingObject: id,
        interactionTarget: parent,
      },
    });
  });
  test.each([[null], [grant], [{ ...grant, type: 'Note' }], [{ ...grant, id: 'x' }]])(
    '%j is refused as an authorization',
    (json) => expect(readAuthorization(json)).toMatchObject({ kind: 'refused', status: 400 }),
  );
});

describe('quotes', () => {
  const link = { type: 'Link', href: parent, mediaType: 'application/activity+json' };
  const quoteRel = 'https://misskey-hub.net/ns#_misskey_quote';
  test.each([
    ['quote (FEP-044f)', { quote: { id: parent, type: 'Note' }, quoteUrl: 'https://x.example/' }],
    ['quoteUri (Fedibird)', { quoteUri: parent }],
    ['quoteUrl (Misskey)', { quoteUrl: parent }],
    ['_misskey_quote', { _misskey_quote: parent }],
    ['a link that says nothing else (Threads)', { tag: link }],
    [
      'a link that says so',
      {
        tag: [
          { ...link, href: id },
          { type: 'Link', href: parent, rel: [quoteRel] },
        ],
      },
    ],
  ])('%s', (_, members) => {
    expect(read(members).quoteOf).toBe(parent);
  });
  test('a link that is something else is none', () => {
    expect(read({ tag: { ...link, rel: 'nofollow' } }).quoteOf).toBeNull();
  });
  test('the authorization comes along', () => {
    expect(read({ quote: parent, quoteAuthorization: `${parent}/ok` }).quoteAuthorization).toBe(
      `${parent}/ok`,
    );
  });
});

describe('warnings', () => {
  test.each([
    ['a Note', { type: 'Note', summary: 'Spiders' }, 'Spiders'],
    ['markup in it', { type: 'Question', summary: '<p>Spi&amp;ders</p>' }, 'Spi&ders'],
    [
      'an Article, where it is sensitive',
      { type: 'Article', summary: 'Spiders', sensitive: true },
      'Spiders',
    ],
    ['an Article’s teaser is none', { type: 'Article', summary: 'Spiders' }, null],
    ['an empty one (Pleroma, Akkoma)', { type: 'Note', summary: '', sensitive: true }, null],
  ])('%s', (_, members, expected) => {
    expect(read(members).contentWarning).toBe(expected);
  });
});

describe('films and sounds', () => {
  test('PeerTube hangs the files of a stream into its link', () => {
    const file = { type: 'Link', mediaType: 'video/mp4', href: 'https://tube.example/1.mp4', height: 720 };
    const { media, durationSeconds, iconUrl, url } = read({
      type: 'Video',
      duration: 'PT1H2M5S',
      icon: [
        { type: 'Image', url: 'https://tube.example/s.jpg', width: 223 },
        { type: 'Image', url: 'https://tube.example/l.jpg', width: 850 },
      ],
      url: [
        { type: 'Link', mediaType: 'text/html', href: 'https://tube.example/w/1' },
        {
          type: 'Link',
          mediaType: 'application/x-mpegURL',
          href: 'https://tube.example/1.m3u8',
          tag: [
            file,
            { ...file, mediaType: 'application/x-bittorrent', href: 'https://tube.example/1.torrent' },
          ],
        },
        { type: 'Link', mediaType: 'video/webm', href: 'magnet:?xt=1' },
      ],
    });
    expect(media).toEqual([
      {
        url: 'https://tube.example/1.m3u8',
        mediaType: 'application/x-mpegurl',
        width: null,
        height: null,
        sizeBytes: null,
      },
      {
        url: 'https://tube.example/1.mp4',
        mediaType: 'video/mp4',
        width: null,
        height: 720,
        sizeBytes: null,
      },
    ]);
    expect([durationSeconds, iconUrl, url]).toEqual([
      3725,
      'https://tube.example/l.jpg',
      'https://tube.example/w/1',
    ]);
  });

  test('Funkwhale says mimeType, and plain seconds', () => {
    const { media, durationSeconds } = read({
      type: 'Audio',
      duration: 238,
      url: { type: 'Link', mimeType: 'audio/ogg', href: 'https://music.example/1', size: 1000 },
    });
    expect(media).toMatchObject([{ mediaType: 'audio/ogg', sizeBytes: 1000 }]);
    expect(durationSeconds).toBe(238);
  });

  test.each([['P'], ['PT'], ['soon'], [-1], [{}], ['PT99999999999999999999S']])(
    '%j is no length',
    (value) => {
      expect(read({ duration: value }).durationSeconds).toBeNull();
    },
  );
});

describe('collections that belong to it', () => {
  test('an id', () => {
    expect(read({ replies: `${id}/replies` }).replies).toEqual({
      id: `${id}/replies`,
      next: `${id}/replies`,
      items: [],
      totalItems: null,
    });
  });
  test('itself with its first page (Mastodon), or with its items (Akkoma)', () => {
    const first = { type: 'CollectionPage', next: `${id}/replies?page=2`, items: [bob, { id: parent }] };
    expect(read({ replies: { id: `${id}/replies`, first, totalItems: 9 } }).replies).toEqual({
      id: `${id}/replies`,
      next: `${id}/replies?page=2`,
      items: [bob, parent],
      totalItems: 9,
    });
    expect(read({ likes: { type: 'Collection', items: [bob], totalItems: '1' } }).likes).toEqual({
      id: null,
      next: null,
      items: [bob],
      totalItems: 1,
    });
  });
});

describe('actors', () => {
  const actor = { id: bob, type: 'Group', inbox: `${bob}/inbox`, preferredUsername: 'bob' };
  const readIt = (members: Record<string, unknown>) => readActor({ ...actor, ...members });
  test('the specifications that its server implements (WordPress)', () => {
    const rfc9421 = 'https://datatracker.ietf.org/doc/html/rfc9421';
    const generator = { type: 'Application', implements: [{ href: rfc9421, name: 'RFC-9421' }, rfc9421] };
    expect(readIt({ generator })).toMatchObject({ actor: { implements: [rfc9421] } });
  });
  test('a community says who moderates and who may post (Lemmy)', () => {
    const attributedTo = `${bob}/moderators`;
    expect(readIt({ attributedTo, postingRestrictedToMods: true })).toMatchObject({
      actor: { attributedTo: [attributedTo], postingRestrictedToMods: true },
    });
  });
  test.each([
    ['bob@remote.example', 'bob@remote.example'],
    ['acct:bob@remote.example', 'bob@remote.example'],
    ['bob', null],
    [{}, null],
  ])('webfinger %j (FEP-2c59)', (webfinger, expected) => {
    expect(readIt({ webfinger })).toMatchObject({ actor: { webfinger: expected } });
  });
});

test('a topic that moves says where from (NodeBB)', () => {
  const reading = readActivity({
    id: `${id}/move`,
    type: 'Move',
    actor: bob,
    object: 'https://remote.example/topic/1',
    origin: 'https://remote.example/category/1',
    target: 'https://remote.example/category/2',
  });
  expect(reading).toMatchObject({
    activity: {
      origin: { kind: 'id', id: 'https://remote.example/category/1' },
      target: { kind: 'id', id: 'https://remote.example/category/2' },
    },
  });
});

test('an actor that is named twice is one', () => {
  const like = { id: `${id}/like`, type: 'Like', actor: [bob, { id: bob }], object: parent };
  expect(readActivity(like)).toMatchObject({ activity: { actor: bob } });
  expect(readActivity({ ...like, actor: [bob, parent] })).toMatchObject({ kind: 'refused', status: 400 });
});

test('what has everybody as its audience alone is public, though not for listings', () => {
  expect(read({ to: undefined, audience: 'as:Public' }).visibility).toBe('unlisted');
});
