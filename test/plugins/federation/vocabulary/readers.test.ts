import { describe, expect, test } from 'vitest';
import { actor, article, bob, id, kneading, loaf, note, origin } from './posts.ts';

type Json = Record<string, unknown>;
/** A member, who reads it, and what they need it to be. */
type Need = [member: string, readers: string, check: (object: Json) => void];

const isZulu = (value: unknown) => expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const language = (object: Json, map: string, member: string) =>
  expect(object[map]).toEqual({ en: object[member] });
const collection = (object: Json, member: string, totalItems: number) =>
  expect(object[member]).toMatchObject({ id: `${id}/${member}`, type: 'Collection', totalItems });

const needs: Need[] = [
  [
    '@context',
    'Iceshrimp.NET and Friendica, as JSON-LD',
    ({ '@context': context }) =>
      expect(context).toEqual([
        'https://www.w3.org/ns/activitystreams',
        'https://w3id.org/security/v1',
        expect.any(Object),
      ]),
  ],
  ['id', 'everybody; Threads, other than the activity’s', (object) => expect(object.id).toBe(id)],
  ['type', 'everybody, as one word', ({ type }) => expect(type).toBe('Article')],
  [
    'attributedTo',
    'Mastodon, Lemmy, Mbin and Pleroma, as one id',
    (object) => expect(object.attributedTo).toBe(actor),
  ],
  [
    'name',
    'Mastodon, Lemmy, Mbin, NodeBB and Friendica, as a title of a line',
    ({ name }) => expect(name).toBe('Bread & “butter”'),
  ],
  ['nameMap', 'Mastodon and Mbin, for the language', (object) => language(object, 'nameMap', 'name')],
  [
    'contentMap',
    'Mastodon, GoToSocial, Pleroma and Mbin, for the language',
    (object) => language(object, 'contentMap', 'content'),
  ],
  ['summaryMap', 'Mastodon, for the language', (object) => language(object, 'summaryMap', 'summary')],
  [
    'summary',
    'Mastodon, as the only prose; Misskey, of at most 512 characters',
    ({ summary }) => {
      expect(summary).toBe('Some bread.');
      expect(String(article({ excerpt: 'x'.repeat(900) }).summary).length).toBeLessThanOrEqual(500);
    },
  ],
  [
    'content',
    'Misskey, Pleroma, GoToSocial, Friendica, Hubzilla, Ghost, NodeBB and Discourse',
    ({ content }) => expect(content).toBe('<p>Some <strong>bread</strong>.</p>'),
  ],
  ['mediaType', 'Threads', ({ mediaType }) => expect(mediaType).toBe('text/html')],
  [
    'source',
    'Lemmy, Mbin, NodeBB and PeerTube',
    ({ source }) =>
      expect(source).toMatchObject({
        mediaType: 'text/markdown',
        content: expect.stringContaining('**bread**'),
      }),
  ],
  [
    'url',
    'Mastodon, for the link and its card; one address on the id’s host',
    ({ url }) => expect(url).toBe(`${origin}/bread`),
  ],
  ['published', 'Threads and Mbin', ({ published }) => isZulu(published)],
  [
    'updated',
    'Threads; GoToSocial, not before published',
    ({ updated, published }) => {
      isZulu(updated);
      expect(String(updated) >= String(published)).toBe(true);
    },
  ],
  [
    'to',
    'Misskey and WriteFreely, word for word',
    ({ to }) => expect(to).toEqual(['https://www.w3.org/ns/activitystreams#Public']),
  ],
  [
    'cc',
    'Mastodon, for followers and those who are mentioned',
    ({ cc }) => expect(cc).toEqual([`${actor}/followers`, bob.id]),
  ],
  [
    'image',
    'Ghost, NodeBB, Mbin, WordPress and Friendica',
    ({ image }) =>
      expect(image).toMatchObject({ type: 'Image', url: loaf.url, mediaType: 'image/jpeg', name: 'A loaf' }),
  ],
  [
    'attachment',
    'Mastodon, with size and description; Misskey, of at most 512 characters',
    () => {
      const alt = 'long '.repeat(200);
      const { attachment } = article({ images: [{ ...loaf, alt }], recordings: [kneading] });
      const [picture, sound] = attachment as Json[];
      expect(picture).toMatchObject({ width: 800, height: 600 });
      expect(String(picture?.name).length).toBeLessThanOrEqual(512);
      expect(sound).toMatchObject({ type: 'Audio', mediaType: 'audio/mpeg', duration: 'PT63S' });
    },
  ],
  [
    'tag',
    'everybody: Hashtags with #, Mentions with both names',
    ({ tag }) =>
      expect(tag).toEqual(
        expect.arrayContaining([
          { type: 'Hashtag', name: '#StaticSites', href: `${origin}/tag/static-sites` },
          { type: 'Mention', name: bob.handle, href: bob.id },
        ]),
      ),
  ],
  ['replies', 'Mastodon, Pleroma and Mbin', (object) => collection(object, 'replies', 2)],
  ['likes', 'Mastodon and Mbin', (object) => collection(object, 'likes', 3)],
  ['shares', 'Mastodon and Mbin', (object) => collection(object, 'shares', 4)],
  ['context', 'Pleroma, to thread by', ({ context }) => expect(context).toBe(`${id}/context`)],
  [
    'conversation',
    'Mastodon, which gives it back with answers',
    ({ conversation, context }) => expect(conversation).toBe(context),
  ],
  [
    'interactionPolicy',
    'Mastodon for quotes, GoToSocial for all',
    ({ interactionPolicy }) => {
      for (const act of ['canQuote', 'canReply', 'canLike', 'canAnnounce'])
        expect(interactionPolicy).toHaveProperty(act);
    },
  ],
  ['preview', 'NodeBB and Ghost', ({ preview }) => expect(preview).toMatchObject({ type: 'Note' })],
  [
    'sensitive',
    'Lemmy and Mastodon, only where it is true',
    (object) => {
      expect(object).not.toHaveProperty('sensitive');
      expect(article({ contentWarning: 'eels' }).sensitive).toBe(true);
    },
  ],
  [
    'audience',
    'Lemmy, which refuses one that is no community',
    (object) => expect(object).not.toHaveProperty('audience'),
  ],
  ['atomUri', 'Threads, which fails at it', (object) => expect(object).not.toHaveProperty('atomUri')],
];

describe('each member of an Article is as those who read it need it', () => {
  test.each(needs)('%s: %s', (_member, _readers, check) => check(article()));

  test('and there are no others', () => {
    const named = new Set(needs.map(([member]) => member));
    expect(Object.keys(article({ contentWarning: 'eels' })).filter((member) => !named.has(member))).toEqual(
      [],
    );
  });
});

/** Members of a Note that are as an Article's. */
const shared = [
  '@context',
  'id',
  'attributedTo',
  'contentMap',
  'mediaType',
  'url',
  'published',
  'updated',
  'to',
  'cc',
];
const alsoShared = [
  'replies',
  'likes',
  'shares',
  'context',
  'conversation',
  'interactionPolicy',
  'audience',
  'atomUri',
];

describe('each member that a Note shares with an Article is as needed too', () => {
  test.each(needs.filter(([member]) => [...shared, ...alsoShared].includes(member)))(
    '%s: %s',
    (_m, _r, check) => check(note()),
  );
});
