import { describe, expect, test } from 'vitest';
import { PUBLIC } from '../../../../plugins/federation/vocabulary/audience.ts';
import {
  authorOf,
  type ForeignObject,
  readObject,
} from '../../../../plugins/federation/vocabulary/object.ts';

const bob = 'https://remote.example/users/bob';
const parent = 'https://local.example/posts/1';
const note = {
  id: 'https://remote.example/notes/1',
  type: 'Note',
  attributedTo: bob,
  content: '<p>Hi</p>',
  to: PUBLIC,
};

function read(members: Record<string, unknown>): ForeignObject {
  const reading = readObject({ ...note, ...members });
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.object;
}

test('a bare note has a value or null in every place', () => {
  expect(read({})).toEqual({
    id: note.id,
    type: 'Note',
    attributedTo: [bob],
    inReplyTo: null,
    url: null,
    name: null,
    content: '<p>Hi</p>',
    contentType: 'html',
    language: null,
    summary: null,
    sensitive: false,
    published: null,
    updated: null,
    to: [PUBLIC],
    cc: [],
    audience: [],
    visibility: 'public',
    mentions: [],
    hashtags: [],
    emojis: [],
    attachments: [],
    isVote: false,
    isChatMessage: false,
    quoteOf: null,
    quoteAuthorization: null,
    replyAuthorization: null,
    interactionPolicy: null,
    contentWarning: null,
    poll: null,
    iconUrl: null,
    imageUrl: null,
    media: [],
    durationSeconds: null,
    replies: null,
    likes: null,
    shares: null,
    context: null,
  });
});

test.each([
  [null],
  [[]],
  [{ type: 'Note' }],
  [{ id: 'x', type: 'Note' }],
  [{ id: note.id }],
  [{ id: note.id, type: [] }],
])('%j is refused as an object', (json) => {
  expect(readObject(json)).toMatchObject({ kind: 'refused', status: 400 });
});

describe('authors', () => {
  const group = { type: 'Group', id: 'https://remote.example/c/1' };
  test.each([
    ['an object', { type: 'Person', id: bob }, [bob]],
    ['a list of ids', [bob, 'https://b.example/'], [bob, 'https://b.example/']],
    ['a Group before the Person (PeerTube, NodeBB)', [group, { type: 'Person', id: bob }], [bob, group.id]],
    ['nobody', undefined, []],
  ])('%s', (_, attributedTo, expected) => {
    expect(read({ attributedTo }).attributedTo).toEqual(expected);
  });

  test('`actor` counts without `attributedTo` (Pleroma)', () => {
    expect(read({ attributedTo: undefined, actor: bob }).attributedTo).toEqual([bob]);
  });

  test('the one on the signer’s origin is chosen, the signer itself first', () => {
    const object = read({ attributedTo: ['https://b.example/x', 'https://remote.example/users/carl', bob] });
    expect(authorOf(object, bob)).toBe(bob);
    expect(authorOf(object, 'https://remote.example/actor')).toBe('https://remote.example/users/carl');
    expect(authorOf(object, 'https://evil.example/')).toBeNull();
  });
});

test.each([
  ['a string', parent, parent],
  ['an object (Bridgy Fed)', { id: parent, url: 'https://x.example/' }, parent],
  ['a list', [parent, 'https://b.example/'], parent],
  ['null', null, null],
  ['an empty string', '', null],
  ['a note of another protocol', 'at://did:plc:x/1', null],
])('inReplyTo as %s', (_, inReplyTo, expected) => {
  expect(read({ inReplyTo }).inReplyTo).toBe(expected);
});

describe('content', () => {
  test.each([
    ['content alone', { content: 'a' }, { content: 'a', contentType: 'html', language: null }],
    ['in its language', { content: 'a', contentMap: { de: 'a' } }, { content: 'a', language: 'de' }],
    [
      'in the map alone',
      { content: undefined, contentMap: { 'EN-us': 'a' } },
      { content: 'a', language: 'en-US' },
    ],
    [
      'in the map with a null text (Mbin)',
      { content: null, contentMap: { en: null } },
      { content: null, contentType: 'html' },
    ],
    [
      'Markdown (PeerTube)',
      { content: '*a*', mediaType: 'text/markdown' },
      { content: '*a*', contentType: 'markdown' },
    ],
    ['plain text', { content: 'a < b', mediaType: 'text/plain; charset=utf-8' }, { contentType: 'text' }],
    ['HTML said so', { mediaType: 'text/html' }, { contentType: 'html' }],
    [
      'null with a source, which is never shown',
      { content: null, source: { content: 'x', mediaType: 'text/markdown' } },
      { content: null },
    ],
    [
      'Misskey’s own text',
      { content: null, _misskey_content: '$[x a]' },
      { content: '$[x a]', contentType: 'text' },
    ],
    ['Lemmy’s language', { language: { identifier: 'fr', name: 'Français' } }, { language: 'fr' }],
    ['the summary’s language', { summary: 'x', summaryMap: { it: 'x' } }, { language: 'it' }],
  ])('%s', (_, members, expected) => {
    expect(read(members)).toMatchObject(expected);
  });
});

