import { afterAll, beforeAll, expect, test } from 'vitest';
import { findReceivedComment, listComments } from '../../../../src/comments/comment-store.ts';
import { moderateComments } from '../../../../src/comments/moderate-comments.ts';
import {
  activityOf,
  type FederatedApp,
  freshId,
  noteOf,
  PUBLIC,
  type Published,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let post: Published;
let bob: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  post = await app.publish({ title: 'A subject', slug: 'a-subject' });
  bob = app.peer('good.example').actor('bob', { displayName: 'Bob <b>Good</b>' });
});
afterAll(() => app.close());

const commentOf = (note: Json) => findReceivedComment(app.app.deps.db, 'fediverse', String(note.id));
const mentions = async () =>
  (await app.run('mentions', 'alice')) as { object: string; visibility: string; text: string }[];

async function tell(actor: PeerActor, activity: Json): Promise<number> {
  const { status } = await actor.send(app.url, activity);
  await app.idle();
  return status;
}

test('a public answer to a post becomes a pending comment with its author, sanitised', async () => {
  const note = noteOf(bob, {
    inReplyTo: post.id,
    url: 'https://good.example/@bob/1',
    content: '<p>Fine <script>alert(1)</script><a href="javascript:alert(1)">words</a></p>',
  });

  expect(await tell(bob, activityOf(bob, 'Create', note))).toBe(202);

  const comment = await commentOf(note);
  expect(comment).toMatchObject({
    postId: post.post.id,
    status: 'pending',
    source: 'fediverse',
    externalAuthorId: bob.id,
    externalUrl: 'https://good.example/@bob/1',
    author: { handle: '@bob@good.example', url: 'https://good.example/@bob' },
  });
  expect(comment?.html).toContain('Fine');
  expect(comment?.html).not.toMatch(/script|javascript:/);
});

test.each([
  ['the page’s address', () => post.url],
  ['the page’s address with a slash', () => `${post.url}/`],
  ['the host in capitals', () => post.id.replace('localhost', 'LOCALHOST')],
  ['an object with an id', () => ({ type: 'Article', id: post.id })],
  ['a list of one', () => [post.id]],
])('an answer that names the post by %s is found', async (_what, inReplyTo) => {
  const note = noteOf(bob, { inReplyTo: inReplyTo() });
  await tell(bob, activityOf(bob, 'Create', note));
  expect(await commentOf(note)).toMatchObject({ postId: post.post.id });
});

test('an answer to a remote comment and to an author’s answer stand below them', async () => {
  const first = noteOf(bob, { inReplyTo: post.id });
  await tell(bob, activityOf(bob, 'Create', first));
  const second = noteOf(bob, { inReplyTo: first.id });
  await tell(bob, activityOf(bob, 'Create', second));

  expect((await commentOf(second))?.parentId).toBe((await commentOf(first))?.id);
});

test('the same Create a second time, and once more in other words, is one comment', async () => {
  const note = noteOf(bob, { inReplyTo: post.id, content: '<p>Only once.</p>' });
  const create = activityOf(bob, 'Create', note);
  const inbox = `/ap/users/${app.owner?.id}/inbox`;

  await Promise.all([
    bob.send(app.url, create),
    bob.send(app.url, create),
    bob.send(app.url, create, { path: inbox }),
  ]);
  await tell(bob, { ...create, id: freshId(bob) });

  const all = await listComments(app.app.deps.db, { postId: post.post.id, limit: 100 });
  expect(all.filter(({ text }) => text === 'Only once.')).toHaveLength(1);
});

test('an Update changes the text, and an approved comment waits again', async () => {
  const note = noteOf(bob, { inReplyTo: post.id, content: '<p>First.</p>' });
  await tell(bob, activityOf(bob, 'Create', note));
  const before = await commentOf(note);
  await moderateComments(app.app.deps, [before?.id ?? ''], 'approve');

  await tell(bob, activityOf(bob, 'Update', { ...note, content: '<p>Second.</p>' }));

  expect(await commentOf(note)).toMatchObject({ text: 'Second.', status: 'pending' });
});

test('an Update that comes before its Create is taken, and the late Create changes nothing', async () => {
  const note = noteOf(bob, { inReplyTo: post.id, content: '<p>Old.</p>' });
  await tell(bob, activityOf(bob, 'Update', { ...note, content: '<p>New.</p>' }));
  await tell(bob, activityOf(bob, 'Create', note));
  expect(await commentOf(note)).toMatchObject({ text: 'New.' });
});

test.each([
  ['the id', (note: Json) => note.id],
  ['a Tombstone', (note: Json) => ({ type: 'Tombstone', id: note.id })],
])('a Delete of %s removes the comment', async (_what, object) => {
  const note = noteOf(bob, { inReplyTo: post.id });
  await tell(bob, activityOf(bob, 'Create', note));
  expect(await commentOf(note)).not.toBeNull();

  expect(await tell(bob, activityOf(bob, 'Delete', object(note)))).toBe(202);

  expect(await commentOf(note)).toBeNull();
});

