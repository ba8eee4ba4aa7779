import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FederationTables } from '../../../../plugins/federation/tables.ts';
import { publishPost, trashPost } from '../../../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../../../src/posts/write-post.ts';
import { type FederatedApp, followOf, startFederatedApp } from '../../../support/federated-app.ts';
import { enterFollowers } from '../../../support/follow.ts';
import type { Peer } from '../../../support/remote-peer.ts';

type Delivery = {
  host: string;
  state: string;
  attempts: number;
  lastStatus: number | null;
  lastError: string;
};

let app: FederatedApp;
let servers: Server[];
let ahead = 0;
const hosts = ['dead', 'told', 'vague', 'moody', 'late', 'gone', 'quiet', 'crowd', 'soon'].map(
  (name) => `${name}.example`,
);
beforeAll(async () => {
  app = await startFederatedApp({ hosts });
  servers = [];
});
afterAll(async () => {
  await app.close();
  for (const server of servers) server.close();
});

const tables = () => app.app.deps.db as unknown as Kysely<FederationTables>;
const blogTime = () => new Date(Date.now() + ahead * 1000);
const minute = 60;
const hour = 60 * minute;

async function pass(seconds: number): Promise<void> {
  ahead += seconds;
  app.advance(seconds);
  await app.idle();
}

/** A server with one follower, over http since no certificate names it. */
async function followedFrom(name: string): Promise<Peer> {
  const peer = app.peer(`${name}.example`);
  if (peer.delivered.length > 0) return peer;
  await speak(peer);
  await peer.receives('Accept');
  await app.idle();
  return peer;
}

async function speak(peer: Peer, name = 'fan'): Promise<void> {
  const actor = peer.actor(name, {
    id: `http://${peer.host}/users/${name}`,
    document: { endpoints: { sharedInbox: `http://${peer.host}/inbox` } },
  });
  await actor.send(app.url, followOf(actor, app.author), { date: blogTime() });
}

const about = (peer: Peer, id: string) =>
  peer.delivered.filter(({ activity }) => (activity.object as { id?: string })?.id === id);
const tries = (peer: Peer) => peer.delivered.filter(({ type }) => type === 'Create').length;
const deliveriesTo = async (host: string, postId: string) =>
  ((await app.run('deliveries', '--post', postId, '--host', host)) as Delivery[])[0];
const peerNamed = async (host: string) =>
  ((await app.run('peers', '--name', host)) as { health: string; queue: number; suspended: number }[])[0];
const tend = async (job: 'tend-hosts' | 'keep-house') => {
  await app.app.plugins.find('federation')?.context.jobs.add(null, job, {});
  await app.idle();
};

test('the mail of a server that stays down is held, tried with one message, and all of it arrives in order when it is back', async () => {
  const peer = await followedFrom('dead');
  peer.answerInbox(() => 503);
  const posts = [];
  for (const title of ['One', 'Two', 'Three', 'Four', 'Five']) posts.push((await app.publish({ title })).id);
  expect(tries(peer)).toBe(1);
  for (const wait of [1, 5, 20, 90]) await pass(wait * minute);
  expect(await peerNamed('dead.example')).toMatchObject({ health: 'held', queue: 5 });
  expect(tries(peer)).toBe(5);

  peer.answerInbox(() => 202);
  peer.delivered.length = 0;
  await pass(4 * hour);

  const arrived = peer.delivered.map(({ activity }) => (activity.object as { id: string }).id);
  expect(arrived).toHaveLength(5);
  // The one that showed that the server is back goes before the others.
  expect(arrived.slice(1)).toEqual(posts.filter((id) => id !== arrived[0]));
  expect(await peerNamed('dead.example')).toMatchObject({ health: 'ok', queue: 0 });
});

test.each([
  ['120', 110, 125],
  ['a date', 110, 130],
  ['1000000000', 23 * hour, 2 * hour],
])('Retry-After: %s is kept for the whole server, a day at most', async (told, early, late) => {
  const peer = await followedFrom('told');
  const inTwoMinutes = new Date(Math.ceil(blogTime().getTime() / 1000) * 1000 + 120_000);
  const value = told === 'a date' ? inTwoMinutes.toUTCString() : told;
  peer.answerInbox(() => ({ status: 503, headers: { 'Retry-After': value } }));
  await app.publish({ title: 'Told to wait' });
  peer.delivered.length = 0;
  peer.answerInbox(() => 202);
  await app.publish({ title: 'Waits as well' });

  await pass(early);
  expect(tries(peer)).toBe(0);
  await pass(late);
  expect(tries(peer)).toBe(2);
});

test.each(['-5', 'soon', '0x10'])(
  'Retry-After: %s says nothing, and the usual pauses hold',
  async (value) => {
    const peer = await followedFrom('vague');
    peer.answerInbox(() => ({ status: 429, headers: { 'Retry-After': value } }));
    await app.publish({ title: 'Vague' });
    peer.answerInbox(() => 202);
    peer.delivered.length = 0;
    await pass(20);
    expect(tries(peer)).toBe(0);
    await pass(30);
    expect(tries(peer)).toBe(1);
  },
);

