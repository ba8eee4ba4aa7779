import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SignedRequest } from '../../../../plugins/federation/signatures/signed-request.ts';
import { readSignature } from '../../../../plugins/federation/signatures/verify.ts';
import {
  BODY,
  hoursFrom,
  KEY_ID,
  NOW,
  postHeaders,
  received,
  secondsAt,
  signedByModernPeer,
  signedByPeer,
} from './support.ts';

type Row = [what: string, request: () => SignedRequest, status: 400 | 401, reason: RegExp];

const at = secondsAt(NOW);
const cavage = signedByPeer(postHeaders());
const modern = signedByModernPeer(postHeaders());
const minimal = 'keyId="k",headers="(request-target) host date digest",signature="AAAA"';

const without = (headers: Record<string, string>, name: string) =>
  received(Object.entries(headers).filter(([key]) => key !== name));
const withHeader = (name: string, value: string, parts: Partial<SignedRequest> = {}) =>
  received({ ...cavage, [name]: value }, parts);
const twice = (headers: Record<string, string>, name: string) =>
  received([...Object.entries(headers), [name.toLowerCase(), headers[name] ?? '']]);
const covering = (covered: string) => () => received(signedByPeer(postHeaders(), { covered }));
const dated = (date: string) => () => received(signedByPeer({ ...postHeaders(), Date: date }));
const digested = (digest: string) => () => received(signedByPeer({ ...postHeaders(), Digest: digest }));
const timed = (times: { created?: string; expires?: string }) => () =>
  received(signedByPeer(postHeaders(), { covered: '(request-target) host date digest', ...times }));
const modernly = (covered: string[]) => () => received(signedByModernPeer(postHeaders(), { covered }));
const withParameters = (parameters: string) => () =>
  received(signedByModernPeer(postHeaders(), { parameters }));
const named = (algorithm: string) => () => received(signedByPeer(postHeaders(), { algorithm }));
const sha256 = createHash('sha256').update(BODY).digest('base64');
const md5 = createHash('md5').update(BODY).digest('base64');

