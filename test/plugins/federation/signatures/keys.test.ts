import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { importPublicKey, UnusableKeyError } from '../../../../plugins/federation/signatures/keys.ts';
import { ed25519, rsa } from './support.ts';

const spki = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const pkcs1 = rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
function multibase(prefix: number[], bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from([...prefix, ...bytes]).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = BASE58.charAt(Number(number % 58n)) + text;
  return `z${text}`;
}
const ed25519Raw = ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);

describe('a public key is read', () => {
  test.each([
    ['SPKI', spki],
    ['PKCS#1, as Funkwhale serves it', pkcs1],
    ['CRLF line ends, as Mbin’s instance actor has them', spki.replaceAll('\n', '\r\n')],
    ['blanks around it', `\n  ${spki}\n\n`],
    ['one long line', spki.replace(/(?<!-)\n(?!-)/g, '')],
    ['a Multikey', multibase([0x85, 0x24], rsa.publicKey.export({ type: 'pkcs1', format: 'der' }))],
  ])('from %s', (_, text) => {
    expect(importPublicKey(text).equals(rsa.publicKey)).toBe(true);
  });

  test.each([
    ['SPKI', ed25519.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['a Multikey', multibase([0xed, 0x01], ed25519Raw)],
  ])('of Ed25519 from %s', (_, text) => {
    expect(importPublicKey(text).equals(ed25519.publicKey)).toBe(true);
  });

  test('from the multibase example of the Controlled Identifiers specification', () => {
    const key = importPublicKey('z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu');
    expect(key.asymmetricKeyType).toBe('ed25519');
  });
});

const pemOf = (pair: { publicKey: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer } }) =>
  pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

function withExponent(e: string): string {
  const key = { ...rsa.publicKey.export({ format: 'jwk' }), e };
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}

describe('a key is refused', () => {
  test.each([
    ['RSA of 1024 bits', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
    ['RSA for PSS only', pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }))],
    ['an elliptic curve', pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }))],
    ['a huge exponent', withExponent('AQAAAA8')],
    ['the exponent 1', withExponent('AQ')],
    ['X25519', pemOf(generateKeyPairSync('x25519'))],
    ['a private key', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['mixed labels', spki.replace('END PUBLIC', 'END RSA PUBLIC')],
    ['the wrong label', pkcs1.replaceAll('RSA PUBLIC', 'PUBLIC')],
    ['PEM without a key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    ['nothing', ''],
    ['100 KiB', `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(100_000)}\n-----END PUBLIC KEY-----`],
    ['multibase of something else', multibase([0xe7, 0x01], ed25519Raw)],
    ['multibase with a letter that base58 lacks', 'z6Mk0OIl'],
    ['a lone z', 'z'],
    ['long multibase', `z${'2'.repeat(5000)}`],
  ])('that is %s', (_, text) => {
    expect(() => importPublicKey(text)).toThrow(UnusableKeyError);
  });
});
