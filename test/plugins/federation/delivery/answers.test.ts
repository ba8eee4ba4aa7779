import { afterAll, beforeAll, expect, test } from 'vitest';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import {
  editOwnComment,
  moderateComments,
  replyToComment,
} from '../../../../src/comments/moderate-comments.ts';
import { createUser, deleteUser } from '../../../../src/users/accounts.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  noteOf,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, Peer, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let peer: Peer;
let bob: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  peer = app.peer('good.example');
  bob = peer.actor('bob');
  const fan = app.peer('other.example').actor('fan');
  await fan.send(app.url, followOf(fan, app.author));
  await app.idle();
});
afterAll(() => app.close());

async function answered() {
  const post = await app.publish({ title: 'Ask me' });
  const note = noteOf(bob, { inReplyTo: post.id, content: '<p>A question?</p>' });
  await bob.send(app.url, activityOf(bob, 'Create', note));
  await app.idle();
  const { deps } = app.app;
  const received = await findReceivedComment(deps.db, 'fediverse', String(note.id));
  const input = { commentId: received?.id ?? '', userId: app.owner?.id ?? '', markdown: 'An *answer*.' };
  const comment = await replyToComment(deps, input);
  await app.idle();
  return { comment, note, id: `${app.url}/ap/comments/${comment.id}` };
}

const sent = (from: Peer, type: string, id: string) =>
  from.delivered.filter((one) => one.type === type && (one.activity.object as Json).id === id);

test('an answer goes as a Note with a Mention to the inbox of who is answered, and to the followers', async () => {
  const { id, note } = await answered();

  const [create, ...more] = sent(peer, 'Create', id);
  expect(more).toEqual([]);
  expect(create?.url).toBe(bob.inbox);
  expect(create?.activity.object).toMatchObject({
    type: 'Note',
    attributedTo: app.author,
    inReplyTo: note.id,
    cc: [`${app.author}/followers`, bob.id],
    tag: [{ type: 'Mention', href: bob.id, name: '@bob@good.example' }],
  });
  expect(sent(app.peer('other.example'), 'Create', id)).toHaveLength(1);
});

test('a changed answer is told as such', async () => {
  const { comment, id } = await answered();
  await editOwnComment(app.app.deps, {
    commentId: comment.id,
    userId: app.owner?.id ?? '',
    markdown: 'Better.',
  });
  await app.idle();
  const [update] = sent(peer, 'Update', id);
  expect(update?.activity.object).toMatchObject({ content: expect.stringContaining('Better.') });
});

test.each(['trash', 'delete'] as const)('an answer after %s is gone everywhere', async (deed) => {
  const { comment, id } = await answered();
  await moderateComments(app.app.deps, [comment.id], deed);
  await app.idle();

  expect(sent(peer, 'Delete', id)).toHaveLength(1);
  expect(sent(app.peer('other.example'), 'Delete', id)).toHaveLength(1);
  const answer = await fetch(id, { headers: { accept: 'application/activity+json' } });
  expect(answer.status).toBe(410);
});

test('what others wrote is sent to nobody', async () => {
  const post = await app.publish({ title: 'Theirs' });
  const note = noteOf(bob, { inReplyTo: post.id });
  await bob.send(app.url, activityOf(bob, 'Create', note));
  await app.idle();
  const before = peer.delivered.length;
  const received = await findReceivedComment(app.app.deps.db, 'fediverse', String(note.id));
  await moderateComments(app.app.deps, [received?.id ?? ''], 'approve');
  await moderateComments(app.app.deps, [received?.id ?? ''], 'spam');
  await app.idle();
  expect(peer.delivered.length).toBe(before);
});

test('when an author’s account is removed, the followers are told and the actor is gone', async () => {
  const { deps } = app.app;
  const zoe = await createUser(deps, {
    username: 'zoe',
    email: 'zoe@blog.example',
    password: 'correct horse battery',
    role: 'author',
  });
  const id = `${app.url}/ap/users/${zoe.id}`;
  const carla = peer.actor('carla');
  await carla.send(app.url, followOf(carla, id));
  await app.idle();

  await deleteUser(deps, zoe.id, { reassignTo: app.owner?.id ?? '' });
  await app.idle();

  const farewell = peer.delivered.find(({ type, activity }) => type === 'Delete' && activity.object === id);
  expect(farewell?.headers.signature).toContain(`keyId="${id}#main-key"`);
  expect((await carla.send(app.url, followOf(carla, id), { path: `/ap/users/${zoe.id}/inbox` })).status).toBe(
    410,
  );
});
