import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishPost } from '../../../../src/posts/publish-post.ts';
import { createPost } from '../../../../src/posts/write-post.ts';
import { createUser, deleteUser } from '../../../../src/users/accounts.ts';
import { type Client, signIn } from '../../../support/create-test-app.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';
import { until } from '../../../support/until.ts';

let app: FederatedApp;
let admin: Client;
let follower: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  admin = await signIn(app.url, { username: 'alice', password: 'correct horse battery' });
  follower = app.peer('friend.example').actor('fred');
  await follower.send(app.url, followOf(follower, app.author));
  await app.peer('friend.example').receives('Accept');
});
afterAll(() => app.close());

async function documentAt(address: string): Promise<Json> {
  const answer = await fetch(address, { headers: { accept: 'application/activity+json' } });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Json;
}
const told = (type: string) =>
  app.peer('friend.example').delivered.filter((one) => one.activity.type === type);

test('an author names an account elsewhere as theirs, followers hear of it, and it can be taken back', async () => {
  const old = app.peer('good.example').actor('alice_before');
  expect(await documentAt(app.author)).not.toHaveProperty('alsoKnownAs');

  await admin.post('/admin/federation/account?do=add', { account: old.id });

  expect((await documentAt(app.author)).alsoKnownAs).toEqual([old.id]);
  const update = await app.peer('friend.example').receives('Update');
  expect(update.activity.object).toMatchObject({ id: app.author, alsoKnownAs: [old.id] });
  expect(await admin.page('/admin/federation/account')).toContain('@alice_before@good.example');
  expect(await app.run('aliases', 'alice')).toEqual([{ actor: old.id, since: expect.any(String) }]);

  await app.run('unalias', 'alice', old.id);
  expect(await documentAt(app.author)).not.toHaveProperty('alsoKnownAs');
});

test.each([
  ['an account of this site', () => app.author, 'Name an account on another server.'],
  ['one that does not exist', () => 'https://good.example/users/nobody', 'was not found'],
])('%s cannot be named, and why is said', async (_what, account, words) => {
  await expect(app.run('alias', 'alice', account())).rejects.toThrow(words);
  const page = await admin.post('/admin/federation/account?do=add', { account: account() });
  expect(page.status).toBeGreaterThanOrEqual(400);
  expect(await page.text()).toContain(words);
});

test('a post stands at the top of the profile as long as its writer wants', async () => {
  const { id, post } = await app.publish({ title: 'Begin here', fields: { pinned: true } });
  const featured = `${app.author}/featured`;
  expect(await documentAt(featured)).toMatchObject({
    type: 'OrderedCollection',
    totalItems: 1,
    orderedItems: [{ id, type: 'Article', name: 'Begin here' }],
  });
  const add = await app.peer('friend.example').receives('Add');
  expect(add.activity).toMatchObject({ actor: app.author, object: id, target: featured });
  const order = app.peer('friend.example').delivered.map(({ type }) => type);
  expect(order.indexOf('Add')).toBeGreaterThan(order.indexOf('Create'));

  await admin.post(`/admin/posts/${post.id}/trash`, {});
  await app.idle();
  expect(await documentAt(featured)).toMatchObject({ totalItems: 0, orderedItems: [] });
  expect(told('Remove')).toEqual([]);
});

test('a page that is not sent stands at the top of no profile', async () => {
  const { deps } = app.app;
  const input = { authorId: app.owner?.id ?? '', title: 'About', fields: { federation: { pinned: true } } };
  const page = await createPost(deps, { ...input, type: 'page' });
  await publishPost(deps, page.id);
  await app.idle();
  expect(await documentAt(`${app.author}/featured`)).toMatchObject({ totalItems: 0 });
});

test('a post that is handed over goes to the top of the profile of whoever has it now', async () => {
  const { deps } = app.app;
  const ruth = await createUser(deps, {
    username: 'ruth',
    email: 'ruth@blog.example',
    password: 'correct horse battery',
    role: 'author',
  });
  const input = { authorId: ruth.id, title: 'Of hers', fields: { federation: { pinned: true } } };
  const { id } = await publishPost(deps, (await createPost(deps, input)).id);
  await app.idle();
  expect(await documentAt(`${app.url}/ap/users/${ruth.id}/featured`)).toMatchObject({ totalItems: 1 });

  await deleteUser(deps, ruth.id, { reassignTo: app.owner?.id ?? '' });
  await app.idle();
  expect(await documentAt(`${app.author}/featured`)).toMatchObject({
    orderedItems: [{ id: `${app.url}/ap/posts/${id}`, attributedTo: app.author }],
  });
});

test('whoever is followed from here and moves is followed at the new account', async () => {
  const before = app.peer('moved.example').actor('mo');
  const after = app.peer('other.example').actor('mo', { document: { alsoKnownAs: [before.id] } });
  await app.run('follow', 'alice', before.id);
  const follow = await app.peer('moved.example').receives('Follow');
  await before.send(app.url, activityOf(before, 'Accept', follow.activity));

  await before.send(app.url, activityOf(before, 'Move', before.id, { target: after.id }));

  expect((await app.peer('other.example').receives('Follow')).activity).toMatchObject({
    actor: app.author,
    object: after.id,
  });
  expect((await app.peer('moved.example').receives('Undo')).activity.object).toMatchObject({
    type: 'Follow',
    object: before.id,
  });
  const followed = async () =>
    ((await app.run('following', 'alice')) as { actor: string }[]).map(({ actor }) => actor);
  expect(await followed()).toEqual([after.id]);
});

test('a move to an account that does not know the old one changes nothing', async () => {
  const honest = app.peer('moved.example').actor('honest');
  const stranger = app.peer('evil.example').actor('stranger');
  await app.run('follow', 'alice', honest.id);
  await honest.send(app.url, activityOf(honest, 'Move', honest.id, { target: stranger.id }));
  await app.idle();
  const followed = (await app.run('following', 'alice')) as { actor: string }[];
  expect(followed.map(({ actor }) => actor)).toContain(honest.id);
  expect(app.peer('evil.example').delivered).toEqual([]);
});

test('before an account is deleted the owner reads what that means elsewhere, and then it is told', async () => {
  const { id } = await createUser(app.app.deps, {
    username: 'zoe',
    email: 'zoe@blog.example',
    password: 'correct horse battery',
    role: 'author',
  });
  const owner = await signIn(app.url, { username: 'alice', password: 'correct horse battery' });
  const actor = `${app.url}/ap/users/${id}`;
  await follower.send(app.url, followOf(follower, actor));
  await app.peer('friend.example').receives('Accept', 2);

  expect(await owner.page(`/admin/users/${id}`)).toContain('its one follower is lost');

  await owner.post(`/admin/users/${id}/delete`, { reassignTo: app.owner?.id ?? '' });
  await until('the follower is told', () => told('Delete').some((one) => one.activity.object === actor));
  expect((await fetch(actor, { headers: { accept: 'application/activity+json' } })).status).toBe(410);
});

test('NodeInfo counts who has published of late', async () => {
  await app.publish();
  const usage = async () => ((await documentAt(`${app.url}/ap/nodeinfo/2.1`)).usage as Json).users;
  expect(await usage()).toEqual({ total: 1, activeMonth: 1, activeHalfyear: 1 });
  app.advance(60 * 86_400);
  expect(await usage()).toEqual({ total: 1, activeMonth: 0, activeHalfyear: 1 });
});
