import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { multibaseOf } from '../../../../plugins/federation/signatures/keys.ts';
import { addProof } from '../../../../plugins/federation/signatures/proof.ts';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { listReactions } from '../../../../src/reactions/reaction-store.ts';
import {
  activityOf,
  type FederatedApp,
  noteOf,
  type Published,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, Peer, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let good: Peer;
let post: Published;
/** Passes on what others say, with its own signature on the request. */
let relay: PeerActor;
let count = 0;

beforeAll(async () => {
  app = await startFederatedApp();
  good = app.peer('good.example');
  relay = app.peer('community.example').actor('relay', { type: 'Application' });
  post = await app.publish({ title: 'Passed on' });
});
afterAll(() => app.close());

/** Somebody with an account whose document lists an Ed25519 key too. */
function writer(
  peer = good,
): PeerActor & { proofKey: KeyObject; prove(activity: Json, created?: Date): Json } {
  count += 1;
  const { privateKey } = generateKeyPairSync('ed25519');
  const id = `${peer.origin}/users/writer${count}`;
  const keyId = `${id}#ed25519-key`;
  const assertionMethod = [
    { id: keyId, type: 'Multikey', controller: id, publicKeyMultibase: multibaseOf(privateKey) },
  ];
  const actor = peer.actor(`writer${count}`, { document: { assertionMethod } });
  return {
    ...actor,
    proofKey: privateKey,
    prove: (activity, created = new Date()) => ({
      ...addProof(activity, { key: { keyId, privateKey }, created }),
    }),
  };
}

const pass = async (activity: Json, by = relay) => {
  const { status } = await by.send(app.url, activity);
  await app.idle();
  return status;
};
const answer = (by: PeerActor, members: Json = {}) => noteOf(by, { inReplyTo: post.id, ...members });
const commentOf = async (note: Json) => findReceivedComment(app.app.deps.db, 'fediverse', String(note.id));
const likers = async () =>
  (await listReactions(app.app.deps.db, { postId: post.post.id, kind: 'like', limit: 1000 })).map(
    ({ actorId }) => actorId,
  );
/** As Mastodon adds it. */
const signature = {
  type: 'RsaSignature2017',
  creator: 'x',
  created: '2026-11-01T12:00:00Z',
  signatureValue: 'eA==',
};

describe('what is passed on with a Linked Data signature, or with none', () => {
  let bob: ReturnType<typeof writer>;
  beforeEach(() => {
    bob = writer();
  });
  const received = async () => {
    const note = answer(bob);
    await bob.send(app.url, activityOf(bob, 'Create', note));
    await app.idle();
    expect(await commentOf(note)).not.toBeNull();
    return note;
  };

  test('a Create is asked for at its origin, and only what stands there counts', async () => {
    const note = answer(bob, { content: '<p>True words</p>' });
    good.serve(String(note.id), note);
    const forged = { ...note, content: '<p>False words</p>' };
    expect(await pass({ ...activityOf(bob, 'Create', forged), signature })).toBe(202);
    expect((await commentOf(note))?.html).toBe('<p>True words</p>');
  });

  test('a Create that its origin does not have becomes nothing', async () => {
    const note = answer(bob);
    expect(await pass({ ...activityOf(bob, 'Create', note), signature })).toBe(202);
    expect(await commentOf(note)).toBeNull();
  });

  test('an Update takes the text from the origin', async () => {
    const note = await received();
    const changed = { ...note, content: '<p>Changed there</p>', updated: new Date().toISOString() };
    good.serve(String(note.id), changed);
    await pass({ ...activityOf(bob, 'Update', { ...changed, content: '<p>Changed here</p>' }), signature });
    expect((await commentOf(note))?.html).toBe('<p>Changed there</p>');
  });

  const tombstone = (note: Json) => ({ id: note.id, type: 'Tombstone' });
  test.each([
    ['is gone', 'removes it', () => 410, true],
    ['has a Tombstone', 'removes it', tombstone, true],
    ['is still there', 'changes nothing', (note: Json) => note, false],
    ['cannot be found', 'changes nothing', () => null, false],
  ])('a Delete of what %s at its origin %s', async (_there, _does, served, isGone) => {
    const note = await received();
    good.serve(String(note.id), served(note) as Json | number | null);
    expect(await pass({ ...activityOf(bob, 'Delete', tombstone(note)), signature })).toBe(202);
    expect((await commentOf(note)) === null).toBe(isGone);
  });

  test.each([
    ['is gone removes what it wrote', 410, true],
    ['is there changes nothing', null, false],
  ])('the Delete of an account that %s', async (_, served, isGone) => {
    const note = await received();
    if (served !== null) good.serve(bob.id, served);
    expect(await pass({ ...activityOf(bob, 'Delete', bob.id), signature })).toBe(202);
    expect((await commentOf(note)) === null).toBe(isGone);
  });

  test('a Like counts where its origin has it, as Hubzilla serves it', async () => {
    const like = activityOf(bob, 'Like', post.id);
    good.serve(String(like.id), like);
    expect(await pass({ ...like, signature })).toBe(202);
    expect(await likers()).toContain(bob.id);
  });

  test.each([
    ['is not there', () => null],
    ['is another’s there', (like: Json) => ({ ...like, actor: `${good.origin}/users/other` })],
    ['is of another kind there', (like: Json) => ({ ...like, type: 'Dislike' })],
  ])('a Like that %s is refused', async (_, served) => {
    const like = activityOf(bob, 'Like', post.id);
    good.serve(String(like.id), served(like));
    expect(await pass(like)).toBe(403);
    expect(await likers()).not.toContain(bob.id);
  });

  test('a Like whose id is a part of another document is refused, and nobody is asked', async () => {
    const like = { ...activityOf(bob, 'Like', post.id), id: `${bob.id}#likes/1` };
    const before = good.fetched.length;
    expect(await pass(like)).toBe(403);
    expect(good.fetched.length).toBe(before);
  });

  test('a Like of something elsewhere is refused, and nobody is asked', async () => {
    const like = activityOf(bob, 'Like', 'https://friend.example/notes/1');
    const before = good.fetched.length;
    expect(await pass(like)).toBe(403);
    expect(good.fetched.length).toBe(before);
  });
});

describe('what is passed on with the actor’s own proof', () => {
  test('is believed, and its origin is not asked for it', async () => {
    const bob = writer();
    const note = answer(bob, { content: '<p>Proven words</p>' });
    expect(await pass({ ...bob.prove(activityOf(bob, 'Create', note)), signature })).toBe(202);
    expect((await commentOf(note))?.html).toBe('<p>Proven words</p>');
    expect(good.fetched).not.toContain(new URL(String(note.id)).pathname);
  });

  test('may come by way of a neighbour', async () => {
    const bob = writer();
    const note = answer(bob);
    expect(await pass(bob.prove(activityOf(bob, 'Create', note)), writer())).toBe(202);
    expect(await commentOf(note)).not.toBeNull();
  });

  test('is enough for an Undo', async () => {
    const bob = writer();
    const like = activityOf(bob, 'Like', post.id);
    await bob.send(app.url, like);
    await app.idle();
    expect(await likers()).toContain(bob.id);
    expect(await pass(bob.prove(activityOf(bob, 'Undo', like)))).toBe(202);
    expect(await likers()).not.toContain(bob.id);
  });

  test('is not enough for a Like, which an old copy would repeat', async () => {
    const bob = writer();
    expect(await pass(bob.prove(activityOf(bob, 'Like', post.id)))).toBe(403);
  });

  test('still must be the actor’s own deed', async () => {
    const [bob, carol] = [writer(), writer()];
    const note = answer(carol);
    await carol.send(app.url, activityOf(carol, 'Create', note));
    await app.idle();
    expect(await pass(bob.prove(activityOf(bob, 'Delete', note.id)))).toBe(403);
    expect(await commentOf(note)).not.toBeNull();
  });

  test('cannot be repeated by others once it was received', async () => {
    const bob = writer();
    const note = answer(bob);
    const first = bob.prove(activityOf(bob, 'Update', { ...note, content: '<p>First</p>' }));
    await bob.send(app.url, first);
    await bob.send(app.url, activityOf(bob, 'Update', { ...note, content: '<p>Second</p>' }));
    await app.idle();
    expect(await pass({ ...first, signature })).toBe(202);
    expect((await commentOf(note))?.html).toBe('<p>Second</p>');
  });

  test.each<[string, (by: ReturnType<typeof writer>, activity: Json) => Json]>([
    [
      'is of what was said otherwise',
      (by, said) => ({ ...by.prove(said), published: '2026-01-01T00:00:00Z' }),
    ],
    ['is thirteen hours old', (by, said) => by.prove(said, new Date(Date.now() - 13 * 3_600_000))],
    ['is by a neighbour', (_, said) => writer().prove(said)],
    ['is by somebody elsewhere', (_, said) => writer(app.peer('evil.example')).prove(said)],
    [
      'names a key that its owner does not list',
      (by, said) => {
        const { privateKey } = generateKeyPairSync('ed25519');
        return { ...addProof(said, { key: { keyId: `${by.id}#other`, privateKey }, created: new Date() }) };
      },
    ],
    [
      'is by another key under the name of the right one',
      (by, said) => {
        const { privateKey } = generateKeyPairSync('ed25519');
        const key = { keyId: `${by.id}#ed25519-key`, privateKey };
        return { ...addProof(said, { key, created: new Date() }) };
      },
    ],
  ])('is asked for at its origin where the proof %s', async (_, make) => {
    const [bob, carol] = [writer(), writer()];
    const [note, other] = [answer(bob), answer(carol)];
    good.serve(String(other.id), { ...other, content: '<p>True words</p>' });
    expect(await pass(make(bob, activityOf(bob, 'Create', note)))).toBe(202);
    expect(await commentOf(note)).toBeNull();
    expect(await pass(make(carol, activityOf(carol, 'Create', other)))).toBe(202);
    expect((await commentOf(other))?.html).toBe('<p>True words</p>');
  });

  test('is refused from a server that is blocked', async () => {
    const spam = app.peer('spam.example').actor('relay');
    await spam.send(app.url, activityOf(spam, 'Like', post.id));
    await app.idle();
    await app.run('block', 'spam.example');
    const bob = writer();
    const note = answer(bob);
    expect(await pass(bob.prove(activityOf(bob, 'Create', note)), spam)).toBe(403);
    expect(await commentOf(note)).toBeNull();
  });
});