test('who never got a post is not told that it is gone; who may have it is', async () => {
  const peer = await followedFrom('moody');
  peer.answerInbox(() => 503);
  const never = await app.publish({ title: 'Taken back in time' });
  await trashPost(app.app.deps, never.post.id);
  peer.answerInbox(() => 500);
  await pass(minute);
  const maybe = await app.publish({ title: 'Perhaps there' });
  await pass(minute);
  await trashPost(app.app.deps, maybe.post.id);
  peer.answerInbox(() => 202);
  peer.delivered.length = 0;
  await pass(hour);

  expect(about(peer, never.id)).toEqual([]);
  expect(about(peer, maybe.id).map(({ type }) => type)).toEqual(['Delete']);
});

test('a post that was changed while it waited goes out once, as it is now, even where it was changed quietly', async () => {
  const peer = await followedFrom('late');
  peer.answerInbox(() => 503);
  const { post, id } = await app.publish({ title: 'First words' });
  await updatePost(app.app.deps, post.id, { title: 'Second words' });
  await updatePost(app.app.deps, post.id, { title: 'Last words', quiet: true });
  await app.idle();
  peer.answerInbox(() => 202);
  peer.delivered.length = 0;
  await pass(5 * minute);

  expect(about(peer, id)).toMatchObject([{ type: 'Create', activity: { object: { name: 'Last words' } } }]);
  const all = (await app.run('deliveries', '--post', post.id, '--host', 'late.example')) as Delivery[];
  expect(all.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
});

test('whoever is silent for a week is sent nothing more, is greeted when the server speaks, and dropped after a month', async () => {
  const peer = await followedFrom('quiet');
  peer.answerInbox(() => 503);
  for (let day = 0; day < 8; day += 1) {
    await app.publish({ title: `Day ${day}` });
    await pass(24 * hour);
  }
  await tend('tend-hosts');
  expect(await peerNamed('quiet.example')).toMatchObject({ health: 'held', suspended: 1 });
  const { post } = await app.publish({ title: 'Not for the silent' });
  expect(await deliveriesTo('quiet.example', post.id)).toBeUndefined();

  peer.answerInbox(() => 202);
  peer.delivered.length = 0;
  await speak(peer, 'another');
  await app.idle();
  const greetings = peer.delivered.filter(({ type }) => type === 'Update');
  expect(greetings).toMatchObject([{ activity: { object: { id: app.author, type: 'Person' } } }]);
  expect(await peerNamed('quiet.example')).toMatchObject({ health: 'ok', suspended: 0 });
  await tables()
    .updateTable('plugin_federation_followers')
    .set({ state: 'suspended', suspended_why: 'gone', suspended_at: blogTime().toISOString() })
    .where('actor_id', '=', 'http://quiet.example/users/fan')
    .execute();
  const followers = async () => JSON.stringify(await app.run('followers', 'alice'));
  await pass(29 * 24 * hour);
  await tend('keep-house');
  expect(await followers()).toContain('http://quiet.example/users/fan');
  await pass(2 * 24 * hour);
  await tend('keep-house');
  expect(await followers()).not.toContain('http://quiet.example/users/fan');
});

test('from the moment at which a server is blocked nothing more is sent there, whatever was on its way', async () => {
  const peer = app.peer('crowd.example');
  const inboxes = Array.from({ length: 60 }, (_, n) => `http://crowd.example/users/${n}/inbox`);
  await enterFollowers(app.app.deps.db, app.owner?.id ?? '', inboxes);
  peer.answerInbox(() => ({ status: 202, delayMs: 20 }));
  const draft = await createPost(app.app.deps, { authorId: app.owner?.id ?? '', title: 'For a crowd' });
  await publishPost(app.app.deps, draft.id);
  await peer.receives('Create', 8);

  await app.run('block', 'crowd.example');
  const before = peer.delivered.length;
  await app.idle();

  // Those that were on the wire in that moment arrive.
  expect(peer.delivered.length - before).toBeLessThanOrEqual(4);
  const all = (await app.run('deliveries', '--post', draft.id, '--state', 'abandoned')) as Delivery[];
  expect(all.length).toBeGreaterThan(30);
  expect(new Set(all.map(({ lastError }) => lastError))).toEqual(new Set(['The server is blocked.']));
});

/** A port that treats those who connect badly. */
async function badServer(treat: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    treat(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/inbox`;
}

test('servers that reset, talk garbage, speak TLS wrongly or are in no DNS hold up nobody and are tried again', async () => {
  const secure = createHttpsServer({});
  servers.push(secure);
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const inboxes = {
    reset: await badServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
    garbage: await badServer((socket) => socket.once('data', () => socket.end('What?\r\n\r\n'))),
    empty: await badServer((socket) => socket.once('data', () => socket.end())),
    tls: `https://localhost:${(secure.address() as AddressInfo).port}/inbox`,
    closed: 'http://localhost:9/inbox',
    dns: 'https://nobody.invalid/inbox',
  };
  await enterFollowers(app.app.deps.db, app.owner?.id ?? '', Object.values(inboxes));
  const peer = await followedFrom('soon');
  const { post } = await app.publish({ title: 'Through a storm' });

  expect(await deliveriesTo('soon.example', post.id)).toMatchObject({ state: 'delivered' });
  expect(tries(peer)).toBe(1);
  for (const [name, inbox] of Object.entries(inboxes)) {
    const delivery = await deliveriesTo(new URL(inbox).host, post.id);
    expect(delivery, name).toMatchObject({ state: 'failed', attempts: 1, lastStatus: null });
  }
});
