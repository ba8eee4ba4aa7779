import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { durationText } from '../../../../plugins/federation/cards/card.ts';
import { kindOfPage } from '../../../../plugins/federation/cards/card-kinds.ts';
import { readCard } from '../../../../plugins/federation/cards/read-card.ts';

const uuid = 'abece3c3-b9c6-47f4-8040-f3eed8c602e6';
const page = `https://tube.example/w/short`;
const id = `https://tube.example/videos/watch/${uuid}`;

const film = (change: Record<string, unknown> = {}) => ({
  '@context': 'https://www.w3.org/ns/activitystreams',
  id,
  type: 'Video',
  name: 'A film',
  duration: 'PT385S',
  ...change,
});

describe('a film of PeerTube', () => {
  test('is title, length, channel, picture and a player on its own server', () => {
    const reading = readCard(
      page,
      film({
        attributedTo: [
          { type: 'Person', id: 'https://tube.example/accounts/a' },
          { type: 'Group', id: 'https://tube.example/video-channels/c' },
        ],
        icon: [
          { type: 'Image', url: 'https://tube.example/small.jpg', width: 223 },
          { type: 'Image', url: 'https://tube.example/large.jpg', width: 850 },
        ],
        url: [{ type: 'Link', mediaType: 'text/html', href: id }],
      }),
    );
    expect(reading).toEqual({
      card: {
        kind: 'video',
        title: 'A film',
        author: null,
        pageUrl: id,
        durationSeconds: 385,
        startsAt: null,
        place: null,
        player: {
          kind: 'frame',
          url: `https://tube.example/videos/embed/${uuid}?autoplay=1&p2p=0&warningTitle=0`,
        },
      },
      authorId: 'https://tube.example/video-channels/c',
      pictureUrl: 'https://tube.example/large.jpg',
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['another type', { type: 'Note' }],
    ['no title', { name: null }],
    ['a title that nobody sees', { name: '\u200b\u202e' }],
    ['no id', { id: undefined }],
  ])('with %s stays a link', (_what, change) => {
    expect(readCard(page, film(change))).toBeNull();
  });

  test('sends nobody to another server', () => {
    const reading = readCard(
      page,
      film({ url: 'https://evil.example/', attributedTo: 'https://evil.example/u' }),
    );
    expect(reading).toMatchObject({ card: { pageUrl: page }, authorId: null });
  });

  test('that is not for every eye shows no picture', () => {
    const icon = { type: 'Image', url: 'https://tube.example/large.jpg' };
    expect(readCard(page, film({ icon }))?.pictureUrl).toBe(icon.url);
    expect(readCard(page, film({ icon, sensitive: true }))?.pictureUrl).toBeNull();
  });

  test('without a number in its id has no player', () => {
    expect(readCard(page, film({ id: 'https://tube.example/x"onload=' }))?.card.player ?? null).toBeNull();
  });
});

test('a track of Funkwhale names its artist and plays there', () => {
  const reading = readCard('https://funk.example/library/tracks/74', {
    id: 'https://funk.example/federation/music/tracks/1',
    type: 'Track',
    name: 'A song',
    artists: [{ type: 'Artist', name: 'The Band' }],
    album: { type: 'Album', name: 'First', image: { type: 'Image', url: 'https://funk.example/cover.jpg' } },
  });
  expect(reading).toMatchObject({
    card: {
      kind: 'track',
      author: 'The Band',
      player: { kind: 'frame', url: 'https://funk.example/front/embed.html?type=track&id=74' },
    },
    pictureUrl: 'https://funk.example/cover.jpg',
  });
});

test('an episode of Castopod plays its own file', () => {
  const reading = readCard('https://pod.example/@show/episodes/one', {
    id: 'https://pod.example/@show/episodes/one',
    type: 'PodcastEpisode',
    name: 'One',
    audio: {
      type: 'Audio',
      duration: 61,
      url: { type: 'Link', mediaType: 'audio/mpeg', href: 'https://pod.example/one.mp3' },
    },
  });
  expect(reading?.card).toMatchObject({
    kind: 'episode',
    durationSeconds: 61,
    player: { kind: 'audio', url: 'https://pod.example/one.mp3' },
  });
});

test('an event of Mobilizon has its time and place, and nothing to play', () => {
  const at = 'https://meet.example/events/abece3c3-b9c6-47f4-8040-f3eed8c602e6';
  const reading = readCard(at, {
    id: at,
    type: 'Event',
    name: 'A meeting',
    startTime: '2026-12-01T18:00:00Z',
    location: { type: 'Place', name: 'The library' },
  });
  expect(reading?.card).toMatchObject({
    startsAt: '2026-12-01T18:00:00.000Z',
    place: 'The library',
    player: null,
  });
});

test.each([
  'https://blog.example/a-post',
  'https://tube.example/',
  'ftp://tube.example/w/abc',
  'https://tube.example/w/abc/def',
  'not an address',
])('nobody is asked about %s', (address) => {
  expect(kindOfPage(address)).toBeNull();
});

test('lengths are read as clocks show them', () => {
  expect([5, 385, 3723].map(durationText)).toEqual(['0:05', '6:25', '1:02:03']);
});

const fixtures = path.resolve(import.meta.dirname, '../../../../../shared/fixtures');
test.skipIf(!existsSync(fixtures))('the real films, uploads and events that are at hand become cards', () => {
  const object = (file: string) => JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')).object;
  const video = object('peertube/create-video.json');
  expect(readCard(video.id, video)).toMatchObject({
    card: { kind: 'video', durationSeconds: 385, player: { kind: 'frame' } },
    pictureUrl: expect.stringContaining('previews'),
  });
  const audio = object('funkwhale/create-audio.json');
  expect(readCard('https://channels.tests.funkwhale.audio/library/tracks/74', audio)).toMatchObject({
    card: { kind: 'track', title: 'Compositions - Test Audio for Pleroma' },
  });
  const event = object('mobilizon/create-event.json');
  expect(readCard(event.id, event)?.card.kind).toBe('event');
});
