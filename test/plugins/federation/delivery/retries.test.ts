import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  activityOf,
  type FederatedApp,
  followOf,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Peer } from '../../../support/remote-peer.ts';

let app: FederatedApp;
beforeAll(async () => {
  app = await startFederatedApp({
    hosts: ['one', 'two', 'three', 'four', 'five', 'six'].map((name) => `${name}.example`),
  });
});
afterAll(() => app.close());

type Row = {
  host: string;
  state: string;
  attempts: number;
  nextAttemptAt: string | null;
  lastStatus: number | null;
  lastError: string | null;
};

/** A server with one follower, over http since no certificate names it. */
async function followedFrom(name: string): Promise<Peer> {
  const peer = app.peer(`${name}.example`);
  const actor = peer.actor('fan', {
    id: `http://${name}.example/users/fan`,
    document: { endpoints: { sharedInbox: `http://${name}.example/inbox` } },
  });
  await actor.send(app.url, followOf(actor, app.author), { date: blogTime() });
  await peer.receives('Accept');
  await app.idle();
  return peer;
}

const deliveriesTo = async (host: string, postId: string) =>
  ((await app.run('deliveries', '--post', postId)) as Row[]).filter((row) => row.host === host);

let ahead = 0;
/** What the blog's clock shows. */
const blogTime = () => new Date(Date.now() + ahead * 1000);

async function pass(seconds: number): Promise<void> {
  ahead += seconds;
  app.advance(seconds);
  await app.idle();
}

test('a server that fails is tried again for two days, then given up, and again by hand', async () => {
  const peer = await followedFrom('one');
  peer.answerInbox(() => 500);
  const { post } = await app.publish({ title: 'Patience' });

  expect(await deliveriesTo('one.example', post.id)).toMatchObject([
    { state: 'failed', attempts: 1, lastStatus: 500 },
  ]);
  for (let hours = 0; hours < 80; hours += 2) await pass(7200);

  const [given] = await deliveriesTo('one.example', post.id);
  expect(given).toMatchObject({ state: 'abandoned', nextAttemptAt: null });
  expect(given?.attempts).toBeGreaterThanOrEqual(8);
  const ids = peer.delivered.filter(({ type }) => type === 'Create').map(({ activity }) => activity.id);
  expect(new Set(ids).size).toBe(1);

  peer.answerInbox(() => 202);
  expect(await app.run('retry', '--host', 'one.example')).toEqual({ queued: 1, hosts: ['one.example'] });
  await app.idle();
  expect(await deliveriesTo('one.example', post.id)).toMatchObject([
    { state: 'delivered', lastStatus: 202, lastError: null },
  ]);
});

test('Retry-After holds for the whole server, and no longer', async () => {
  const peer = await followedFrom('two');
  peer.answerInbox(() => ({ status: 429, headers: { 'Retry-After': '120' } }));
  await app.publish({ title: 'First' });
  const tries = () => peer.delivered.filter(({ type }) => type === 'Create').length;
  expect(tries()).toBe(1);

  peer.answerInbox(() => 202);
  await app.publish({ title: 'Second' });
  await pass(100);
  expect(tries()).toBe(1);

  await pass(25);
  expect(tries()).toBe(3);
});

test('an inbox that is gone gets nothing more, until its owner is heard from', async () => {
  const peer = await followedFrom('three');
  peer.answerInbox(() => 410);
  const { post } = await app.publish({ title: 'Nobody home' });
  expect(await deliveriesTo('three.example', post.id)).toMatchObject([
    { state: 'abandoned', lastStatus: 410 },
  ]);
  peer.answerInbox(() => 202);

  const { post: second } = await app.publish({ title: 'Still nobody' });
  expect(await deliveriesTo('three.example', second.id)).toEqual([]);

  const fan = peer.actor('fan', { id: 'http://three.example/users/fan' });
  await fan.send(app.url, activityOf(fan, 'Like', `${app.url}/ap/posts/${post.id}`), { date: blogTime() });
  const { post: third } = await app.publish({ title: 'Back again' });
  expect(await deliveriesTo('three.example', third.id)).toMatchObject([{ state: 'delivered' }]);
});

test('a server that takes the newer signatures only is sent those, from the first time on', async () => {
  const peer = await followedFrom('four');
  peer.answerInbox(({ headers }) => (headers['signature-input'] ? 202 : 401));
  await app.publish({ title: 'Signed twice' });
  expect(peer.delivered.filter(({ type }) => type === 'Create').map(({ status }) => status)).toEqual([
    401, 202,
  ]);

  await app.publish({ title: 'Signed once' });

  expect(peer.delivered.filter(({ type }) => type === 'Create').map(({ status }) => status)).toEqual([
    401, 202, 202,
  ]);
});

test('a refusal is not tried again', async () => {
  const peer = await followedFrom('five');
  peer.answerInbox(() => 422);
  const { post } = await app.publish({ title: 'Refused' });
  await pass(3600);
  expect(await deliveriesTo('five.example', post.id)).toMatchObject([
    { state: 'abandoned', attempts: 1, lastStatus: 422 },
  ]);
});

test('a dead server that speaks again is sent what waits at once', async () => {
  const peer = await followedFrom('six');
  peer.answerInbox(() => 503);
  const { post } = await app.publish({ title: 'Waiting' });
  expect(await deliveriesTo('six.example', post.id)).toMatchObject([{ state: 'failed' }]);
  expect(await app.run('peers')).toContainEqual(
    expect.objectContaining({ host: 'six.example', health: 'failing', queue: 1 }),
  );

  peer.answerInbox(() => 202);
  const actor = peer.actor('fan2', { id: 'http://six.example/users/fan2' });
  await actor.send(app.url, followOf(actor, app.author), { date: blogTime() });
  await app.idle();

  expect(await deliveriesTo('six.example', post.id)).toMatchObject([{ state: 'delivered' }]);
  expect(await app.run('peers')).toContainEqual(
    expect.objectContaining({ host: 'six.example', health: 'ok', queue: 0 }),
  );
});

test('a server is asked once what it runs', async () => {
  const peer = app.peer('six.example');
  const address = 'http://six.example/nodeinfo/2.1';
  peer.serve(
    'http://six.example/.well-known/nodeinfo',
    { links: [{ rel: 'x', href: address }] },
    'application/json',
  );
  peer.serve(address, { software: { name: 'mastodon', version: '4.7.0' } }, 'application/json');
  const learn = async () => {
    await app.app.plugins.find('federation')?.context.jobs.add(null, 'learn-software', {});
    await app.idle();
  };

  await learn();
  const asked = peer.fetched.length;
  await learn();

  expect(await app.run('peers')).toContainEqual(
    expect.objectContaining({ host: 'six.example', software: 'mastodon 4.7.0' }),
  );
  expect(peer.fetched.length).toBe(asked);
});
