import { afterAll, beforeAll, expect, test } from 'vitest';
import { createUser } from '../../../../src/users/accounts.ts';
import { type Client, signIn } from '../../../support/create-test-app.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  noteOf,
  PUBLIC,
  type Published,
  startFederatedApp,
} from '../../../support/federated-app.ts';

let app: FederatedApp;
let admin: Client;
let post: Published;
beforeAll(async () => {
  app = await startFederatedApp();
  const bob = app.peer('good.example').actor('bob', { displayName: 'Bob <i>Good</i>' });
  const fan = app.peer('other.example').actor('fan');
  await bob.send(app.url, followOf(bob, app.author));
  await fan.send(app.url, followOf(fan, app.author));
  await app.idle();
  app.peer('other.example').answerInbox(() => 500);
  post = await app.publish({ title: 'Seen by others' });
  await bob.send(app.url, activityOf(bob, 'Like', post.id));
  await bob.send(app.url, activityOf(bob, 'Announce', post.id, { to: [PUBLIC] }));
  await bob.send(
    app.url,
    activityOf(bob, 'Create', noteOf(bob, { inReplyTo: post.id, content: '<p>In public.</p>' })),
  );
  const secret = noteOf(bob, { inReplyTo: post.id, content: '<p>Between us.</p>', to: [app.author], cc: [] });
  await bob.send(app.url, activityOf(bob, 'Create', secret));
  await app.idle();
  admin = await signIn(app.url, { username: 'alice', password: 'correct horse battery' });
});
afterAll(() => app.close());

test('the followers are listed with their handles, escaped', async () => {
  const page = await admin.page('/admin/federation');
  expect(page).toContain('@bob@good.example');
  expect(page).toContain('Bob &lt;i&gt;Good');
  expect(page).toContain('2 people follow');
});

test('private answers stand on the author’s own page and can be marked as read and removed', async () => {
  expect(await admin.page('/admin/federation/messages')).toContain('Between us.');

  await admin.post('/admin/federation/messages?do=read', {});
  const read = await admin.page('/admin/federation/messages');
  expect(read).not.toContain('Mark all as read');

  const id = /name="id" value="([^"]+)"/.exec(read)?.[1] ?? '';
  await admin.post('/admin/federation/messages?do=remove', { id });
  expect(await admin.page('/admin/federation/messages')).not.toContain('Between us.');
});

test('the page of a post’s deliveries says what arrived, what did not, and why', async () => {
  const editor = await admin.page(`/admin/posts/${post.post.id}`);
  expect(editor).toContain('On other servers');
  expect(editor).toContain(`/admin/federation/deliveries/${post.post.id}`);
  const page = await admin.page(`/admin/federation/deliveries/${post.post.id}`);
  expect(page).toMatch(/good\.example<\/a>[\s\S]*?Delivered/);
  expect(page).toMatch(
    /other\.example<\/a>[\s\S]*?Will be tried again[\s\S]*?The server has a fault \(500\); next try in \d+ s/,
  );

  app.peer('other.example').answerInbox(() => 202);
  await admin.post(`/admin/federation/deliveries/${post.post.id}?do=retry`, {});
  await app.idle();

  const after = await admin.page(`/admin/federation/deliveries/${post.post.id}`);
  expect(after).not.toContain('Will be tried again');
  expect(await admin.page('/admin/federation/deliveries')).toContain('Seen by others');
});

test('the progress of a post’s deliveries is told as it happens', async () => {
  const answer = await admin.get(`/ap/progress/${post.post.id}`);
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const text = await answer.text();
  expect(text).toContain('"isMoving":false');
  expect(text).toContain('event: done');
});

test('likes, boosts and answers of a post stand on one page', async () => {
  const page = await admin.page(`/admin/federation/posts/${post.post.id}`);
  expect(page).toMatch(/Likes <span class="count">1</);
  expect(page).toMatch(/Boosts <span class="count">1</);
  expect(page).toContain('In public.');
  expect(page).not.toContain('Between us.');
});

test('the servers are listed with how they do', async () => {
  const page = await admin.page('/admin/federation/servers');
  expect(page).toMatch(/good\.example<\/a>[\s\S]*?Answers/);
  expect(await admin.page('/admin/federation/servers?q=other')).not.toContain('good.example</a>');
  expect(await admin.page('/admin/federation/servers?q=nobody')).toContain('No such server');
});

test('the page of a server says how it does, what waits there and what happened, and stops and resumes it', async () => {
  const address = '/admin/federation/servers/other.example';
  app.peer('other.example').answerInbox(() => ({ status: 503, headers: { 'Retry-After': '7200' } }));
  const { post: waiting } = await app.publish({ title: 'Kept for later' });
  const page = await admin.page(address);
  expect(page).toContain('Has trouble');
  expect(page).toContain('The server is down or too busy (503); next try in 2 h');
  expect(page).toMatch(/History[\s\S]*?Not taken/);
  expect(page).toContain('@fan@other.example');

  await admin.post(`${address}?do=hold`, {});
  const stopped = await admin.page(address);
  expect(stopped).toContain('You have stopped sending there.');
  expect(await admin.page(`/admin/federation/deliveries/${waiting.id}`)).toContain(
    'waits until you resume the server',
  );
  app.peer('other.example').answerInbox(() => 202);
  await admin.post(`${address}?do=resume`, {});
  await app.idle();

  expect(await admin.page(address)).toContain('It takes what is sent to it.');
  expect((await admin.get('/admin/federation/servers/nobody.example')).status).toBe(404);
});

test('a block is added and taken back by forms', async () => {
  await admin.post('/admin/federation/blocks?do=add', {
    target: 'spam.example',
    level: 'block',
    reason: 'Spam',
  });
  expect(await admin.page('/admin/federation/blocks')).toMatch(
    /<td[^>]*>spam\.example<\/td>\s*<td[^>]*>Blocked/,
  );
  await admin.post('/admin/federation/blocks?do=remove', { value: 'spam.example' });
  expect(await admin.page('/admin/federation/blocks')).toContain('Nobody is blocked.');
});

test('an author sees their own, and not the pages for those who run the site', async () => {
  const login = { username: 'zoe', password: 'correct horse battery' };
  await createUser(app.app.deps, { ...login, email: 'zoe@blog.example', role: 'author' });
  const zoe = await signIn(app.url, login);

  expect(await zoe.page('/admin/federation')).toContain('Nobody follows yet');
  expect((await zoe.get('/admin/federation/servers')).status).toBe(403);
  expect((await zoe.get('/admin/federation/blocks')).status).toBe(403);
  expect((await zoe.get(`/admin/federation/deliveries/${post.post.id}`)).status).toBe(404);
  expect((await zoe.get(`/ap/progress/${post.post.id}`)).status).toBe(404);
  expect((await fetch(`${app.url}/ap/progress/${post.post.id}`)).status).toBeGreaterThanOrEqual(400);
});
