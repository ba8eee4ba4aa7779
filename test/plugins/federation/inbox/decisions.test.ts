import { describe, expect, test } from 'vitest';
import { agree } from '../../../../plugins/federation/inbox/agree.ts';
import { decideReception } from '../../../../plugins/federation/inbox/audience.ts';
import { commentHtml } from '../../../../plugins/federation/inbox/comment-html.ts';
import { asOwnAddress } from '../../../../plugins/federation/inbox/local-target.ts';
import { readActivity } from '../../../../plugins/federation/vocabulary/activity.ts';
import { type ForeignObject, readObject } from '../../../../plugins/federation/vocabulary/object.ts';

const bob = 'https://good.example/users/bob';
const carol = 'https://good.example/users/carol';
const mallory = 'https://evil.example/users/mallory';
const note = { id: 'https://good.example/notes/1', type: 'Note', attributedTo: bob, content: 'x' };
const like = {
  id: 'https://good.example/likes/1',
  type: 'Like',
  actor: bob,
  object: 'https://blog.example/1',
};

function activity(type: string, object: unknown, actor = bob) {
  const id = `${new URL(actor).origin}/activities/1`;
  const reading = readActivity({ id, type, actor, object });
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.activity;
}

function object(members: Record<string, unknown>): ForeignObject {
  const reading = readObject({ ...note, ...members });
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.object;
}

describe('who may say what', () => {
  test.each([
    ['a Create of their own note', activity('Create', note)],
    ['a Create of a note without an author', activity('Create', { ...note, attributedTo: undefined })],
    ['a Create that names a note of their server', activity('Create', note.id)],
    ['an Update of their account', activity('Update', { id: bob, type: 'Person', inbox: `${bob}/inbox` })],
    ['a Delete of something on their server', activity('Delete', note.id)],
    ['an Undo of their like', activity('Undo', like)],
    ['an Undo of a like without an id', activity('Undo', { ...like, id: undefined })],
    ['a Like of anything', activity('Like', 'https://blog.example/1')],
  ])('%s is the actor’s own', (_what, said) => {
    expect(agree(bob, said)).toEqual({ kind: 'own' });
  });

  test.each([
    ['a Create of a note elsewhere', activity('Create', note, mallory)],
    ['a Create of a neighbour’s note', activity('Create', { ...note, attributedTo: carol })],
    ['a Create of a note without an id', activity('Create', { ...note, id: undefined })],
    [
      'an Update of a neighbour’s account',
      activity('Update', { id: carol, type: 'Person', inbox: `${carol}/inbox` }),
    ],
    ['a Delete of something elsewhere', activity('Delete', note.id, mallory)],
    ['a Delete of what has no id', activity('Delete', { type: 'Note', content: 'x' })],
    ['an Undo of another’s like', activity('Undo', { ...like, actor: carol })],
    ['an Undo of an id elsewhere', activity('Undo', like.id, mallory)],
  ])('%s is refused', (_what, said) => {
    expect(agree(said.actor, said)).toMatchObject({ kind: 'refused' });
  });

  test('what a third party says is a hint for notes, and refused for everything else', () => {
    expect(agree(mallory, activity('Create', note))).toEqual({ kind: 'hint', objectId: note.id });
    expect(agree(mallory, activity('Delete', note.id))).toEqual({ kind: 'hint', objectId: note.id });
    expect(agree(mallory, activity('Like', note.id))).toMatchObject({ kind: 'refused' });
    expect(agree(mallory, activity('Create', { ...note, id: 'https://evil.example/1' }))).toMatchObject({
      kind: 'refused',
    });
    expect(agree(carol, activity('Create', note))).toMatchObject({ kind: 'refused' });
  });
});

describe('where something belongs', () => {
  const visible = (visibility: ForeignObject['visibility']) => ({
    visibility,
    isVote: false,
    isChatMessage: false,
  });
  const nobody = { answers: false, owner: null, addressed: [] };
  const answer = { answers: true, owner: 'author', addressed: ['other'] };

  test.each(['public', 'unlisted'] as const)('a %s answer is a comment', (visibility) => {
    expect(decideReception(visible(visibility), answer)).toEqual({ kind: 'comment' });
  });

  test.each(['followers', 'direct'] as const)(
    'a %s answer is for the author and who is addressed',
    (visibility) => {
      expect(decideReception(visible(visibility), answer)).toEqual({
        kind: 'mention',
        userIds: ['author', 'other'],
      });
    },
  );

  test('what answers nothing is for whom it names, or for nobody', () => {
    const named = { ...nobody, addressed: ['a', 'a', 'b'] };
    expect(decideReception(visible('public'), named)).toEqual({ kind: 'mention', userIds: ['a', 'b'] });
    expect(decideReception(visible('public'), nobody)).toMatchObject({ kind: 'drop' });
    expect(decideReception(visible('direct'), nobody)).toMatchObject({ kind: 'drop' });
  });

  test('votes and chat messages are nothing, whoever they answer', () => {
    expect(decideReception({ ...visible('public'), isVote: true }, answer)).toMatchObject({ kind: 'drop' });
    expect(decideReception({ ...visible('direct'), isChatMessage: true }, answer)).toMatchObject({
      kind: 'drop',
    });
  });
});

describe('what a comment says', () => {
  test('HTML is passed on, to be sanitised later; text and Markdown are escaped', () => {
    expect(commentHtml(object({ content: '<p>a<br>b</p>' }))).toBe('<p>a<br>b</p>');
    expect(commentHtml(object({ content: 'a < b\n\n*c*\nd', mediaType: 'text/markdown' }))).toBe(
      '<p>a &lt; b</p>\n<p>*c*<br>d</p>',
    );
  });

  test('a warning and a title stand first, escaped; a teaser is left out', () => {
    expect(commentHtml(object({ summary: 'Spoilers <b>&</b>', content: 'x' }))).toBe(
      '<p><strong>Spoilers &amp;</strong></p>\nx',
    );
    expect(commentHtml(object({ type: 'Article', name: 'A <title>', summary: 'Teaser', content: 'x' }))).toBe(
      '<p><strong>A &lt;title&gt;</strong></p>\nx',
    );
  });

  test('pictures are links with their description', () => {
    const attachment = [
      { type: 'Image', url: 'https://good.example/1.png?a=1&b="', name: 'A cat' },
      { type: 'Document', mediaType: 'video/mp4', url: 'https://good.example/2.mp4' },
    ];
    expect(commentHtml(object({ content: undefined, attachment }))).toBe(
      '<p><a href="https://good.example/1.png?a=1&amp;b=&quot;">A cat</a> · <a href="https://good.example/2.mp4">video</a></p>',
    );
  });

  test('nothing is nothing', () => {
    expect(commentHtml(object({ content: undefined }))).toBe('');
  });
});

test.each([
  ['https://blog.example/hello', 'https://blog.example/hello'],
  ['http://blog.example/hello', 'https://blog.example/hello'],
  ['https://BLOG.example:443/hello/', 'https://blog.example/hello'],
  ['https://blog.example/hello?utm=1#comment-2', 'https://blog.example/hello#comment-2'],
  ['https://blog.example/', 'https://blog.example/'],
  ['https://blog.example:8443/hello', null],
  ['https://other.example/hello', null],
  ['nonsense', null],
])('%s is our %s', (iri, own) => {
  expect(asOwnAddress('https://blog.example', iri)).toBe(own);
});
