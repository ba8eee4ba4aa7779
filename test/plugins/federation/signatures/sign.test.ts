import { generateKeyPairSync } from 'node:crypto';
import {
  parseRequestSignature,
  verifyDigestHeader,
  verifyDraftSignature,
} from '@misskey-dev/node-http-message-signatures';
import { createVerifier, httpbis } from 'http-message-signatures';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../../plugins/federation/signatures/digest.ts';
import { UnusableKeyError } from '../../../../plugins/federation/signatures/keys.ts';
import { signCavage, signRfc9421 } from '../../../../plugins/federation/signatures/sign.ts';
import { checkSignature, readSignature } from '../../../../plugins/federation/signatures/verify.ts';
import { BODY, claimOf, ed25519, NOW, received, rsa, secondsAt } from './support.ts';

const url = new URL('https://remote.example:8443/users/bob/inbox?tenant=1');
const keyId = 'https://blog.example/ap/users/1#main-key';
const key = { keyId, privateKey: rsa.privateKey };
const publicKeyPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const there = { target: '/users/bob/inbox?tenant=1', origin: 'https://remote.example:8443' };

describe('signCavage', () => {
  test('signs a POST over (request-target) host date digest', async () => {
    const headers = await signCavage(key, { method: 'POST', url, body: BODY, now: NOW });
    expect(headers).toEqual({
      Host: 'remote.example:8443',
      Date: 'Sun, 01 Nov 2026 12:00:00 GMT',
      Digest: expect.stringMatching(/^SHA-256=[A-Za-z0-9+/]{43}=$/),
      Signature: expect.stringMatching(
        /^keyId="https:\/\/blog\.example\/ap\/users\/1#main-key",algorithm="rsa-sha256",headers="\(request-target\) host date digest",signature="[A-Za-z0-9+/=]+"$/,
      ),
    });
  });

  test('signs a GET over (request-target) host date', async () => {
    const headers = await signCavage(key, { method: 'GET', url, now: NOW });
    expect(Object.keys(headers)).toEqual(['Host', 'Date', 'Signature']);
    expect(headers.Signature).toContain('headers="(request-target) host date"');
    const request = received(headers, { ...there, method: 'GET', body: Buffer.alloc(0) });
    expect(await checkSignature(claimOf(readSignature(request, NOW)), rsa.publicKey)).toBe(true);
  });

  test('takes a digest that is already known for the body', async () => {
    const fromBody = await signCavage(key, { method: 'POST', url, body: BODY, now: NOW });
    const fromDigest = await signCavage(key, { method: 'POST', url, digest: digestOf(BODY), now: NOW });
    expect(fromDigest).toEqual(fromBody);
  });

  test('leaves the query out when told', async () => {
    const headers = await signCavage(key, { method: 'POST', url, body: BODY, now: NOW, includeQuery: false });
    const claim = claimOf(readSignature(received(headers, { ...there, target: '/users/bob/inbox' }), NOW));
    expect(await checkSignature(claim, rsa.publicKey)).toBe(true);
  });

  test('satisfies Misskey’s own library', async () => {
    const headers = await signCavage(key, { method: 'POST', url, body: BODY, now: new Date() });
    const request = { method: 'POST', url: '/users/bob/inbox?tenant=1', headers };
    const options = { requiredComponents: { draft: ['(request-target)', 'host', 'date', 'digest'] } };
    const parsed = parseRequestSignature(request, options);
    if (parsed.version !== 'draft') throw new Error('not read as a draft signature');
    expect(parsed.value.keyId).toBe(keyId);
    expect(await verifyDraftSignature(parsed.value, publicKeyPem)).toBe(true);
    expect(await verifyDigestHeader(request, BODY, true)).toBe(true);
  });

  test('signs with Ed25519 too', async () => {
    const signer = { keyId, privateKey: ed25519.privateKey };
    const headers = await signCavage(signer, { method: 'POST', url, body: BODY, now: NOW });
    expect(headers.Signature).toContain('algorithm="ed25519"');
    const claim = claimOf(readSignature(received(headers, there), NOW));
    expect(await checkSignature(claim, ed25519.publicKey)).toBe(true);
  });

  test('refuses a key that no receiver would accept', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const signing = signCavage({ keyId, privateKey: weak }, { method: 'GET', url, now: NOW });
    await expect(signing).rejects.toThrow(UnusableKeyError);
  });
});

describe('signRfc9421', () => {
  test('signs a POST over @method @target-uri content-digest and sends Date and Digest along', async () => {
    const headers = await signRfc9421(key, { method: 'POST', url, body: BODY, now: NOW });
    const base64 = digestOf(BODY).slice('SHA-256='.length);
    expect(headers).toEqual({
      Host: 'remote.example:8443',
      Date: 'Sun, 01 Nov 2026 12:00:00 GMT',
      Digest: `SHA-256=${base64}`,
      'Content-Digest': `sha-256=:${base64}:`,
      'Signature-Input': `sig1=("@method" "@target-uri" "content-digest");created=${secondsAt(NOW)};keyid="${keyId}";alg="rsa-v1_5-sha256"`,
      Signature: expect.stringMatching(/^sig1=:[A-Za-z0-9+/=]+:$/),
    });
  });

  test('signs a GET over @method @target-uri', async () => {
    const headers = await signRfc9421(key, { method: 'GET', url, now: NOW });
    expect(headers['Signature-Input']).toContain('sig1=("@method" "@target-uri");');
    const request = received(headers, { ...there, method: 'GET', body: Buffer.alloc(0) });
    expect(await checkSignature(claimOf(readSignature(request, NOW)), rsa.publicKey)).toBe(true);
  });

  test.each([
    ['rsa-v1_5-sha256', rsa],
    ['ed25519', ed25519],
  ])('satisfies http-message-signatures with %s', async (alg, pair) => {
    const signer = { keyId, privateKey: pair.privateKey };
    const headers = await signRfc9421(signer, { method: 'POST', url, body: BODY, now: new Date() });
    const message = { method: 'POST', url: url.href, headers };
    const verified = await httpbis.verifyMessage(
      {
        keyLookup: async ({ keyid }) =>
          keyid === keyId ? { id: keyId, algs: [alg], verify: createVerifier(pair.publicKey, alg) } : null,
        requiredFields: ['@method', '@target-uri', 'content-digest'],
        requiredParams: ['created', 'keyid'],
      },
      message,
    );
    expect(verified).toBe(true);
    expect(await verifyDigestHeader(message, BODY, true)).toBe(true);
  });
});
