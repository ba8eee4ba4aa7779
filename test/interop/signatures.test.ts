import { createPublicKey } from 'node:crypto';
import {
  parseDraftRequest,
  verifyDigestHeader,
  verifyDraftSignature,
} from '@misskey-dev/node-http-message-signatures';
import { createVerifier, httpbis } from 'http-message-signatures';
import { expect, onTestFinished, test } from 'vitest';
import { createTestApp } from '../support/create-test-app.ts';
import { enterFollowers } from '../support/follow.ts';
import { type Captured, startInboxServers } from '../support/inbox-server.ts';

/** Publishes to one follower and gives what was sent to the inbox, and the author's key as it is published. */
async function deliver(answer?: (request: Captured) => number) {
  const blog = await createTestApp({ plugins: ['federation'] });
  const { origins, captured, close } = await startInboxServers(1, answer);
  onTestFinished(close);
  const userId = blog.owner?.id ?? '';
  await enterFollowers(blog.app.deps.db, userId, [`${origins[0]}/users/bob/inbox`]);
  await blog.publish({ title: 'Signed', bodyMarkdown: 'With a key.' });
  await blog.idle();
  const id = `${blog.url}/ap/users/${userId}`;
  const actor = await (await fetch(id, { headers: { accept: 'application/activity+json' } })).json();
  const { publicKey } = actor as { publicKey: { id: string; publicKeyPem: string } };
  return { captured, origin: origins[0] ?? '', publicKey };
}

test('a delivery is verified by the library that Misskey uses', async () => {
  const { captured, origin, publicKey } = await deliver();
  expect(captured).toHaveLength(1);
  const [{ method, target: url, headers, body }] = captured as [Captured];
  const request = { method, url, headers: headers as Record<string, string> };
  const parsed = parseDraftRequest(request);
  if (!('value' in parsed) || !('algorithm' in parsed.value)) throw new Error('It is no draft signature.');
  expect(parsed.value.keyId).toBe(publicKey.id);
  expect(parsed.value.params.headers).toEqual(['(request-target)', 'host', 'date', 'digest']);
  expect(headers.host).toBe(new URL(origin).host);
  expect(await verifyDraftSignature(parsed.value, publicKey.publicKeyPem)).toBe(true);
  expect(await verifyDigestHeader(request, new Uint8Array(body), true)).toBe(true);
});

test('where that is not taken, it comes again as RFC 9421 says, verified by http-message-signatures', async () => {
  const { captured, origin, publicKey } = await deliver(({ headers }) =>
    headers['signature-input'] ? 202 : 401,
  );
  expect(captured).toHaveLength(2);
  const [first, second] = captured as [Captured, Captured];
  expect(first.headers['signature-input']).toBeUndefined();
  expect(second.body).toEqual(first.body);
  const alg = 'rsa-v1_5-sha256';
  const verify = createVerifier(createPublicKey(publicKey.publicKeyPem), alg);
  const message = {
    method: second.method,
    url: `${origin}${second.target}`,
    headers: second.headers as Record<string, string>,
  };
  const isVerified = await httpbis.verifyMessage(
    {
      keyLookup: async ({ keyid }) =>
        keyid === publicKey.id ? { id: publicKey.id, algs: [alg], verify } : null,
      requiredFields: ['@method', '@target-uri', 'content-digest'],
      requiredParams: ['created', 'keyid'],
    },
    message,
  );
  expect(isVerified).toBe(true);
  expect(await verifyDigestHeader(message, new Uint8Array(second.body), true)).toBe(true);
});
