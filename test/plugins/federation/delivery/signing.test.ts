import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FederationContext, tablesOf } from '../../../../plugins/federation/context.ts';
import { findHost } from '../../../../plugins/federation/delivery/host-store.ts';
import { type FederatedApp, followOf, startFederatedApp } from '../../../support/federated-app.ts';
import type { Delivered, Peer } from '../../../support/remote-peer.ts';

const hosts = ['good.example', 'other.example', 'friend.example', 'moved.example', 'www.threads.net'];
let app: FederatedApp;
let context: FederationContext;

beforeAll(async () => {
  app = await startFederatedApp({ hosts });
  context = app.app.plugins.find('federation')?.context as unknown as FederationContext;
});
afterAll(() => app.close());

const isModern = ({ headers }: Pick<Delivered, 'headers'>) => headers['signature-input'] !== undefined;
const schemes = (peer: Peer) =>
  peer.delivered
    .filter(({ type }) => type === 'Create')
    .map((one) => `${isModern(one) ? 'rfc9421' : 'cavage'} ${one.status}`);
const remembered = async (host: string) => (await findHost(tablesOf(context), host))?.scheme;

/** A server with a follower, which answers posts as it is told. */
async function follower(host: string): Promise<Peer> {
  const peer = app.peer(host);
  const fan = peer.actor('fan');
  await fan.send(app.url, followOf(fan, app.author));
  await app.idle();
  return peer;
}

test.each([
  ['good.example', 401],
  ['other.example', 400],
  ['friend.example', 403],
  ['www.threads.net', 404],
])(
  'a server that takes RFC 9421 alone (%s, after %i) is sent that at once from then on',
  async (host, status) => {
    const peer = await follower(host);
    peer.answerInbox((delivered) => (isModern(delivered) ? 202 : status));
    await app.publish({ title: 'First' });
    expect(schemes(peer)).toEqual([`cavage ${status}`, 'rfc9421 202']);
    expect(await remembered(host)).toBe('rfc9421');
    await app.publish({ title: 'Second' });
    expect(schemes(peer)).toEqual([`cavage ${status}`, 'rfc9421 202', 'rfc9421 202']);

    // It was set up anew, with other software.
    peer.answerInbox((delivered) => (isModern(delivered) ? 401 : 202));
    await app.publish({ title: 'Third' });
    expect(schemes(peer).slice(3)).toEqual(['rfc9421 401', 'cavage 202']);
    expect(await remembered(host)).toBe('cavage');
    await app.publish({ title: 'Fourth' });
    expect(schemes(peer).slice(5)).toEqual(['cavage 202']);
  },
);

test('a server that takes neither is asked once in each way, and nothing is remembered', async () => {
  const peer = await follower('moved.example');
  peer.answerInbox(({ type }) => (type === 'Create' ? 403 : 202));
  await app.publish({ title: 'Refused' });
  expect(schemes(peer)).toEqual(['cavage 403', 'rfc9421 403']);
  expect(await remembered('moved.example')).not.toBe('rfc9421');
});

test('both standards’ digests go along with RFC 9421, and a date with each', () => {
  const peer = app.peer('good.example');
  for (const { headers } of peer.delivered) {
    expect(headers.digest).toMatch(/^SHA-256=/);
    expect(headers.date).toMatch(/ GMT$/);
  }
  for (const { headers } of peer.delivered.filter(isModern)) {
    expect(headers['content-digest']).toBe(`sha-256=:${String(headers.digest).slice(8)}:`);
  }
});
