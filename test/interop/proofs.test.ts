import { KeyObject } from 'node:crypto';
import { generateCryptoKeyPair, signObject, verifyObject } from '@fedify/fedify/sig';
import { Activity, Create, Note, Person, PUBLIC_COLLECTION } from '@fedify/fedify/vocab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FederationContext } from '../../plugins/federation/context.ts';
import { withProof } from '../../plugins/federation/delivery/prove.ts';
import { multibaseOf } from '../../plugins/federation/signatures/keys.ts';
import { findReceivedComment } from '../../src/comments/comment-store.ts';
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

test('an answer that Fedify has proven is believed, whoever brings it', async () => {
  const { privateKey } = await generateCryptoKeyPair('Ed25519');
  const carol = 'https://good.example/users/carol';
  const keyId = `${carol}#ed25519-key`;
  const publicKeyMultibase = multibaseOf(KeyObject.from(privateKey));
  const assertionMethod = [{ id: keyId, type: 'Multikey', controller: carol, publicKeyMultibase }];
  peer.actor('carol', { document: { assertionMethod } });
  const post = await app.publish({ title: 'Answered with proof' });
  const note = new Note({
    id: new URL('https://good.example/notes/proven'),
    attribution: new URL(carol),
    content: '<p>By Fedify</p>',
    replyTarget: new URL(post.id),
    to: PUBLIC_COLLECTION,
  });
  const create = new Create({
    id: new URL('https://good.example/creates/proven'),
    actor: new URL(carol),
    object: note,
    to: PUBLIC_COLLECTION,
  });
  const signed = JSON.stringify(await (await signObject(create, privateKey, new URL(keyId))).toJsonLd());
  // Fedify writes the public collection out before it signs and before it sends, in functions of its own.
  const sent: Json = JSON.parse(signed.replaceAll('"as:Public"', JSON.stringify(PUBLIC_COLLECTION)));
  const relay = app.peer('community.example').actor('relay', { type: 'Application' });
  expect((await relay.send(app.url, sent)).status).toBe(202);
  await app.idle();
  const comment = await findReceivedComment(
    app.app.deps.db,
    'fediverse',
    'https://good.example/notes/proven',
  );
  expect(comment?.html).toBe('<p>By Fedify</p>');
});
