import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  confirmOwner,
  findActor,
  forgetOwner,
  resolveKey,
} from '../../../../plugins/federation/actors/remote-actors.ts';
import { makeKeys, type Peer, startPeer } from '../peer.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  let blog: FederatedBlog;
  let far: Peer;
  const { publicKey: newPem } = makeKeys();

  beforeAll(async () => {
    blog = await startFederatedBlog({ untilTestEnds: false, dialect });
  });
  afterAll(() => blog.close());
  beforeEach(async () => {
    far = await startPeer();
  });

  const resolve = (keyId: string, refetch = false) => resolveKey(blog.context, keyId, { refetch });

  describe('the key that a signature names', () => {
    test('is found in its owner’s document, which is fetched once', async () => {
      const { id } = far.serveActor('bob');
      expect(await resolve(`${id}#main-key`)).toMatchObject({ kind: 'key', actorId: id });
      await resolve(`${id}#main-key`);
      expect(far.asked).toEqual(['/users/bob']);
      expect(await findActor(blog.context, id)).toMatchObject({ id });
    });

    test('may lie in a stub of its own, as GoToSocial has it', async () => {
      const id = `${far.origin}/users/bob`;
      const publicKey = { id: `${id}/main-key`, owner: id, publicKeyPem: newPem };
      far.serveActor('bob', { publicKey });
      far.serve('/users/bob/main-key', { json: { id, type: 'Person', preferredUsername: 'bob', publicKey } });
      expect(await resolve(`${id}/main-key`)).toMatchObject({ kind: 'key', actorId: id });
      await resolve(`${id}/main-key`);
      expect(far.count('/users/bob')).toBe(1);
    });

    test('may be a document of its own that the owner names', async () => {
      const id = `${far.origin}/users/bob`;
      far.serveActor('bob', { publicKey: `${far.origin}/keys/1` });
      far.serve('/keys/1', { json: { id: `${far.origin}/keys/1`, owner: id, publicKeyPem: newPem } });
      expect(await resolve(`${far.origin}/keys/1`)).toMatchObject({ kind: 'key', actorId: id });
    });

    test('is nobody’s where the owner it names does not list it', async () => {
      const { id } = far.serveActor('bob');
      const evil = await startPeer();
      evil.serve('/key', { json: { id: `${evil.origin}/key`, owner: id, publicKeyPem: newPem } });
      expect(await resolve(`${evil.origin}/key`)).toMatchObject({ kind: 'refused' });
    });

    test('is not believed when the owner’s document comes with another key of that name from elsewhere', async () => {
      const good = far.serveActor('bob');
      const known = await resolve(`${good.id}#main-key`);
      const evil = await startPeer();
      evil.serve('/bob', {
        json: { ...good, publicKey: { id: `${evil.origin}/bob#k`, owner: good.id, publicKeyPem: newPem } },
      });
      expect((await resolve(`${evil.origin}/bob#k`)).kind).toBe('refused');
      expect(await resolve(`${good.id}#main-key`)).toEqual(known);
    });

    test.each(['acct:bob', 'acct:bob@', '', 'javascript:alert(1)', 'https://u:p@far.example/k'])(
      'is not %j',
      async (keyId) => {
        expect((await resolve(keyId)).kind).toBe('refused');
      },
    );

    const { publicKey: otherPem } = makeKeys();
    const multikey = {
      type: 'Multikey',
      publicKeyMultibase: 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
    };
    test.each([
      ['the actor itself, as Hubzilla has it', '', {}],
      ['a fragment behind a slash, as BookWyrm has it', '/#main-key', {}],
      ['a query, as (streams) has it', '?operation=rsakey', {}],
      ['one of several', '#second', { first: true }],
      ['a Multikey', '#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2', { multi: true }],
    ])('may be named by %s', async (_, suffix, { first, multi }: { first?: boolean; multi?: boolean }) => {
      const id = `${far.origin}/users/bob`;
      const keyId = `${id}${suffix}`;
      const publicKey = { id: keyId, owner: id, publicKeyPem: newPem };
      const other = { id: `${id}#first`, owner: id, publicKeyPem: otherPem };
      const document = far.serveActor('bob', {
        publicKey: multi ? other : first ? [other, publicKey] : publicKey,
        ...(multi && { assertionMethod: [{ id: keyId, controller: id, ...multikey }] }),
      });
      far.serve('/users/bob/', { json: document });
      far.serve('/users/bob?operation=rsakey', { json: publicKey });
      const answer = await resolve(keyId);
      expect(answer).toMatchObject({ kind: 'key', actorId: id });
      if (answer.kind !== 'key') return;
      expect(answer.key.asymmetricKeyType).toBe(multi ? 'ed25519' : 'rsa');
      if (!multi) expect(answer.key.export({ type: 'spki', format: 'pem' })).toBe(newPem);
    });

    test('may be named by the account’s handle, as PeerTube and Discourse read it', async () => {
      const { id } = far.serveActor('bob');
      const keyId = `acct:bob@${far.host}`;
      expect(await resolve(keyId)).toMatchObject({ kind: 'key', actorId: id });
      expect(await resolve(`acct:BOB@${far.host}`)).toMatchObject({ kind: 'key', actorId: id });
      expect(far.count('/users/bob')).toBe(1);
      expect((await resolve(`acct:nobody@${far.host}`)).kind).toBe('refused');
      expect((await resolve(`acct:alice@${blog.host}`)).kind).toBe('refused');
    });

    test('is refused when it is too weak', async () => {
      const { id } = far.serveActor('bob', {
        publicKey: {
          id: `${far.origin}/users/bob#main-key`,
          owner: `${far.origin}/users/bob`,
          publicKeyPem:
            '-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n',
        },
      });
      expect(await resolve(`${id}#main-key`)).toMatchObject({ kind: 'refused' });
    });

    test('of somebody who is gone is gone, and not asked for again', async () => {
      far.serve('/users/bob', { status: 410 });
      const keyId = `${far.origin}/users/bob#main-key`;
      expect(await resolve(keyId)).toEqual({ kind: 'gone' });
      await resolve(keyId);
      expect(far.asked).toHaveLength(1);
    });

    test('that could not be fetched is not asked for again at once', async () => {
      far.serve('/users/bob', { status: 500 });
      const keyId = `${far.origin}/users/bob#main-key`;
      expect((await resolve(keyId)).kind).toBe('unreachable');
      await Promise.all([resolve(keyId), resolve(keyId)]);
      expect(far.asked).toHaveLength(1);
    });
  });

  describe('a key that does not fit any more', () => {
    const pemOf = (answer: Awaited<ReturnType<typeof resolve>>) =>
      answer.kind === 'key' ? answer.key.export({ type: 'spki', format: 'pem' }) : answer.kind;

    test('is fetched anew once, and then not for five minutes', async () => {
      const { id } = far.serveActor('bob');
      const keyId = `${id}#main-key`;
      await resolve(keyId);
      confirmOwner(blog.context, id);
      far.serveActor('bob', { publicKey: { id: keyId, owner: id, publicKeyPem: newPem } });

      const answers = await Promise.all([resolve(keyId, true), resolve(keyId, true), resolve(keyId, true)]);
      for (const answer of answers) expect(pemOf(answer)).toBe(newPem);
      expect(pemOf(await resolve(keyId))).toBe(newPem);
      await resolve(keyId, true);
      expect(far.count('/users/bob')).toBe(2);

      blog.advance(301);
      await resolve(keyId, true);
      expect(far.count('/users/bob')).toBe(3);
    });

    test('goes on being used when its server cannot be reached for a forger’s sake', async () => {
      const actor = far.serveActor('bob');
      const keyId = `${actor.id}#main-key`;
      const known = pemOf(await resolve(keyId));
      confirmOwner(blog.context, actor.id);
      far.serve('/users/bob', { status: 503 });
      expect((await resolve(keyId, true)).kind).toBe('unreachable');
      expect(pemOf(await resolve(keyId))).toBe(known);
    });

    test('is not fetched anew for whom no signature was ever good, and they can be forgotten', async () => {
      const { id } = far.serveActor('bob');
      await resolve(`${id}#main-key`);
      await resolve(`${id}#main-key`, true);
      expect(far.count('/users/bob')).toBe(1);
      await forgetOwner(blog.context, id);
      expect(await findActor(blog.context, id)).toBeNull();
    });

    test('nobody is forgotten whose signature was good once', async () => {
      const { id } = far.serveActor('bob');
      await resolve(`${id}#main-key`);
      confirmOwner(blog.context, id);
      await forgetOwner(blog.context, id);
      expect(await findActor(blog.context, id)).not.toBeNull();
    });

    test('under another name is fetched as well', async () => {
      const { id } = far.serveActor('bob');
      await resolve(`${id}#main-key`);
      far.serveActor('bob', { publicKey: { id: `${id}#second`, owner: id, publicKeyPem: newPem } });
      expect(pemOf(await resolve(`${id}#second`))).toBe(
        createPublicKey(newPem).export({ type: 'spki', format: 'pem' }),
      );
    });
  });
});
