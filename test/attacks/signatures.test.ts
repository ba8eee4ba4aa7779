import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { listComments } from '../../src/comments/comment-store.ts';
import type { Json } from '../support/remote-peer.ts';
import { processorMs } from './footprint.ts';
import { type People, shareInbox } from './inbox-people.ts';
import { activityOf } from './open-blog.ts';
import { type Lines, type SigningOptions, sendRaw, sendSigned, withLine } from './send-raw.ts';
import type { WildActor } from './wild-peer.ts';

const { blog, people, accept, answer, commentOf, refuse } = shareInbox();
let post: People['post'];
let bob: WildActor;
let mallory: WildActor;
beforeAll(() => {
  ({ post, bob, mallory } = people());
});

describe('a request that proves nothing is answered 401 or 400 and stores nothing', () => {
  const drop = (name: string) => ({ tamper: (lines: Lines) => withLine(lines, name, null) });
  const twice = (name: string, value?: string) => ({
    tamper: (lines: Lines) => {
      const found = lines.find(([one]) => one === name)?.[1] ?? '';
      return [...lines, [name, value ?? found]] as const;
    },
  });
  const parameters = (change: (signature: string) => string) => ({
    tamper: (lines: Lines) =>
      withLine(lines, 'Signature', change(lines.find(([name]) => name === 'Signature')?.[1] ?? '')),
  });
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000);

  const cases: [string, SigningOptions][] = [
    ['A01 no signature', drop('Signature')],
    ['A13 no digest', drop('Digest')],
    ['A14 a digest that is not signed', { covered: ['(request-target)', 'host', 'date'] }],
    ['A14 a digest of another body', twice('Digest', 'SHA-256=AAAA')],
    ['A16 a request target that is not signed', { covered: ['host', 'date', 'digest'] }],
    ['A16 a host that is not signed', { covered: ['(request-target)', 'date', 'digest'] }],
    ['A16 a signature for another path', { target: '/ap/users/other/inbox' }],
    ['A16 a signature for another host', { host: 'other.example' }],
    ['A17 13 hours old', { date: hours(-13) }],
    ['A17 2 hours ahead', { date: hours(2) }],
    ['A21 hmac-sha256', { algorithm: 'hmac-sha256' }],
    ['A21 none', { algorithm: 'none' }],
    ['A21 rsa-md5', { algorithm: 'rsa-md5' }],
    ['A21 ed25519 for an RSA key', { algorithm: 'ed25519' }],
    ['A23 two signatures', twice('Signature')],
    ['A23 two dates', twice('Date')],
    ['A23 two digests', twice('Digest')],
    ['A23 two hosts', twice('Host', 'evil.example')],
    ['A23 keyId twice', parameters((text) => `keyId="${mallory.keyId}",${text}`)],
    ['A24 no headers', parameters((text) => text.replace(/headers="[^"]*"/, 'headers=""'))],
    ['A24 quotation marks that do not match', parameters((text) => text.slice(0, -1))],
    [
      'A24 a thousand parameters',
      parameters((text) => `${text},${Array.from({ length: 1000 }, (_, n) => `p${n}="x"`)}`),
    ],
    [
      'A24 a value of 25 KiB',
      parameters((text) => text.replace('signature="', `signature="${'A'.repeat(25_000)}`)),
    ],
    [
      'A27 a second signature, by RFC 9421, that does not fit',
      {
        tamper: (lines) => [
          ...lines,
          [
            'Signature-Input',
            `sig1=("@method" "@target-uri");created=${Math.floor(Date.now() / 1000)};keyid="${bobKeyId()}"`,
          ],
        ],
      },
    ],
  ];
  const bobKeyId = () => bob.keyId;

  test.each(cases)('%s', async (_case, options) => {
    // A signature that does not fit is a reason to look at the key once more, within five minutes only once.
    await refuse(() => sendSigned(blog().url, bob, answer(bob), options), {
      statuses: [400, 401],
      mayFetch: 1,
    });
  });

  test('A24 a header that is too large for any request is refused as one', async () => {
    const lines: Lines = [
      ['Content-Type', 'application/activity+json'],
      ['Signature', 'k="v",'.repeat(10_000)],
    ];
    const received = await sendRaw(`${blog().url}/ap/inbox`, { lines, body: '{}' });
    expect(received.status).toBe(431);
  });

  test('A24 no header takes long to read', async () => {
    const long = parameters((text) => `${text},${'a="\\"",'.repeat(3500)}`);
    const took = await processorMs(() => sendSigned(blog().url, bob, answer(bob), long));
    expect(took).toBeLessThan(500);
  });

  test('A17 a request of eleven hours ago is taken', async () => {
    const received = await sendSigned(blog().url, bob, answer(bob), { date: hours(-11) });
    expect(received.status).toBe(202);
    await blog().idle();
  });

  test('A27 two signatures that both fit are no better than one, and two of which one is forged are none', async () => {
    const { url } = blog();
    const body = JSON.stringify(answer(bob));
    const created = Math.floor(Date.now() / 1000);
    const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
    const parametersText = `("@method" "@target-uri" "content-digest");created=${created};keyid="${mallory.keyId}"`;
    const base = [
      '"@method": POST',
      `"@target-uri": ${url}/ap/inbox`,
      `"content-digest": ${digest}`,
      `"@signature-params": ${parametersText}`,
    ].join('\n');
    const forged = sign('sha256', Buffer.from(base), bob.key).toString('base64');
    await refuse(
      () =>
        sendSigned(url, bob, null, {
          body,
          tamper: (lines) => [
            ...lines,
            ['Content-Digest', digest],
            ['Signature-Input', `sig1=${parametersText}`],
            ['Signature', `sig1=:${forged}:`],
          ],
        }),
      { statuses: [400, 401] },
    );
  });
});

describe('a key proves who owns it, and nobody else', () => {
  test('A03 a key on another server that claims an owner is not believed', async () => {
    const { evil, url } = blog();
    const keyId = `${evil.origin}/keys/1`;
    evil.on('/keys/1', { id: keyId, owner: bob.id, publicKeyPem: pemOf(mallory) });
    await refuse(
      () => sendSigned(url, mallory, answer(bob), { keyId }),
      // The key, and the owner's document, which must list it.
      { statuses: [401], mayFetch: 2 },
    );
  });

  test('A05 a document that calls itself another is not stored as that one, and does not change it', async () => {
    const { evil, url } = blog();
    const id = `${evil.origin}/users/fake`;
    evil.on('/users/fake', {
      ...bob.document,
      name: 'Not Bob',
      publicKey: { id: `${id}#main-key`, owner: bob.id, publicKeyPem: pemOf(mallory) },
    });
    const activity = { ...answer(bob), actor: bob.id };
    await refuse(() => sendSigned(url, mallory, activity, { keyId: `${id}#main-key` }), {
      statuses: [401],
      mayFetch: 2,
    });
  });

  test('A05 a document with the true key’s id and another key changes nothing', async () => {
    const { evil, url } = blog();
    const id = `${evil.origin}/users/fake2`;
    evil.on('/users/fake2', {
      ...bob.document,
      publicKey: { id: bob.keyId, owner: bob.id, publicKeyPem: pemOf(mallory) },
    });
    await refuse(() => sendSigned(url, mallory, answer(bob), { keyId: `${id}#main-key` }), {
      statuses: [401],
      mayFetch: 2,
    });
    expect((await sendSigned(url, bob, answer(bob))).status).toBe(202);
    await blog().idle();
  });

  test.each(['A08 a redirect', 'A09 an open redirect'])('%s off the origin leads to nobody', async (name) => {
    const { good, evil, url } = blog();
    const path = name.startsWith('A08') ? '/users/led' : '/go?to=x';
    const id = `${good.origin}${path}`;
    evil.on('/led', {
      ...bob.document,
      id,
      publicKey: { id: `${id}#k`, owner: id, publicKeyPem: pemOf(mallory) },
    });
    good.on(path, (response) => response.writeHead(302, { Location: `${evil.origin}/led` }).end());
    const hits = evil.hits.length;
    const activity = { ...answer(bob), actor: id, id: `${good.origin}/a/${path.length}` };
    await refuse(() => sendSigned(url, mallory, activity, { keyId: `${id}#k` }), {
      statuses: [401],
      // Asked again with the other kind of signature at the most.
      mayFetch: 2,
    });
    expect(evil.hits.length).toBe(hits);
  });

  test.each(['text/html', 'text/plain', 'image/png', 'application/json', 'application/ld+json'])(
    'A10 an actor that comes as %s is none',
    async (type) => {
      const { evil, url } = blog();
      const actor = evil.actor(`typed-${type.replaceAll(/\W/g, '-')}`);
      evil.on(new URL(actor.id).pathname, actor.document, type);
      await refuse(() => sendSigned(url, actor, answer(actor)), { statuses: [401], mayFetch: 2 });
    },
  );

  test('A21 a key of 1,024 bits proves nothing', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const weak = blog().evil.actor('weak');
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    blog().evil.actor('weak', { publicKey: { id: weak.keyId, owner: weak.id, publicKeyPem: pem } });
    const received = await sendSigned(blog().url, weak, answer(weak), { key: privateKey });
    expect(received.status).toBe(401);
    expect(await listedAs(weak)).toEqual([]);
  });

  test.each([
    ['rsa-sha256', 401],
    ['rsa-sha512', 401],
    ['ed25519', 202],
    ['hs2019', 202],
  ])('A21 a signature by an Ed25519 key that is called %s is answered %i', async (algorithm, status) => {
    const { good, url } = blog();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const name = `modern-${algorithm}`;
    const id = `${good.origin}/users/${name}`;
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' });
    const modern = good.actor(name, { publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem } });
    const activity = activityOf(modern, 'View', post.id);
    const received = await sendSigned(url, modern, activity, { key: privateKey, algorithm });
    expect(received.status).toBe(status);
  });

  test('A25 a forger cannot make us ask for a key again and again', async () => {
    const { good, url } = blog();
    const rosa = good.actor('rosa');
    await accept(rosa, activityOf(rosa, 'View', post.id));
    const hits = good.hits.length;
    for (let time = 0; time < 6; time += 1) {
      expect((await sendSigned(url, rosa, answer(rosa), { key: mallory.key })).status).toBe(401);
    }
    expect(good.hits.length - hits).toBeLessThanOrEqual(1);
    expect((await sendSigned(url, rosa, activityOf(rosa, 'View', post.id))).status).toBe(202);
  });

  test('G5 who is named by a forger is asked once, and is not remembered for it', async () => {
    const { good, url } = blog();
    const unknown = good.actor('unknown');
    await refuse(
      async () => {
        let last = await sendSigned(url, unknown, answer(unknown), { key: mallory.key });
        for (let time = 0; time < 4; time += 1)
          last = await sendSigned(url, unknown, answer(unknown), { key: mallory.key });
        return last;
      },
      { statuses: [401], mayFetch: 1 },
    );
    // Nor does the forger keep the true one out.
    const create = answer(unknown);
    await accept(unknown, create);
    expect(await commentOf(create.object as Json)).not.toBeNull();
  });

  test('A03 an owner whom a foreign key names is not remembered for it', async () => {
    const { good, evil, url } = blog();
    const named = good.actor('named');
    const keyId = `${evil.origin}/keys/2`;
    evil.on('/keys/2', { id: keyId, owner: named.id, publicKeyPem: pemOf(mallory) });
    await refuse(() => sendSigned(url, mallory, answer(named), { keyId }), {
      statuses: [401],
      mayFetch: 2,
    });
  });

  test('a key that hangs costs four seconds and no more, and then nothing for a while', async () => {
    const { evil, url } = blog();
    const slow = evil.actor('slow');
    evil.on('/users/slow', () => undefined);
    const first = await sendSigned(url, slow, answer(slow));
    expect(first.status).toBe(401);
    expect(first.ms).toBeLessThan(8000);
    const second = await sendSigned(url, slow, answer(slow));
    expect(second.status).toBe(401);
    expect(second.ms).toBeLessThan(2000);
  }, 20_000);
});

function pemOf(actor: WildActor): unknown {
  return (actor.document.publicKey as Json).publicKeyPem;
}

async function listedAs(actor: WildActor): Promise<unknown[]> {
  const all = await listComments(blog().app.deps.db, { postId: post.post.id, limit: 200 });
  return all.filter(({ externalAuthorId }) => externalAuthorId === actor.id);
}