const rows: Row[] = [
  ['no signature', () => without(cavage, 'Signature'), 401, /not signed/],
  [
    'an Authorization header in place of it',
    () => received({ ...postHeaders(), Authorization: `Signature ${minimal}` }),
    401,
    /not signed/,
  ],

  ['two Signature headers', () => twice(cavage, 'Signature'), 400, /more than one signature/],
  ['two Date headers', () => twice(cavage, 'Date'), 400, /more than one date/],
  ['two Digest headers', () => twice(cavage, 'Digest'), 400, /more than one digest/],
  ['two Host headers', () => twice(cavage, 'Host'), 400, /more than one host/],
  ['two Content-Digest headers', () => twice(modern, 'Content-Digest'), 400, /more than one content-digest/],
  [
    'two Signature-Input headers',
    () => twice(modern, 'Signature-Input'),
    400,
    /more than one signature-input/,
  ],

  ['a digest that is not there', () => without(cavage, 'Digest'), 401, /does not have/],
  ['an unsigned digest', covering('(request-target) host date'), 401, /does not cover digest/],
  ['an unsigned request target', covering('host date digest'), 401, /does not cover \(request-target\)/],
  ['an unsigned host', covering('(request-target) date digest'), 401, /does not cover host/],
  ['neither date nor (created)', covering('(request-target) host digest'), 401, /neither date nor/],
  [
    'an empty list of headers',
    () => withHeader('Signature', 'keyId="k",headers="",signature="AAAA"'),
    400,
    /empty/,
  ],
  [
    'a blank list of headers',
    () => withHeader('Signature', 'keyId="k",headers="   ",signature="AAAA"'),
    400,
    /empty/,
  ],
  ['no list of headers', () => withHeader('Signature', 'keyId="k",signature="AAAA"'), 401, /does not list/],
  ['a header signed twice', covering('(request-target) host date digest date'), 400, /twice/],
  [
    'a signed header that is missing',
    () => withHeader('Signature', minimal.replace('digest', 'digest x-other')),
    401,
    /does not have/,
  ],
  [
    '(created) signed but not given',
    covering('(request-target) host date digest (created)'),
    400,
    /does not give it/,
  ],
  ['an unknown pseudo-header', covering('(request-target) host date digest (opaque)'), 401, /does not have/],
  [
    'a line break in a signed header',
    () =>
      received(
        signedByPeer(
          { ...postHeaders(), 'Content-Type': 'a/b\nhost: evil.example' },
          { covered: '(request-target) host date digest content-type' },
        ),
      ),
    400,
    /line break/,
  ],
  [
    'a line break in the target',
    () => received(cavage, { target: '/inbox\nhost: blog.example' }),
    400,
    /target/,
  ],
  [
    'a target that is no path',
    () => received(cavage, { target: 'https://blog.example/inbox' }),
    400,
    /target/,
  ],
  [
    'another host',
    () => received(signedByPeer({ ...postHeaders(), Host: 'other.example' })),
    401,
    /another host/,
  ],
  [
    'another port',
    () => received(signedByPeer({ ...postHeaders(), Host: 'blog.example:8443' })),
    401,
    /another host/,
  ],

  ['a date 13 hours old', dated(hoursFrom(NOW, -13).toUTCString()), 401, /older than 12 hours/],
  ['a date 2 hours ahead', dated(hoursFrom(NOW, 2).toUTCString()), 401, /future/],
  ['a date that is none', dated('yesterday GMT'), 400, /not a date/],
  ['a date without a zone', dated('Sun, 01 Nov 2026 12:00:00'), 400, /not a date/],
  ['a creation 13 hours ago', timed({ created: String(at - 13 * 3600) }), 401, /older than 12 hours/],
  ['a creation 2 hours ahead', timed({ created: String(at + 2 * 3600) }), 401, /future/],
  ['an expiry that has passed', timed({ expires: String(at - 60) }), 401, /expired/],
  [
    'a creation that is no number',
    () => withHeader('Signature', `${minimal},created="soon"`),
    400,
    /created/,
  ],

  ['hmac-sha256', named('hmac-sha256'), 401, /algorithm/],
  ['none', named('none'), 401, /algorithm/],
  ['rsa-md5', named('rsa-md5'), 401, /algorithm/],
  ['rsa-sha1', named('rsa-sha1'), 401, /algorithm/],

  ['a digest of another body', () => received(cavage, { body: Buffer.from('{}') }), 401, /does not fit/],
  ['MD5 alone', digested(`MD5=${md5}`), 401, /neither SHA-256/],
  ['an empty digest', digested('SHA-256='), 401, /does not fit/],
  ['no digest in the digest', digested('nothing'), 401, /neither SHA-256/],
  ['a wrong SHA-512 next to SHA-256', digested(`SHA-256=${sha256},SHA-512=AAAA`), 401, /does not fit/],
  ['SHA-256 twice', digested(`SHA-256=${sha256},sha-256=${sha256}`), 400, /twice/],
  ['forty digests', digested(Array(40).fill(`SHA-256=${sha256}`).join()), 400, /too many/],
  [
    'an unsigned Content-Digest that does not fit',
    () => withHeader('Content-Digest', 'sha-256=:AAAA:'),
    401,
    /content-digest/,
  ],

  ['no keyId', () => withHeader('Signature', minimal.replace('keyId', 'who')), 400, /no keyId/],
  ['an empty keyId', () => withHeader('Signature', minimal.replace('"k"', '""')), 400, /no keyId/],
  [
    'a keyId of 2,049 bytes',
    () => withHeader('Signature', minimal.replace('"k"', `"${'k'.repeat(2049)}"`)),
    400,
    /2,048/,
  ],
  ['keyId twice', () => withHeader('Signature', `${minimal},keyId="other"`), 400, /keyid twice/],
  [
    'keyId twice in another case',
    () => withHeader('Signature', `${minimal},KEYID="other"`),
    400,
    /keyid twice/,
  ],
  ['headers twice', () => withHeader('Signature', `${minimal},headers="date"`), 400, /headers twice/],
  ['an empty signature', () => withHeader('Signature', minimal.replace('AAAA', '')), 400, /no signature/],
  [
    'a quotation mark that stays open',
    () => withHeader('Signature', minimal.slice(0, -1)),
    400,
    /not closed/,
  ],
  ['a backslash at the end', () => withHeader('Signature', 'keyId="k\\'), 400, /backslash/],
  ['a control character', () => withHeader('Signature', minimal.replace('"k"', '"k\u0000"')), 400, /control/],
  ['a value without quotation marks', () => withHeader('Signature', 'keyId=k'), 400, /quotation marks/],
  ['something after a value', () => withHeader('Signature', `${minimal} x`), 400, /not a list/],
  ['no list at all', () => withHeader('Signature', 'hello'), 400, /not a list/],
  ['an empty Signature', () => withHeader('Signature', ''), 400, /not a list/],

  ['9421 without @method', modernly(['@target-uri', 'content-digest']), 401, /@method/],
  ['9421 without a target', modernly(['@method', '@authority', 'content-digest']), 401, /@request-target/],
  ['9421 without a host', modernly(['@method', '@path', 'content-digest']), 401, /host/],
  ['9421 without content-digest', modernly(['@method', '@target-uri']), 401, /content-digest/],
  [
    '9421 with digest instead of content-digest',
    modernly(['@method', '@target-uri', 'digest']),
    401,
    /content-digest/,
  ],
  ['9421 over nothing', modernly([]), 401, /@method/],
  [
    '9421 over something twice',
    modernly(['@method', '@method', '@target-uri', 'content-digest']),
    400,
    /twice/,
  ],
  [
    '9421 over a response’s component',
    modernly(['@method', '@target-uri', 'content-digest', '@status']),
    401,
    /not known/,
  ],
  [
    '9421 over a missing header',
    () =>
      received(
        signedByModernPeer(postHeaders(), { covered: ['@method', '@target-uri', 'content-digest', 'x-no'] }),
      ),
    401,
    /does not have/,
  ],
  [
    '9421 with a host that is not ours',
    () =>
      received(
        signedByModernPeer(
          { ...postHeaders(), Host: 'other.example' },
          { covered: ['@method', '@path', 'host', 'content-digest'] },
        ),
      ),
    401,
    /another host/,
  ],
  ['9421 without created', withParameters(`;keyid="${KEY_ID}"`), 401, /no created/],
  ['9421 created 13 hours ago', withParameters(`;created=${at - 13 * 3600};keyid="${KEY_ID}"`), 401, /older/],
  [
    '9421 created 2 hours ahead',
    withParameters(`;created=${at + 2 * 3600};keyid="${KEY_ID}"`),
    401,
    /future/,
  ],
  [
    '9421 that has expired',
    withParameters(`;created=${at};expires=${at - 60};keyid="${KEY_ID}"`),
    401,
    /expired/,
  ],
  ['9421 created at a fraction', withParameters(`;created=${at}.5;keyid="${KEY_ID}"`), 400, /not an integer/],
  ['9421 without keyid', withParameters(`;created=${at}`), 400, /no keyid/],
  ['9421 with keyid as a token', withParameters(`;created=${at};keyid=bob`), 400, /no keyid/],
  ['9421 with keyid twice', withParameters(`;created=${at};keyid="a";keyid="${KEY_ID}"`), 400, /repeats/],
  ['9421 with created twice', withParameters(`;created=1;keyid="${KEY_ID}";created=${at}`), 400, /repeats/],
  [
    '9421 with a keyid of 2,049 bytes',
    withParameters(`;created=${at};keyid="${'k'.repeat(2049)}"`),
    400,
    /2,048/,
  ],
  [
    '9421 with hmac-sha256',
    withParameters(`;created=${at};keyid="${KEY_ID}";alg="hmac-sha256"`),
    401,
    /algorithm/,
  ],
  [
    '9421 with rsa-pss-sha512',
    withParameters(`;created=${at};keyid="${KEY_ID}";alg="rsa-pss-sha512"`),
    401,
    /algorithm/,
  ],
  [
    '9421 with a component parameter',
    () =>
      received({
        ...modern,
        'Signature-Input': (modern['Signature-Input'] ?? '').replace(
          '"content-digest"',
          '"content-digest";bs',
        ),
      }),
    401,
    /parameters/,
  ],
  [
    '9421 with a digest of another body',
    () => received(modern, { body: Buffer.from('{}') }),
    401,
    /does not fit/,
  ],
  [
    '9421 with a Digest beside it that does not fit',
    () => received({ ...modern, Digest: 'SHA-256=AAAA' }),
    401,
    /digest header does not fit/,
  ],
  ['9421 that is no dictionary', () => received({ ...modern, 'Signature-Input': '((((' }), 400, /dictionary/],
  ['9421 with an empty input', () => received({ ...modern, 'Signature-Input': '' }), 400, /empty/],
  [
    '9421 with an item for a list',
    () => received({ ...modern, 'Signature-Input': 'sig1=1' }),
    400,
    /no list/,
  ],
  ['9421 without Signature', () => without(modern, 'Signature'), 401, /not signed/],
  [
    '9421 under another label',
    () => received({ ...modern, Signature: (modern.Signature ?? '').replace('sig1', 'sig2') }),
    401,
    /exactly/,
  ],
  [
    '9421 with a label twice',
    () => received({ ...modern, Signature: `sig1=:AAAA:, ${modern.Signature}` }),
    400,
    /repeats/,
  ],
];

