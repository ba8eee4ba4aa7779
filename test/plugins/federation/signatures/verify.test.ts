import { signAsDraftToRequest } from '@misskey-dev/node-http-message-signatures';
import { createSigner, httpbis } from 'http-message-signatures';
import { describe, expect, test } from 'vitest';
import { importPublicKey } from '../../../../plugins/federation/signatures/keys.ts';
import { checkSignature, readSignature } from '../../../../plugins/federation/signatures/verify.ts';
import {
  BODY,
  type CavageOptions,
  claimOf,
  ed25519,
  hoursFrom,
  KEY_ID,
  NOW,
  ORIGIN,
  otherRsa,
  postHeaders,
  type Rfc9421Options,
  received,
  rsa,
  secondsAt,
  signedByModernPeer,
  signedByPeer,
} from './support.ts';

const NOTHING = Buffer.alloc(0);
const created = String(secondsAt(NOW));
const expires = String(secondsAt(NOW) + 10);

describe('draft-cavage signatures', () => {
  const accepted: Array<[string, CavageOptions]> = [
    ['Mastodon', { covered: '(request-target) host date digest content-type' }],
    ['Misskey', { covered: '(request-target) date host digest' }],
    ['GoToSocial, hs2019', { covered: '(request-target) host date digest', algorithm: 'hs2019' }],
    ['no algorithm at all', { algorithm: null }],
    ['RSA with SHA-512', { algorithm: 'rsa-sha512', hash: 'sha512' }],
    ['hs2019 with SHA-512', { algorithm: 'hs2019', hash: 'sha512' }],
    [
      'Friendica, which signs content-length',
      { covered: '(request-target) date digest content-length content-type host' },
    ],
    [
      'Lemmy, which signs (created) and (expires) and no date',
      {
        covered: '(request-target) (created) (expires) host digest content-type',
        algorithm: 'hs2019',
        created,
        expires,
      },
    ],
    ['quoted times', { covered: '(request-target) (created) host digest date', created }],
  ];

  test.each(accepted)('are accepted as %s makes them', async (_, options) => {
    const claim = claimOf(readSignature(received(signedByPeer(postHeaders(), options)), NOW));
    expect(claim).toMatchObject({ scheme: 'cavage', keyId: KEY_ID });
    expect(await checkSignature(claim, rsa.publicKey)).toBe(true);
    expect(await checkSignature(claim, otherRsa.publicKey)).toBe(false);
  });

  test.each(['ed25519', 'hs2019', 'ed25519-sha512'])(
    'with an Ed25519 key named %s are accepted',
    async (algorithm) => {
      const headers = signedByPeer(postHeaders(), { algorithm, hash: null, key: ed25519.privateKey });
      expect(await checkSignature(claimOf(readSignature(received(headers), NOW)), ed25519.publicKey)).toBe(
        true,
      );
    },
  );

  test('may name an algorithm only if it is the key’s', async () => {
    const headers = signedByPeer(postHeaders(), { algorithm: 'ed25519' });
    expect(await checkSignature(claimOf(readSignature(received(headers), NOW)), rsa.publicKey)).toBe(false);
    const others = signedByPeer(postHeaders(), {
      algorithm: 'rsa-sha256',
      hash: null,
      key: ed25519.privateKey,
    });
    expect(await checkSignature(claimOf(readSignature(received(others), NOW)), ed25519.publicKey)).toBe(
      false,
    );
  });

  test.each(['/inbox?tenant=1', '/inbox'])('may cover the query or leave it out: %s', async (target) => {
    const headers = signedByPeer(postHeaders(), { target });
    const claim = claimOf(readSignature(received(headers, { target: '/inbox?tenant=1' }), NOW));
    expect(await checkSignature(claim, rsa.publicKey)).toBe(true);
  });

  test.each([
    ['another path', { target: '/users/alice/inbox' }],
    ['another query', { target: '/inbox?tenant=2' }],
    ['another method', { method: 'put' }],
  ])('for %s do not fit here', async (_, options) => {
    const headers = signedByPeer(postHeaders(), options);
    const claim = claimOf(readSignature(received(headers, { target: '/inbox?tenant=1' }), NOW));
    expect(await checkSignature(claim, rsa.publicKey)).toBe(false);
  });

  test('of a GET need no digest', async () => {
    const { Host = '', Date: date = '' } = postHeaders();
    const options = { covered: '(request-target) host date', method: 'get', target: '/users/alice' };
    const headers = signedByPeer({ Host, Date: date }, options);
    const request = received(headers, { method: 'GET', target: '/users/alice', body: NOTHING });
    expect(await checkSignature(claimOf(readSignature(request, NOW)), rsa.publicKey)).toBe(true);
  });

  test('made by Misskey’s own library are accepted', async () => {
    const request = { headers: { ...postHeaders() }, method: 'POST', url: '/inbox', body: BODY.toString() };
    const privateKeyPem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await signAsDraftToRequest(request, { keyId: KEY_ID, privateKeyPem }, [
      '(request-target)',
      'date',
      'host',
      'digest',
    ]);
    const publicKey = importPublicKey(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString());
    expect(await checkSignature(claimOf(readSignature(received(request.headers), NOW)), publicKey)).toBe(
      true,
    );
  });

  test.each([
    ['eleven hours old', hoursFrom(NOW, -11)],
    ['almost an hour ahead', hoursFrom(NOW, 0.9)],
  ])('%s are accepted', (_, date) => {
    const headers = signedByPeer({ ...postHeaders(), Date: date.toUTCString() });
    expect(readSignature(received(headers), NOW).kind).toBe('claim');
  });

  test('of any case and with the default port in Host are accepted', () => {
    const headers = signedByPeer({ ...postHeaders(), Host: 'Blog.Example:443' });
    expect(readSignature(received(headers), NOW).kind).toBe('claim');
  });

  test.each(['sha-256', 'SHA-256', 'Sha-256'])('may write the digest’s algorithm as %s', (name) => {
    const { Digest = '', ...rest } = postHeaders();
    const headers = signedByPeer({ ...rest, Digest: Digest.replace('SHA-256', name) });
    expect(readSignature(received(headers), NOW).kind).toBe('claim');
  });

  test('may carry several digests when SHA-256 is among them', () => {
    const headers = postHeaders();
    const signed = signedByPeer({ ...headers, Digest: `unixsum=30637, MD5=abc=, ${headers.Digest}` });
    expect(readSignature(received(signed), NOW).kind).toBe('claim');
  });

  test('may have a keyId of 2,048 bytes', () => {
    const headers = signedByPeer(postHeaders());
    const keyId = `https://remote.example/${'k'.repeat(2048 - 23)}`;
    const signed = { ...headers, Signature: (headers.Signature ?? '').replace(KEY_ID, keyId) };
    expect(claimOf(readSignature(received(signed), NOW)).keyId).toBe(keyId);
  });

  test('may have blanks around parameters, escapes in them, quoted times, and unknown parameters', () => {
    const { Signature = '' } = signedByPeer(postHeaders());
    const spaced = `  ${Signature.replaceAll('",', '" ,\t')} , created="${created}", opaque="a \\"b\\" \\\\c, d=e"`;
    expect(readSignature(received({ ...postHeaders(), Signature: spaced }), NOW).kind).toBe('claim');
  });
});