describe('warnings', () => {
  test.each([
    ['none', {}, null, false],
    ['an empty summary (Pleroma)', { summary: '', sensitive: null }, null, false],
    ['sensitive with an empty summary (Akkoma)', { summary: '', sensitive: true }, null, true],
    ['a summary without sensitive', { summary: 'cw' }, 'cw', true],
    ['a summary with sensitive null', { summary: 'cw', sensitive: null }, 'cw', true],
    ['a summary that is said to be harmless', { summary: 'cw', sensitive: false }, 'cw', false],
    ['the teaser of an Article', { type: 'Article', summary: 'teaser' }, 'teaser', false],
    ['sensitive as text', { sensitive: 'true' }, null, true],
    ['a prefixed name', { 'as:sensitive': true }, null, true],
  ])('%s', (_, members, summary, sensitive) => {
    expect(read(members)).toMatchObject({ summary, sensitive });
  });
});

describe('who may see it', () => {
  test.each([
    ['Public in to', { to: 'as:Public' }, 'public'],
    ['Public in cc', { to: [`${bob}/followers`], cc: [PUBLIC] }, 'unlisted'],
    ['followers', { to: [`${bob}/followers`], cc: [] }, 'followers'],
    ['one person', { to: ['https://local.example/users/ann'] }, 'direct'],
    ['nobody', { to: undefined }, 'direct'],
    ['Pleroma’s direct message', { directMessage: true }, 'direct'],
    ['a chat message, whatever it says', { type: 'ChatMessage' }, 'direct'],
  ])('%s', (_, members, visibility) => {
    expect(read(members).visibility).toBe(visibility);
  });
});

test('votes and chat messages are marked', () => {
  expect(read({ name: 'yes', content: undefined, inReplyTo: parent }).isVote).toBe(true);
  expect(read({ name: 'yes', content: '', inReplyTo: parent }).isVote).toBe(true);
  expect(read({ name: 'yes', inReplyTo: parent }).isVote).toBe(false);
  expect(read({ name: null, content: null, inReplyTo: parent }).isVote).toBe(false);
  expect(read({ type: 'Article', name: 'yes', content: null, inReplyTo: parent }).isVote).toBe(false);
  expect(read({ type: 'ChatMessage' }).isChatMessage).toBe(true);
  expect(read({}).isChatMessage).toBe(false);
});

test.each([
  ['quote', { quote: parent }],
  ['quote as an object', { quote: { id: parent, type: 'Note' } }],
  ['quoteUri', { quoteUri: parent }],
  ['quoteUrl', { quoteUrl: parent }],
  ['_misskey_quote', { _misskey_quote: parent }],
  [
    'an object link (FEP-e232)',
    {
      tag: [
        {
          type: 'Link',
          href: parent,
          mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        },
      ],
    },
  ],
])('a quote named by %s', (_, members) => {
  expect(read(members).quoteOf).toBe(parent);
});

test('an ordinary Link among the tags is no quote', () => {
  expect(
    read({
      tag: [
        { type: 'Link', href: parent, mediaType: 'text/html' },
        { type: 'Link', href: parent },
      ],
    }).quoteOf,
  ).toBeNull();
});

test('the conversation is context, conversation or inConversation, and need be no web address', () => {
  expect(read({ context: 'https://a.example/c', conversation: 'tag:a' }).context).toBe('https://a.example/c');
  expect(read({ conversation: 'tag:a.example,2024:objectId=1' }).context).toBe(
    'tag:a.example,2024:objectId=1',
  );
  expect(read({ inConversation: 'https://a.example/i' }).context).toBe('https://a.example/i');
  expect(read({ context: { id: 'https://a.example/c', type: 'Collection' } }).context).toBe(
    'https://a.example/c',
  );
  expect(read({ conversation: 'x'.repeat(3_000) }).context).toBeNull();
});
