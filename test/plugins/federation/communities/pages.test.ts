import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, signIn } from '../../../support/create-test-app.ts';
import { activityOf, type FederatedApp, startFederatedApp } from '../../../support/federated-app.ts';
import type { PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let admin: Client;
let group: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  group = app.peer('community.example').actor('blogs', { type: 'Group', displayName: 'Blogs <b>' });
  admin = await signIn(app.url, { username: 'alice', password: 'correct horse battery' });
});
afterAll(() => app.close());

test('an author follows by a form, sees what was answered, and leaves by a button', async () => {
  expect(await admin.page('/admin/federation/following')).toContain('You follow nobody yet.');
  await admin.post('/admin/federation/following?do=follow', { account: '!blogs@community.example' });
  await app.idle();
  const asked = await admin.page('/admin/federation/following');
  expect(asked).toContain('@blogs@community.example');
  expect(asked).toContain('Blogs &lt;b&gt;');
  expect(asked).toContain('Asked, no answer yet');

  const { activity } = await app.peer('community.example').receives('Follow');
  await group.send(app.url, activityOf(group, 'Accept', activity));
  await app.idle();
  expect(await admin.page('/admin/federation/following')).toMatch(/state-published">Following</);

  await admin.post('/admin/federation/following?do=leave', { id: group.id });
  expect(await admin.page('/admin/federation/following')).toContain('You follow nobody yet.');
});

test('what cannot be followed is said on the page', async () => {
  const answer = await admin.post('/admin/federation/following?do=follow', { account: 'nonsense' });
  const text = answer.status === 303 ? await admin.page('/admin/federation/following') : await answer.text();
  expect(text).toContain('no handle');
});

test('a post’s deliveries say which communities have it, and look for those that were not found', async () => {
  const communities = ['!blogs@community.example', '!late@community.example'];
  const post = await app.publish({ title: 'Shared', fields: { communities } });
  const page = `/admin/federation/deliveries/${post.post.id}`;
  const before = await admin.page(page);
  expect(before).toMatch(/Blogs &lt;b&gt;[\s\S]*?Sent there/);
  expect(before).toMatch(/!late@community\.example[\s\S]*?Not found yet[\s\S]*?nobody called late/);

  const late = app.peer('community.example').actor('late', { type: 'Group' });
  await admin.post(`${page}?do=look`, {});
  await app.idle();
  await late.send(app.url, activityOf(late, 'Announce', post.id));
  await app.idle();
  const after = await admin.page(page);
  expect(after).toMatch(/Late[\s\S]*?Shown there/);
  expect(after).not.toContain('Look for them now');
});

test('dislikes have a list of their own, and stand below the post where the owner wants that', async () => {
  const post = await app.publish({ title: 'Disputed', slug: 'disputed' });
  const critic = app.peer('other.example').actor('critic');
  await critic.send(app.url, activityOf(critic, 'Dislike', post.id));
  await app.idle();
  const list = await admin.page(`/admin/federation/posts/${post.post.id}`);
  expect(list).toMatch(/Likes <span class="count">0</);
  expect(list).toMatch(/Dislikes <span class="count">1<[\s\S]*?@critic@other\.example/);
  expect(await (await fetch(post.url)).text()).not.toContain('dislike');

  await app.app.plugins.find('federation')?.context.settings.set({ showDislikes: true });
  const fan = app.peer('other.example').actor('fan');
  await fan.send(app.url, activityOf(fan, 'Dislike', post.id));
  await app.idle();
  expect(await (await fetch(post.url)).text()).toContain('2 people on other servers dislike this.');
});