test('a Delete that comes before its Create makes the late Create harmless', async () => {
  const note = noteOf(bob, { inReplyTo: post.id });
  await tell(bob, activityOf(bob, 'Delete', note.id));
  await tell(bob, activityOf(bob, 'Create', note));
  expect(await commentOf(note)).toBeNull();
});

test.each([
  ['followers', (actor: PeerActor) => ({ to: [`${actor.id}/followers`], cc: [] })],
  ['direct', () => ({ to: [app.author], cc: [] })],
])('an answer for %s only is a message to the author and no comment', async (visibility, addressing) => {
  const note = noteOf(bob, {
    inReplyTo: post.id,
    content: `<p>Secret ${visibility}</p>`,
    ...addressing(bob),
  });

  expect(await tell(bob, activityOf(bob, 'Create', note))).toBe(202);

  expect(await commentOf(note)).toBeNull();
  expect(await mentions()).toContainEqual(
    expect.objectContaining({ object: note.id, visibility, text: `Secret ${visibility}` }),
  );
  expect(await (await fetch(post.url)).text()).not.toContain('Secret');
});

test('a mention that answers nothing here is a message, and its Delete removes it', async () => {
  const note = noteOf(bob, {
    content: '<p>Look at <a href="x">@alice</a></p>',
    tag: { type: 'Mention', href: app.author, name: '@alice@localhost' },
  });
  await tell(bob, activityOf(bob, 'Create', note));
  expect((await mentions()).map(({ object }) => object)).toContain(note.id);

  await tell(bob, activityOf(bob, 'Delete', note.id));

  expect((await mentions()).map(({ object }) => object)).not.toContain(note.id);
});

test.each([
  ['a vote', { name: 'Yes', content: undefined }],
  ['a chat message', { type: 'ChatMessage' }],
  ['an answer to something elsewhere', { inReplyTo: 'https://other.example/notes/1' }],
  ['an answer to a post that is not there', { inReplyTo: 'http://localhost/ap/posts/nothing' }],
])('%s becomes nothing', async (_what, members) => {
  const note = noteOf(bob, { inReplyTo: post.id, ...members });
  expect(await tell(bob, activityOf(bob, 'Create', note))).toBe(202);
  expect(await commentOf(note)).toBeNull();
  expect((await mentions()).map(({ object }) => object)).not.toContain(note.id);
});

test('an answer that is made private later is taken away from the page', async () => {
  const note = noteOf(bob, { inReplyTo: post.id });
  await tell(bob, activityOf(bob, 'Create', note));
  await tell(bob, activityOf(bob, 'Update', { ...note, to: [app.author], cc: [] }));
  expect(await commentOf(note)).toBeNull();
});

test('an Update of the account changes the name on what was written', async () => {
  const nora = app.peer('friend.example').actor('nora');
  const note = noteOf(nora, { inReplyTo: post.id });
  await tell(nora, activityOf(nora, 'Create', note));

  await tell(nora, activityOf(nora, 'Update', { ...nora.document, name: 'Nora the Second' }));

  expect((await commentOf(note))?.author.name).toBe('Nora the Second');
});

test('when an account is deleted, everything of it goes', async () => {
  const omar = app.peer('friend.example').actor('omar');
  const note = noteOf(omar, { inReplyTo: post.id });
  await tell(omar, activityOf(omar, 'Create', note));
  await tell(omar, activityOf(omar, 'Like', post.id));

  expect(await tell(omar, activityOf(omar, 'Delete', omar.id, { to: [PUBLIC] }))).toBe(202);

  expect(await commentOf(note)).toBeNull();
  const { liked } = await countsOf();
  expect(liked).not.toContain(omar.id);
});

test('a Delete of an account that its server answers with 410 is believed without a key', async () => {
  const peer = app.peer('friend.example');
  const paul = peer.actor('paul');
  const note = noteOf(paul, { inReplyTo: post.id });
  await tell(paul, activityOf(paul, 'Create', note));
  peer.serve(paul.id, 410);

  // With a key that is not known, its owner is asked for it, who is gone.
  const farewell = activityOf(paul, 'Delete', paul.id);
  const answer = await paul.send(app.url, farewell, { keyId: `${paul.id}#new-key` });
  await app.idle();

  expect(answer.status).toBe(202);
  expect(await commentOf(note)).toBeNull();
});

async function countsOf() {
  const { listReactions } = await import('../../../../src/reactions/reaction-store.ts');
  const all = await listReactions(app.app.deps.db, { postId: post.post.id, limit: 100 });
  return { liked: all.filter(({ kind }) => kind === 'like').map(({ actorId }) => actorId) };
}
