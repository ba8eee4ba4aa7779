import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignedRequest } from '../../../../plugins/federation/signatures/signed-request.ts';
import { checkSignature, readSignature } from '../../../../plugins/federation/signatures/verify.ts';
import { NOW, postHeaders, received, rsa, signedByModernPeer, signedByPeer } from './support.ts';

const cavage = received(
  signedByPeer(postHeaders(), { covered: '(request-target) host date digest content-type content-length' }),
);
const modern = received(
  signedByModernPeer(postHeaders(), {
    covered: ['@method', '@target-uri', 'content-digest', 'date', 'content-type'],
  }),
);

async function isAccepted(request: SignedRequest): Promise<boolean> {
  const reading = readSignature(request, NOW);
  return reading.kind === 'claim' && (await checkSignature(reading.claim, rsa.publicKey));
}

/** One byte of one covered part changed; blanks at a header's ends and the case of the method belong to no part. */
function mutated(request: SignedRequest, part: string, position: number, byte: number): SignedRequest {
  const change = (text: string) => {
    const at = position % text.length;
    return text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
  };
  if (part === 'body') {
    const body = Uint8Array.from(request.body);
    body[position % body.length] = byte;
    return { ...request, body };
  }
  if (part === 'target') return { ...request, target: change(request.target) };
  const headers = request.headers.map(
    ([name, value]) => [name, name.toLowerCase() === part ? change(value) : value] as const,
  );
  return { ...request, headers };
}

function isSame(a: SignedRequest, b: SignedRequest): boolean {
  return (
    JSON.stringify([a.target, a.headers, [...a.body]]) === JSON.stringify([b.target, b.headers, [...b.body]])
  );
}

describe('a changed byte is noticed', () => {
  test.each([
    ['cavage', cavage, ['body', 'target', 'host', 'date', 'digest', 'content-type', 'content-length']],
    ['RFC 9421', modern, ['body', 'target', 'date', 'content-digest', 'content-type']],
  ] as const)('in anything that a %s signature covers', async (_, request, parts) => {
    expect(await isAccepted(request)).toBe(true);
    const mutation = fc.tuple(
      fc.constantFrom<string>(...parts),
      fc.nat(),
      fc.integer({ min: 0x21, max: 0xff }),
    );
    await fc.assert(
      fc.asyncProperty(mutation, async ([part, position, byte]) => {
        const changed = mutated(request, part, position, byte);
        fc.pre(!isSame(request, changed));
        expect(await isAccepted(changed)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('in a covered header beyond Latin-1, which would shrink to the signed byte', async () => {
    const headers = cavage.headers.map(
      ([name, value]) =>
        [name, name === 'Content-Type' ? value.replace('a', String.fromCharCode(0x0161)) : value] as const,
    );
    expect(await isAccepted({ ...cavage, headers })).toBe(false);
  });
});

describe('reading never throws', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'keyId="k"',
      'headers="(request-target) host date digest"',
      'signature="AAAA"',
      'created=',
      'sig1',
    ),
    fc.constantFrom(
      '"',
      '\\',
      ',',
      '=',
      '(',
      ')',
      ';',
      ':',
      ' ',
      '@',
      '?1',
      '%"',
      '-',
      '9'.repeat(16),
      '"@method"',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const header = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  test('whatever the headers hold', () => {
    fc.assert(
      fc.property(header, header, fc.boolean(), header, (signature, input, isModern, other) => {
        const lines: Array<[string, string]> = [
          ...Object.entries(postHeaders()),
          ['Signature', signature],
          ['Content-Digest', other],
        ];
        if (isModern) lines.push(['Signature-Input', input]);
        expect(['claim', 'refused']).toContain(readSignature(received(lines), NOW).kind);
      }),
      { numRuns: 3000 },
    );
  });

  test('nor checking a signature of any length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 600 }), async (bytes) => {
        const signature = Buffer.from(bytes).toString('base64');
        const headers = {
          ...postHeaders(),
          Signature: `keyId="k",headers="(request-target) host date digest",signature="${signature}"`,
        };
        expect(await isAccepted(received(headers))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a hostile header is answered within 50 ms', () => {
  const KIB_60 = 60 * 1024;
  const parameters = Array.from({ length: 10_000 }, (_, index) => `p${index}="v"`).join(',');
  const hostile: Array<[string, Record<string, string>]> = [
    ['10,000 parameters', { Signature: parameters }],
    ['10,000 short ones', { Signature: 'a=1,'.repeat(10_000) }],
    ['60 KiB of value', { Signature: `keyId="${'k'.repeat(KIB_60)}",headers="date",signature="AAAA"` }],
    ['60 KiB of quotation marks', { Signature: '"'.repeat(KIB_60) }],
    ['60 KiB of backslashes', { Signature: `keyId="${'\\'.repeat(KIB_60)}` }],
    ['60 KiB of blanks', { Signature: `keyId${' '.repeat(KIB_60)}` }],
    ['60 KiB of blanks in a date', { Date: `Sun${' '.repeat(KIB_60)}GMT` }],
    [
      '60 KiB of header names',
      { Signature: `keyId="k",headers="${'a '.repeat(KIB_60 / 2)}",signature="AAAA"` },
    ],
    ['60 KiB of digests', { Digest: 'a=b,'.repeat(KIB_60 / 4) }],
    ['60 KiB of digest without a comma', { Digest: '='.repeat(KIB_60) }],
    ['10,000 RFC 9421 parameters', { 'Signature-Input': `sig1=()${parameters.replaceAll(',', ';')}` }],
    ['60 KiB of open lists', { 'Signature-Input': '('.repeat(KIB_60) }],
    ['60 KiB of RFC 9421 components', { 'Signature-Input': `sig1=(${'"a" '.repeat(KIB_60 / 4)})` }],
    ['10,000 labels', { 'Signature-Input': 'a=(),'.repeat(10_000) }],
    ['8 KiB of RFC 9421 labels', { 'Signature-Input': `${'a=(),'.repeat(1600)}a=()` }],
    ['8 KiB of parameters', { Signature: `${'a=1,'.repeat(2000)}a=1` }],
  ];

  test.each(hostile)('%s', (_, headers) => {
    const request = received({ ...signedByPeer(postHeaders()), ...headers });
    const started = performance.now();
    const reading = readSignature(request, NOW);
    expect(performance.now() - started).toBeLessThan(50);
    expect(reading.kind).toBe('refused');
  });
});
