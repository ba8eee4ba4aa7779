import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetOldKeys, signingKeysFor } from '../../../../plugins/federation/actors/keys.ts';
import type { FederationContext } from '../../../../plugins/federation/context.ts';
import { importPublicKey } from '../../../../plugins/federation/signatures/keys.ts';
import { checkProof, readProof } from '../../../../plugins/federation/signatures/proof.ts';
import { type FederatedApp, followOf, startFederatedApp } from '../../../support/federated-app.ts';
import type { Delivered, Json, Peer } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let peer: Peer;
let newcomer: Peer;
let context: FederationContext;

beforeAll(async () => {
  app = await startFederatedApp();
  context = app.app.plugins.find('federation')?.context as unknown as FederationContext;
  peer = app.peer('good.example');
  newcomer = app.peer('other.example');
  for (const where of [peer, newcomer]) {
    const fan = where.actor('fan');
    await fan.send(app.url, followOf(fan, app.author));
  }
  await app.idle();
});
afterAll(() => app.close());

const ask = async (address: string) =>
  (await (await fetch(address, { headers: { accept: 'application/activity+json' } })).json()) as Json;
const pemIn = ({ publicKey }: Json) => (publicKey as { publicKeyPem: string }).publicKeyPem;

/** Whether a draft-cavage request was signed with this key, found out without any code of ours. */
function isSignedWith(pem: string, { url, headers }: Omit<Delivered, 'status'>): boolean {
  const { pathname } = new URL(url);
  const text = [
    `(request-target): post ${pathname}`,
    ...['host', 'date', 'digest'].map((name) => `${name}: ${headers[name]}`),
  ].join('\n');
  const signature = /signature="([^"]+)"/.exec(String(headers.signature))?.[1] ?? '';
  return verify('sha256', Buffer.from(text), createPublicKey(pem), Buffer.from(signature, 'base64'));
}

test('new keys are told with the old one, listed alone, and used from then on', async () => {
  const before = await ask(app.author);
  const oldPem = pemIn(before);
  // A server that has only just met the author knows the new key and no other.
  newcomer.answerInbox((delivered) => {
    const { publicKey } = (delivered.activity.object ?? {}) as Json;
    if (delivered.type !== 'Update' || !publicKey) return 202;
    return isSignedWith((publicKey as { publicKeyPem: string }).publicKeyPem, delivered) ? 202 : 401;
  });

  const rotation = (await app.run('rotate-key', 'alice')) as { publicKeyPem: string; servers: number };
  await app.idle();

  expect(rotation).toMatchObject({ actor: app.author, keyId: `${app.author}#main-key`, servers: 2 });
  const after = await ask(app.author);
  expect(pemIn(after)).toBe(rotation.publicKeyPem);
  expect(pemIn(after)).not.toBe(oldPem);
  expect(after.assertionMethod).not.toEqual(before.assertionMethod);
  expect(JSON.stringify(after)).not.toContain(oldPem.slice(60, 120));

  const told = await peer.receives('Update');
  expect(told.activity.object).toMatchObject({ id: app.author, publicKey: after.publicKey });
  expect(isSignedWith(oldPem, told)).toBe(true);
  expect(newcomer.delivered.filter(({ type }) => type === 'Update').at(-1)?.status).toBe(202);
  const [method] = after.assertionMethod as { publicKeyMultibase: string }[];
  const proof = readProof(told.activity, new Date());
  expect(proof && checkProof(proof, importPublicKey(method?.publicKeyMultibase ?? ''))).toBe(true);

  await app.publish({ title: 'With the new key' });
  const create = await peer.receives('Create');
  expect(isSignedWith(rotation.publicKeyPem, create)).toBe(true);
  expect(isSignedWith(oldPem, create)).toBe(false);
});

test('a running server takes up keys that another process has changed', async () => {
  const server = { ...context };
  const of = { userId: app.owner?.id ?? '', activityId: 'none' };
  const [old] = await signingKeysFor(server, of);
  await app.run('rotate-key', 'alice');
  const now = createPublicKey(pemIn(await ask(app.author)));
  await expect
    .poll(
      async () => {
        const [key] = await signingKeysFor(server, of);
        return key !== undefined && createPublicKey(key.privateKey).equals(now);
      },
      { timeout: 5_000 },
    )
    .toBe(true);
  expect(old && createPublicKey(old.privateKey).equals(now)).toBe(false);
});

test('the site’s keys can be changed, and nobody is told', async () => {
  const before = await ask(`${app.url}/ap/site`);
  expect(await app.run('rotate-key', '--site')).toMatchObject({ actor: `${app.url}/ap/site`, servers: 0 });
  expect(pemIn(await ask(`${app.url}/ap/site`))).not.toBe(pemIn(before));
});

test('the old key is forgotten for good after a while', async () => {
  const db = context.database.as<{ plugin_federation_keys: { previous_sealed: string | null } }>();
  const kept = () =>
    db.selectFrom('plugin_federation_keys').selectAll().where('previous_sealed', 'is not', null).execute();
  expect(await kept()).toHaveLength(1);
  await forgetOldKeys(context, new Date(Date.now() + 1000).toISOString());
  expect(await kept()).toEqual([]);
});

test('who is no author has no keys to change', async () => {
  await expect(app.run('rotate-key', 'nobody')).rejects.toThrow('There is no user nobody.');
});
