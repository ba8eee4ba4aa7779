import { afterAll, beforeAll, expect, test } from 'vitest';
import { deletePost, publishPost, trashPost, unpublishPost } from '../../../../src/posts/publish-post.ts';
import { updatePost } from '../../../../src/posts/write-post.ts';
import { updateProfile } from '../../../../src/users/accounts.ts';
import { type FederatedApp, followOf, startFederatedApp } from '../../../support/federated-app.ts';
import type { Delivered, Json, Peer } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let peer: Peer;
beforeAll(async () => {
  app = await startFederatedApp();
  peer = app.peer('good.example');
  for (const name of ['bob', 'carol']) {
    const actor = peer.actor(name);
    await actor.send(app.url, followOf(actor, app.author));
  }
  const single = app.peer('other.example').actor('single', { ownInboxOnly: true });
  await single.send(app.url, followOf(single, app.author));
  await app.idle();
});
afterAll(() => app.close());

const object = ({ activity }: Delivered) => activity.object as Json;
const of = (from: Peer, type: string, id: string) =>
  from.delivered.filter(
    (one) => one.type === type && (object(one).id === id || object(one) === (id as unknown)),
  );
const served = (id: string) => fetch(id, { headers: { accept: 'application/activity+json' } });

test('a published post goes once to each shared inbox, and to inboxes that stand alone', async () => {
  const post = await app.publish({ title: 'To everybody', bodyMarkdown: 'With **words**.' });

  const [create, ...more] = of(peer, 'Create', post.id);
  expect(more).toEqual([]);
  expect(create?.url).toBe('https://good.example/inbox');
  expect(create?.activity).toMatchObject({
    actor: app.author,
    object: { type: 'Article', name: 'To everybody', url: post.url },
  });
  expect(create?.headers['content-type']).toBe('application/activity+json');
  expect(of(app.peer('other.example'), 'Create', post.id)[0]?.url).toBe(
    'https://other.example/users/single/inbox',
  );
  const deliveries = await app.run('deliveries', '--post', post.post.id, '--summary');
  expect(deliveries).toMatchObject({ states: { queued: 0, delivered: 2, failed: 0, abandoned: 0 } });
});

test('an activity is found under its own id', async () => {
  const post = await app.publish({ title: 'Found' });
  const [create] = of(peer, 'Create', post.id);
  const answer = await served(String(create?.activity.id));
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ id: create?.activity.id, type: 'Create' });
});

test('a change is told, a quiet one is not', async () => {
  const post = await app.publish({ title: 'Before' });
  await updatePost(app.app.deps, post.post.id, { title: 'Quiet', quiet: true });
  await app.idle();
  expect(of(peer, 'Update', post.id)).toEqual([]);

  await updatePost(app.app.deps, post.post.id, { title: 'After' });
  await app.idle();

  const [update] = of(peer, 'Update', post.id);
  expect(update && object(update)).toMatchObject({
    type: 'Article',
    name: 'After',
    updated: expect.any(String),
  });
});

test('taking a post back tells of it, leaves a tombstone, and publishing it again makes a new id', async () => {
  const post = await app.publish({ title: 'Back and forth' });

  await unpublishPost(app.app.deps, post.post.id);
  await app.idle();
  const [gone] = of(peer, 'Delete', post.id);
  expect(gone && object(gone)).toMatchObject({ type: 'Tombstone', id: post.id });
  expect((await served(post.id)).status).toBe(410);

  await publishPost(app.app.deps, post.post.id);
  await app.idle();
  expect(of(peer, 'Create', `${post.id}-2`)).toHaveLength(1);
  expect((await served(post.id)).status).toBe(410);
  expect((await served(`${post.id}-2`)).status).toBe(200);
});

test('a post that is put into the trash and deleted is gone once and for good', async () => {
  const post = await app.publish({ title: 'Gone' });
  await trashPost(app.app.deps, post.post.id);
  await app.idle();
  await deletePost(app.app.deps, post.post.id);
  await app.idle();

  expect(of(peer, 'Delete', post.id)).toHaveLength(1);
  expect((await served(post.id)).status).toBe(410);
});

test('a page of the site is sent to nobody', async () => {
  const { createPost } = await import('../../../../src/posts/write-post.ts');
  const before = peer.delivered.length;
  const page = await createPost(app.app.deps, {
    authorId: app.owner?.id ?? '',
    type: 'page',
    title: 'About',
    bodyMarkdown: 'Us.',
  });
  await publishPost(app.app.deps, page.id);
  await app.idle();
  expect(peer.delivered.length).toBe(before);
});

test('who is mentioned in a post gets it, without following', async () => {
  const friend = app.peer('friend.example').actor('fred');
  const post = await app.publish({
    title: 'Hello',
    bodyMarkdown: 'Hello @fred@friend.example and @nobody@friend.example.',
  });

  const create = await app.peer('friend.example').receives('Create');
  expect(object(create)).toMatchObject({
    id: post.id,
    cc: expect.arrayContaining([friend.id]),
    tag: [{ type: 'Mention', href: friend.id, name: '@fred@friend.example' }],
  });
});

test('a changed profile is told to the followers', async () => {
  const { owner } = app;
  await updateProfile(app.app.deps, owner?.id ?? '', { name: 'Alice Changed' });
  await app.idle();
  const update = peer.delivered.findLast(({ type }) => type === 'Update');
  expect(update && object(update)).toMatchObject({ id: app.author, type: 'Person', name: 'Alice Changed' });
});
