import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { countReactions } from '../../../../src/reactions/reaction-store.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  freshId,
  noteOf,
  type Published,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let post: Published;
let bob: PeerActor;
let mallory: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  post = await app.publish({ title: 'A subject', slug: 'a-subject' });
  bob = app.peer('good.example').actor('bob');
  mallory = app.peer('evil.example').actor('mallory');
});
afterAll(() => app.close());

const commentOf = (note: Json) => findReceivedComment(app.app.deps.db, 'fediverse', String(note.id));
const answer = (members: Json = {}) => noteOf(bob, { inReplyTo: post.id, ...members });

async function statusOf(sending: Promise<Response>): Promise<number> {
  const response = await sending;
  await app.idle();
  if (response.status >= 400) {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      status: response.status,
      detail: expect.stringMatching(/\.$/),
    });
  }
  return response.status;
}

describe('what cannot be read', () => {
  test.each([
    ['no JSON', '{"type":', 400],
    ['a list', '[1,2]', 400],
    ['no type', JSON.stringify({ actor: 'https://good.example/users/bob' }), 400],
    [
      'two actors under one name',
      '{"type":"Like","actor":"https://a.example/1","actor":"https://b.example/2"}',
      400,
    ],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400],
    ['nesting without end', `${'['.repeat(70_000)}`, 400],
  ])('%s is answered with %#', async (_what, body, status) => {
    expect(await statusOf(bob.send(app.url, {}, { body }))).toBe(status);
  });

  test('another media type is answered 415, a compressed body 415, a large one 413', async () => {
    const create = activityOf(bob, 'Create', answer());
    const inbox = `${app.url}/ap/inbox`;
    expect((await bob.send(app.url, create, { contentType: 'text/plain' })).status).toBe(415);
    const headers = { 'Content-Type': 'application/activity+json', 'Content-Encoding': 'gzip' };
    expect((await fetch(inbox, { method: 'POST', headers, body: 'x' })).status).toBe(415);
    expect((await bob.send(app.url, {}, { body: ' '.repeat(1_100_000) })).status).toBe(413);
  });

  test('the inbox of nobody is answered 404', async () => {
    const path = '/ap/users/nobody/inbox';
    expect(await statusOf(bob.send(app.url, activityOf(bob, 'Create', answer()), { path }))).toBe(404);
  });
});

describe('who cannot be known', () => {
  test.each([
    ['no signature', { unsigned: true }],
    [
      'a body that was changed',
      { tamper: (headers: Record<string, string>) => Object.assign(headers, { Digest: 'SHA-256=x' }) },
    ],
    ['a date of yesterday', { date: new Date(Date.now() - 13 * 3_600_000) }],
    ['a date of this evening', { date: new Date(Date.now() + 2 * 3_600_000) }],
    ['a key that nobody has', { keyId: 'https://good.example/users/nobody#main-key' }],
    ['a key of this site', { keyId: 'http://localhost/ap/site#main-key' }],
  ])('%s is answered 401 and stores nothing', async (_what, options) => {
    const note = answer();
    expect(await statusOf(bob.send(app.url, activityOf(bob, 'Create', note), options))).toBe(401);
    expect(await commentOf(note)).toBeNull();
  });

  test('another’s key is refused, and fetched anew once at most', async () => {
    const peer = app.peer('good.example');
    await bob.send(app.url, activityOf(bob, 'Create', answer()));
    const before = peer.fetched.length;

    for (let time = 0; time < 3; time += 1) {
      const forged = activityOf(bob, 'Create', answer());
      expect(await statusOf(bob.send(app.url, forged, { key: mallory.key }))).toBe(401);
    }

    expect(peer.fetched.slice(before).filter((path) => path === '/users/bob').length).toBeLessThanOrEqual(1);
  });

  test('a key on another server that claims an owner here is refused', async () => {
    const keyId = 'https://evil.example/keys/1';
    const publicKeyPem = (mallory.document.publicKey as Json).publicKeyPem;
    app.peer('evil.example').serve(keyId, { id: keyId, owner: bob.id, publicKeyPem });
    const note = answer();
    expect(await statusOf(mallory.send(app.url, activityOf(bob, 'Create', note), { keyId }))).toBe(401);
    expect(await commentOf(note)).toBeNull();
  });

  test('a key that was changed is accepted after one look', async () => {
    const peer = app.peer('friend.example');
    const before = peer.actor('rosa');
    await before.send(app.url, followOf(before, app.author));
    const after = peer.actor('rosa');
    const note = noteOf(after, { inReplyTo: post.id });

    expect(await statusOf(after.send(app.url, activityOf(after, 'Create', note)))).toBe(202);
    expect(await commentOf(note)).not.toBeNull();
  });
});

