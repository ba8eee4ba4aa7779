import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../../plugins/federation/signatures/canonical-json.ts';
import { importPublicKey, multibaseOf } from '../../../../plugins/federation/signatures/keys.ts';
import { addProof, checkProof, readProof } from '../../../../plugins/federation/signatures/proof.ts';
import { readMultibase, writeMultibase } from '../../../../plugins/federation/vocabulary/multibase.ts';
import { ed25519, hoursFrom, NOW, rsa } from './support.ts';

const keyId = 'https://remote.example/users/bob#ed25519-key';
const key = { keyId, privateKey: ed25519.privateKey };
const document = {
  '@context': ['https://www.w3.org/ns/activitystreams', { Hashtag: 'as:Hashtag' }],
  id: 'https://remote.example/activities/1',
  type: 'Create',
  actor: 'https://remote.example/users/bob',
  object: { id: 'https://remote.example/notes/1', content: 'Grüße – “1” 🪁', n: [1, 2.5, 1e21, null, true] },
};

const isProven = (written: Readonly<Record<string, unknown>>, publicKey = ed25519.publicKey, now = NOW) => {
  const claim = readProof(JSON.parse(JSON.stringify(written)), now);
  return claim !== null && checkProof(claim, publicKey);
};

describe('the canonical form of JSON', () => {
  test('is that of the example in RFC 8785, section 3.2.2', () => {
    const example =
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
    expect(canonicalJson(JSON.parse(example))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('sorts members by UTF-16 code units, as in RFC 8785, section 3.2.3', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const written = canonicalJson(Object.fromEntries(names.map((name) => [name, 0])));
    const places = sorted.map((name) => written.indexOf(JSON.stringify(name)));
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  test('does not exist for lone surrogates', () => {
    expect(() => canonicalJson({ text: '\ud800' })).toThrow(TypeError);
  });
});

test('multibase brings every sequence of bytes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(readMultibase(writeMultibase(bytes))).toEqual(Buffer.from(bytes));
    }),
    { numRuns: 200 },
  );
});

describe('an integrity proof', () => {
  test('is that of the example in FEP-8b32', () => {
    const signed = {
      '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/data-integrity/v1'],
      type: 'Create',
      actor: 'https://server.example/users/alice',
      object: { type: 'Note', content: 'Hello world' },
      proof: {
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-jcs-2022',
        verificationMethod: 'https://server.example/users/alice#ed25519-key',
        proofPurpose: 'assertionMethod',
        proofValue:
          'z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2',
        created: '2023-02-24T23:36:38Z',
      },
    };
    const publicKey = importPublicKey('z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2');
    const then = new Date('2023-02-25T00:00:00Z');
    expect(isProven(signed, publicKey, then)).toBe(true);
    expect(isProven({ ...signed, actor: 'https://server.example/users/eve' }, publicKey, then)).toBe(false);
  });

  test('is that of the example in the W3C’s EdDSA cryptosuites', () => {
    const context = ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'];
    const signed = {
      '@context': context,
      id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
      type: ['VerifiableCredential', 'AlumniCredential'],
      name: 'Alumni Credential',
      description: 'A minimum viable example of an Alumni Credential.',
      issuer: 'https://vc.example/issuers/5678',
      validFrom: '2023-01-01T00:00:00Z',
      credentialSubject: { id: 'did:example:abcdefgh', alumniOf: 'The School of Examples' },
      proof: {
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-jcs-2022',
        created: '2023-02-24T23:36:38Z',
        verificationMethod:
          'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
        proofPurpose: 'assertionMethod',
        '@context': context,
        proofValue:
          'z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX',
      },
    };
    const publicKey = importPublicKey('z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2');
    expect(isProven(signed, publicKey, new Date('2023-02-25T00:00:00Z'))).toBe(true);
  });

  test('fits the document that it was made for, however its members are ordered', () => {
    const proven = addProof(document, { key, created: NOW });
    expect(isProven(proven)).toBe(true);
    expect(isProven(Object.fromEntries(Object.entries(proven).reverse()))).toBe(true);
    expect(isProven({ ...proven, signature: { type: 'RsaSignature2017' } })).toBe(true);
    expect(isProven({ ...proven, proof: [{ type: 'Other' }, proven.proof] })).toBe(true);
  });

  test('is one even where a Linked Data signature was there before', () => {
    expect(isProven(addProof({ ...document, signature: { type: 'x' } }, { key, created: NOW }))).toBe(true);
  });

  const proven = addProof(document, { key, created: NOW });
  const changed = (change: Record<string, unknown>) => ({
    ...proven,
    proof: { ...(proven.proof as Record<string, unknown>), ...change },
  });
  test.each([
    ['a member is added', { ...proven, to: 'as:Public' }],
    [
      'a member is changed deep within',
      { ...proven, object: { ...document.object, n: [1, 2.5, 1e21, null, 1] } },
    ],
    ['its context is another one', changed({ '@context': 'https://www.w3.org/ns/activitystreams' })],
    ['its purpose is another one', changed({ proofPurpose: 'authentication' })],
    ['its time was changed', changed({ created: '2026-11-01T11:00:00Z' })],
    ['it stands on another proof', changed({ previousProof: 'urn:1' })],
    ['its kind is another one', changed({ cryptosuite: 'eddsa-rdfc-2022' })],
    ['its value is too short', changed({ proofValue: 'z111' })],
    ['its value is not multibase', changed({ proofValue: 'f00' })],
    ['its value is none', changed({ proofValue: 7 })],
    ['it names no key', changed({ verificationMethod: { id: keyId } })],
    ['it has no time', changed({ created: undefined })],
    ['its time has no zone', changed({ created: '2026-11-01T12:00:00' })],
    ['it has expired', changed({ expires: '2026-11-01T11:00:00Z' })],
    ['there is none', document],
    ['it is a text', { ...document, proof: 'proof' }],
    ['it is one of a hundred', { ...document, proof: [...Array(99).fill({}), proven.proof] }],
    ['the document has no canonical form', { ...proven, extra: '\ud800' }],
  ])('proves nothing where %s', (_, written) => {
    const claim = readProof(written, NOW);
    expect(claim !== null && checkProof(claim, ed25519.publicKey)).toBe(false);
  });

  test('proves nothing with another key, or one of another kind', () => {
    expect(isProven(proven, generateKeyPairSync('ed25519').publicKey)).toBe(false);
    expect(isProven(proven, rsa.publicKey)).toBe(false);
  });

  test('is worth as long as a signed request: twelve hours', () => {
    expect(isProven(proven, ed25519.publicKey, hoursFrom(NOW, 11))).toBe(true);
    expect(isProven(proven, ed25519.publicKey, hoursFrom(NOW, 13))).toBe(false);
    expect(isProven(proven, ed25519.publicKey, hoursFrom(NOW, -2))).toBe(false);
  });

  test('never fails on what a stranger may write there', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 3 }), (proof, value) => {
        const claim = readProof({ value, proof }, NOW);
        expect(claim === null || !checkProof(claim, ed25519.publicKey)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

test('a public key of ours is written as others read it', () => {
  const multibase = multibaseOf(ed25519.privateKey);
  expect(multibase).toMatch(/^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/);
  expect(importPublicKey(multibase).equals(createPublicKey(ed25519.privateKey))).toBe(true);
});