describe('RFC 9421 signatures', () => {
  const at = secondsAt(NOW);
  const accepted: Array<[string, Rfc9421Options]> = [
    ['@method and @target-uri', {}],
    [
      'Fedify’s list',
      {
        covered: ['@method', '@target-uri', '@authority', 'host', 'date', 'content-digest'],
        parameters: `;alg="rsa-v1_5-sha256";keyid="${KEY_ID}";created=${at}`,
      },
    ],
    [
      'NodeBB’s tag and nonce',
      {
        covered: ['@method', '@target-uri', '@authority', 'content-digest'],
        parameters: `;created=${at};keyid="${KEY_ID}";nonce="n/1";tag="activitypub"`,
      },
    ],
    [
      'authority and path',
      { covered: ['@method', '@authority', '@path', '@query', '@scheme', 'content-digest', 'content-type'] },
    ],
    [
      'host and request target',
      { covered: ['@method', 'host', '@request-target', 'content-digest', 'content-length'] },
    ],
    ['SHA-512', { parameters: `;created=${at};keyid="${KEY_ID}";alg="rsa-v1_5-sha512"`, hash: 'sha512' }],
    ['an expiry', { parameters: `;created=${at};expires=${at + 60};keyid="${KEY_ID}"` }],
  ];

  test.each(accepted)('over %s are accepted', async (_, options) => {
    const claim = claimOf(readSignature(received(signedByModernPeer(postHeaders(), options)), NOW));
    expect(claim).toMatchObject({ scheme: 'rfc9421', keyId: KEY_ID });
    expect(await checkSignature(claim, rsa.publicKey)).toBe(true);
    expect(await checkSignature(claim, otherRsa.publicKey)).toBe(false);
  });

  test('with an Ed25519 key are accepted', async () => {
    const parameters = `;created=${at};keyid="${KEY_ID}";alg="ed25519"`;
    const headers = signedByModernPeer(postHeaders(), { parameters, hash: null, key: ed25519.privateKey });
    expect(await checkSignature(claimOf(readSignature(received(headers), NOW)), ed25519.publicKey)).toBe(
      true,
    );
    expect(await checkSignature(claimOf(readSignature(received(headers), NOW)), rsa.publicKey)).toBe(false);
  });

  test.each([
    ['another path', '@target-uri', `${ORIGIN}/users/alice/inbox`],
    ['another host', '@target-uri', 'https://other.example/inbox'],
    ['another scheme', '@target-uri', 'http://blog.example/inbox'],
    ['another method', '@method', 'GET'],
  ])('for %s do not fit here', async (_, name, value) => {
    const headers = signedByModernPeer(postHeaders(), { values: { [name]: value } });
    expect(await checkSignature(claimOf(readSignature(received(headers), NOW)), rsa.publicKey)).toBe(false);
  });

  test('made by http-message-signatures are accepted', async () => {
    const key = createSigner(rsa.privateKey, 'rsa-v1_5-sha256', KEY_ID);
    const { 'Content-Digest': digest = '' } = signedByModernPeer(postHeaders());
    const message = {
      method: 'POST',
      url: `${ORIGIN}/inbox?a=1`,
      headers: { ...postHeaders(), 'Content-Digest': digest },
    };
    const fields = ['@method', '@target-uri', '@authority', '@query', 'content-digest', 'content-type'];
    const { headers } = await httpbis.signMessage({ key, fields, paramValues: { created: NOW } }, message);
    const claim = claimOf(readSignature(received(headers, { target: '/inbox?a=1' }), NOW));
    expect(await checkSignature(claim, rsa.publicKey)).toBe(true);
  });

  test('of the specification’s own example fit (RFC 9421 appendix B.4)', async () => {
    const lines: Array<[string, string]> = [
      ['Host', 'example.org'],
      ['Date', 'Fri, 15 Jul 2022 14:24:55 GMT'],
      ['Accept', 'application/json'],
      ['Accept', '*/*'],
      [
        'Signature-Input',
        'transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"',
      ],
      [
        'Signature',
        'transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:',
      ],
    ];
    const parts = {
      method: 'GET',
      target: '/demo?name1=Value1&Name2=value2',
      body: NOTHING,
      origin: 'https://example.org',
    };
    const claim = claimOf(readSignature(received(lines, parts), new Date(1618884473000)));
    const key = importPublicKey(
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----',
    );
    expect(claim.keyId).toBe('test-key-ed25519');
    expect(await checkSignature(claim, key)).toBe(true);
  });
});
