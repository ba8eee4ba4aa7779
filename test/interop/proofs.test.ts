import { verifyObject } from '@fedify/fedify/sig';
import { Activity, Person } from '@fedify/fedify/vocab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FederationContext } from '../../plugins/federation/context.ts';
import { withProof } from '../../plugins/federation/delivery/prove.ts';
import { type FederatedApp, followOf, startFederatedApp } from '../support/federated-app.ts';
import type { Json, Peer } from '../support/remote-peer.ts';

let app: FederatedApp;
let peer: Peer;

beforeAll(async () => {
  app = await startFederatedApp();
  peer = app.peer('good.example');
});
afterAll(() => app.close());

const ask = async (address: string) => {
  const answer = await fetch(address, { headers: { accept: 'application/activity+json' } });
  return (await answer.json()) as Json;
};
/** Lets Fedify fetch keys from the blog as it would, without its guard against loopback. */
const documentLoader = async (url: string) => ({
  contextUrl: null,
  documentUrl: url,
  document: await ask(url),
});

test('what is sent has a proof that Fedify verifies with the key in the author’s document', async () => {
  const bob = peer.actor('bob');
  await bob.send(app.url, followOf(bob, app.author));
  await app.idle();
  await app.publish({ title: 'Proven' });
  for (const type of ['Accept', 'Create']) {
    const { activity } = await peer.receives(type);
    expect(activity.proof).toMatchObject({ verificationMethod: `${app.author}#ed25519-key` });
    expect(await verifyObject(Activity, activity, { documentLoader })).not.toBeNull();
    const forged = { ...activity, to: [app.author] };
    expect(await verifyObject(Activity, forged, { documentLoader })).toBeNull();
  }
  const { activity } = await peer.receives('Create');
  expect(await ask(String(activity.id))).toEqual(activity);
});

test('the keys in an author’s document are read by Fedify', async () => {
  const person = await Person.fromJsonLd(await ask(app.author));
  const [method] = await Array.fromAsync(person.getAssertionMethods());
  expect(method?.id?.href).toBe(`${app.author}#ed25519-key`);
  expect(method?.controllerId?.href).toBe(app.author);
  expect(method?.publicKey?.algorithm.name).toBe('Ed25519');
});

test('the owner can leave proofs out, and what would be too large for Misskey goes without', async () => {
  const context = app.app.plugins.find('federation')?.context as unknown as FederationContext;
  const by = { userId: app.owner?.id ?? '', createdAt: '2026-11-01T12:00:00.000Z' };
  const prove = (activity: Json) => withProof(context, JSON.stringify(activity), by);
  const small = { type: 'Like', content: 'x' };
  expect(JSON.parse(await prove(small))).toHaveProperty('proof');
  expect(await prove({ ...small, content: 'x'.repeat(65_400) })).not.toContain('"proof"');
  expect(JSON.parse(await prove({ ...small, content: 'x'.repeat(66_000) }))).toHaveProperty('proof');
  await context.settings.set({ integrityProofs: false });
  expect(await prove(small)).toBe(JSON.stringify(small));
  await context.settings.set({ integrityProofs: true });
});