describe('a request is refused with its status and one plain sentence:', () => {
  test.each(rows)('%s', (_, request, status, reason) => {
    const reading = readSignature(request(), NOW);
    expect(reading).toEqual({ kind: 'refused', status, reason: expect.stringMatching(reason) });
    expect(reading).toHaveProperty('reason', expect.stringMatching(/^[A-Z].*\.$/));
  });
});

describe('a second signature never weakens what is checked:', () => {
  const mixed: Array<[string, Record<string, string>]> = [
    [
      'a good cavage Signature under a Signature-Input',
      { ...cavage, 'Signature-Input': modern['Signature-Input'] ?? '' },
    ],
    [
      'a good RFC 9421 signature joined to a cavage one',
      { ...modern, Signature: `${modern.Signature}, ${cavage.Signature}` },
    ],
    [
      'a cavage one joined to a good RFC 9421 signature',
      { ...modern, Signature: `${cavage.Signature}, ${modern.Signature}` },
    ],
    [
      'a good cavage one joined to an RFC 9421 one without its input',
      { ...cavage, Signature: `${cavage.Signature}, ${modern.Signature}` },
    ],
    [
      'two RFC 9421 signatures',
      {
        ...modern,
        'Signature-Input': `${modern['Signature-Input']}, b=("@method");created=${at};keyid="x"`,
        Signature: `${modern.Signature}, b=:AAAA:`,
      },
    ],
    [
      'a second RFC 9421 signature without its input',
      { ...modern, Signature: `${modern.Signature}, b=:AAAA:` },
    ],
  ];

  test.each(mixed)('%s', (_, headers) => {
    expect(readSignature(received(headers), NOW).kind).toBe('refused');
  });
});
