import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  activityOf,
  type FederatedApp,
  followOf,
  freshId,
  startFederatedApp,
  undoOf,
} from '../../../support/federated-app.ts';
import { until } from '../../../support/until.ts';

let app: FederatedApp;
beforeAll(async () => {
  app = await startFederatedApp();
});
afterAll(() => app.close());

const followers = async () => (await app.run('followers', 'alice')) as { actor: string; state: string }[];
const follows = async (id: string) => (await followers()).some(({ actor }) => actor === id);

test('a Follow is answered with a signed Accept that embeds it, at the follower’s own inbox', async () => {
  const peer = app.peer('good.example');
  const bob = peer.actor('bob');
  const follow = followOf(bob, app.author);

  const answer = await bob.send(app.url, follow);

  expect(answer.status).toBe(202);
  expect(await answer.text()).toBe('');
  const accept = await peer.receives('Accept');
  expect(accept.url).toBe(bob.inbox);
  expect(accept.activity).toMatchObject({
    actor: app.author,
    object: { id: follow.id, type: 'Follow', actor: bob.id, object: app.author },
  });
  expect(accept.headers.signature).toContain(`keyId="${app.author}#main-key"`);
  expect(await followers()).toContainEqual({
    actor: bob.id,
    handle: '@bob@good.example',
    name: 'Bob',
    inbox: bob.inbox,
    sharedInbox: 'https://good.example/inbox',
    since: expect.any(String),
    state: 'accepted',
  });
});

test('a Follow without an id and without an addressee, at the shared inbox, is accepted', async () => {
  const pix = app.peer('other.example').actor('pix');
  const { id: _, ...follow } = followOf(pix, app.author);

  expect((await pix.send(app.url, follow)).status).toBe(202);

  const accept = await app.peer('other.example').receives('Accept');
  expect(accept.activity.object).toEqual({ type: 'Follow', actor: pix.id, object: app.author });
  expect(await follows(pix.id)).toBe(true);
});

test('an Undo whose inner Follow has another id ends the following, and the same Follow begins it anew', async () => {
  const carol = app.peer('good.example').actor('carol');
  const follow = followOf(carol, app.author);
  await carol.send(app.url, follow);
  await until('the follower is there', () => follows(carol.id));

  const undone = { ...follow, id: freshId(carol, 'follows') };
  expect((await carol.send(app.url, undoOf(carol, undone))).status).toBe(202);
  await until('the follower is gone', async () => !(await follows(carol.id)));

  await carol.send(app.url, follow);
  await until('the follower is there again', () => follows(carol.id));
});

test('an Undo that names the Follow by its id alone ends the following', async () => {
  const dora = app.peer('good.example').actor('dora');
  const follow = followOf(dora, app.author);
  await dora.send(app.url, follow);
  await until('the follower is there', () => follows(dora.id));

  await dora.send(app.url, undoOf(dora, String(follow.id)));

  await until('the follower is gone', async () => !(await follows(dora.id)));
});

test('an Undo that comes before its Follow makes the late Follow harmless', async () => {
  const emil = app.peer('good.example').actor('emil');
  const follow = followOf(emil, app.author);
  await emil.send(app.url, undoOf(emil, follow));
  await app.idle();

  await emil.send(app.url, follow);
  await app.idle();

  expect(await follows(emil.id)).toBe(false);
});

test('nobody can undo somebody else’s Follow, by its id or with a copy of it', async () => {
  const frida = app.peer('good.example').actor('frida');
  const mallory = app.peer('good.example').actor('mallory');
  const stranger = app.peer('evil.example').actor('stranger');
  const follow = followOf(frida, app.author);
  await frida.send(app.url, follow);
  await until('the follower is there', () => follows(frida.id));

  const answers = [
    await mallory.send(app.url, undoOf(mallory, follow)),
    await mallory.send(app.url, undoOf(mallory, String(follow.id))),
    await mallory.send(app.url, undoOf(mallory, { ...follow, actor: mallory.id })),
    await stranger.send(app.url, undoOf(stranger, String(follow.id))),
  ];

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  await app.idle();
  expect(await follows(frida.id)).toBe(true);
});

test('an Undo whose copy says something else than the stored Follow is refused', async () => {
  const gerd = app.peer('good.example').actor('gerd');
  const { id } = await app.publish({ title: 'Undone', slug: 'undone' });
  const like = activityOf(gerd, 'Like', id);
  await gerd.send(app.url, like);
  await app.idle();

  const answer = await gerd.send(app.url, undoOf(gerd, { ...like, type: 'Announce' }));

  expect(answer.status).toBe(403);
});

test('a Follow of a post, of the site or of nobody is not accepted', async () => {
  const peer = app.peer('friend.example');
  const fritz = peer.actor('fritz');
  const { id } = await app.publish({ title: 'A thread', slug: 'a-thread' });

  for (const object of [id, `${app.url}/ap/site`, `${app.url}/ap/users/nobody`]) {
    expect((await fritz.send(app.url, followOf(fritz, object))).status).toBe(202);
  }
  await app.idle();

  expect(peer.delivered).toEqual([]);
  expect(await follows(fritz.id)).toBe(false);
});

test('a Block ends the following and is not answered', async () => {
  const hugo = app.peer('good.example').actor('hugo');
  await hugo.send(app.url, followOf(hugo, app.author));
  await until('the follower is there', () => follows(hugo.id));

  await hugo.send(app.url, activityOf(hugo, 'Block', app.author));

  await until('the follower is gone', async () => !(await follows(hugo.id)));
});

test('following twice is one following with two Accepts', async () => {
  const peer = app.peer('moved.example');
  const ida = peer.actor('ida');

  await ida.send(app.url, followOf(ida, app.author));
  await peer.receives('Accept', 1);
  await ida.send(app.url, followOf(ida, app.author));
  await peer.receives('Accept', 2);

  expect((await followers()).filter(({ actor }) => actor === ida.id)).toHaveLength(1);
});