describe('who may not', () => {
  const cases: [string, () => Json, (() => PeerActor)?][] = [
    ['a Create signed by another of another server', () => activityOf(bob, 'Like', post.id)],
    ['a note of another server', () => activityOf(mallory, 'Create', answer())],
    [
      'a note that names another author',
      () => activityOf(mallory, 'Create', noteOf(mallory, { inReplyTo: post.id, attributedTo: bob.id })),
    ],
    [
      'an activity id of another server',
      () => ({ ...activityOf(mallory, 'Like', post.id), id: freshId(bob) }),
    ],
    [
      'a Create without an id',
      () => ({ ...activityOf(mallory, 'Create', noteOf(mallory, { inReplyTo: post.id })), id: undefined }),
    ],
    [
      'an Update of another’s account',
      () => activityOf(mallory, 'Update', { ...bob.document, name: 'Not Bob' }),
    ],
    ['a Delete of another’s account', () => activityOf(mallory, 'Delete', bob.id)],
  ];
  test.each(cases)('%s is answered 403', async (_what, activity) => {
    expect(await statusOf(mallory.send(app.url, activity()))).toBe(403);
    expect(await countReactions(app.app.deps.db, post.post.id)).toMatchObject({ like: 0 });
  });

  test('nobody changes or deletes what another wrote, not even on the same server', async () => {
    const note = answer({ content: '<p>Mine.</p>' });
    await bob.send(app.url, activityOf(bob, 'Create', note));
    await app.idle();
    const neighbour = app.peer('good.example').actor('neighbour');
    const forged = { ...note, content: '<p>Not mine.</p>' };

    expect(await statusOf(neighbour.send(app.url, activityOf(neighbour, 'Update', forged)))).toBe(403);
    expect(
      await statusOf(
        neighbour.send(app.url, activityOf(neighbour, 'Update', { ...forged, attributedTo: neighbour.id })),
      ),
    ).toBe(403);
    expect(await statusOf(neighbour.send(app.url, activityOf(bob, 'Update', forged)))).toBe(403);
    expect(await statusOf(neighbour.send(app.url, activityOf(neighbour, 'Delete', note.id)))).toBe(403);
    expect(await statusOf(mallory.send(app.url, activityOf(mallory, 'Delete', note.id)))).toBe(403);

    expect(await commentOf(note)).toMatchObject({ text: 'Mine.' });
  });

  test('what is passed on counts only as its own server has it', async () => {
    const note = answer({ content: '<p>As it really is.</p>' });
    app.peer('good.example').serve(String(note.id), note);
    const forged = { ...note, content: '<p>Forged.</p>' };

    expect(await statusOf(mallory.send(app.url, activityOf(bob, 'Create', forged)))).toBe(202);

    expect(await commentOf(note)).toMatchObject({ text: 'As it really is.', externalAuthorId: bob.id });
  });

  test('what is passed on and is not there is nothing', async () => {
    const note = answer();
    expect(await statusOf(mallory.send(app.url, activityOf(bob, 'Create', note)))).toBe(202);
    expect(await commentOf(note)).toBeNull();
  });

  test('what is said to be deleted goes when its own server says that it is gone, and not when it says nothing', async () => {
    const peer = app.peer('good.example');
    const note = answer();
    await bob.send(app.url, activityOf(bob, 'Create', note));
    await app.idle();

    peer.serve(String(note.id), null);
    expect(await statusOf(mallory.send(app.url, activityOf(bob, 'Delete', note.id)))).toBe(202);
    expect(await commentOf(note)).not.toBeNull();

    peer.serve(String(note.id), 410);
    expect(await statusOf(mallory.send(app.url, activityOf(bob, 'Delete', note.id)))).toBe(202);
    expect(await commentOf(note)).toBeNull();
  });

  test('a note that is served as something else is not believed', async () => {
    const note = answer();
    app.peer('good.example').serve(String(note.id), note, 'application/json');
    await mallory.send(app.url, activityOf(bob, 'Create', note));
    await app.idle();
    expect(await commentOf(note)).toBeNull();
  });
});

test('a farewell of somebody who is not known here is answered 202, and nobody is asked', async () => {
  const peer = app.peer('other.example');
  const ghost = peer.actor('ghost');
  for (let time = 0; time < 5; time += 1) {
    const farewell = { ...activityOf(ghost, 'Delete', ghost.id), id: `${ghost.id}#delete-${time}` };
    expect(await statusOf(ghost.send(app.url, farewell))).toBe(202);
  }
  expect(peer.fetched).toEqual([]);
});

test('what is not understood is answered 202 and forgotten', async () => {
  for (const type of ['View', 'Listen', 'QuoteRequest', 'Dislike', 'Add', 'SomethingNew']) {
    expect(await statusOf(bob.send(app.url, activityOf(bob, type, post.id)))).toBe(202);
  }
});
