import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { listComments } from '../../src/comments/comment-store.ts';
import { countReactions } from '../../src/reactions/reaction-store.ts';
import type { Json } from '../support/remote-peer.ts';
import { footprintOf, processorMs } from './footprint.ts';
import {
  activityOf,
  commentOf as findCommentOf,
  freshId,
  noteOf,
  PUBLIC,
  shareAttackedBlog,
} from './open-blog.ts';
import { type Lines, type SigningOptions, sendRaw, sendSigned, withLine } from './send-raw.ts';
import type { WildActor } from './wild-peer.ts';

const blog = shareAttackedBlog();
let post: { id: string; url: string; post: { id: string } };
let bob: WildActor;
let mallory: WildActor;
let neighbour: WildActor;
/** What bob said, which is stored. */
let said: Json;
let liked: Json;
let followed: Json;

beforeAll(async () => {
  post = await blog().publish({ title: 'A subject', bodyMarkdown: 'Words.' });
  bob = blog().good.actor('bob');
  neighbour = blog().good.actor('neighbour');
  mallory = blog().evil.actor('mallory');
  said = noteOf(bob, { inReplyTo: post.id, content: '<p>Bob’s own words.</p>' });
  liked = activityOf(bob, 'Like', post.id);
  followed = activityOf(bob, 'Follow', blog().author);
  for (const activity of [activityOf(bob, 'Create', said), liked, followed]) await accept(bob, activity);
  for (const actor of [mallory, neighbour]) await accept(actor, activityOf(actor, 'View', post.id));
});

async function accept(actor: WildActor, activity: Json): Promise<void> {
  expect((await sendSigned(blog().url, actor, activity)).status).toBe(202);
  await blog().idle();
}

const commentOf = (note: Json) => findCommentOf(blog(), note);
const answer = (actor: WildActor = bob, members: Json = {}) =>
  activityOf(actor, 'Create', noteOf(actor, { inReplyTo: post.id, ...members }));

/** Sends something and expects that it is refused in time, that nothing is stored and that nobody is asked. */
async function expectRefused(
  sending: () => Promise<{ status: number; ms: number; text: string }>,
  { statuses, mayFetch = 0 }: { statuses: readonly number[]; mayFetch?: number },
): Promise<void> {
  const { app, good, evil } = blog();
  const before = await footprintOf(app);
  const hits = good.hits.length + evil.hits.length;
  const received = await sending();
  expect(statuses).toContain(received.status);
  expect(received.ms).toBeLessThan(4500);
  expect(received.text).not.toMatch(/\n\s+at |node_modules|SQLITE/);
  await blog().idle();
  expect(await footprintOf(app)).toEqual(before);
  expect(good.hits.length + evil.hits.length - hits).toBeLessThanOrEqual(mayFetch);
}

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
    await expectRefused(() => sendSigned(blog().url, bob, answer(), options), {
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
    const took = await processorMs(() => sendSigned(blog().url, bob, answer(), long));
    expect(took).toBeLessThan(500);
  });

  test('A17 a request of eleven hours ago is taken', async () => {
    const received = await sendSigned(blog().url, bob, answer(), { date: hours(-11) });
    expect(received.status).toBe(202);
    await blog().idle();
  });

  test('A27 two signatures that both fit are no better than one, and two of which one is forged are none', async () => {
    const { url } = blog();
    const body = JSON.stringify(answer());
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
    await expectRefused(
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
    await expectRefused(
      () => sendSigned(url, mallory, answer(), { keyId }),
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
    const activity = { ...answer(), actor: bob.id };
    await expectRefused(() => sendSigned(url, mallory, activity, { keyId: `${id}#main-key` }), {
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
    await expectRefused(() => sendSigned(url, mallory, answer(), { keyId: `${id}#main-key` }), {
      statuses: [401],
      mayFetch: 2,
    });
    expect((await sendSigned(url, bob, answer())).status).toBe(202);
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
    const activity = { ...answer(), actor: id, id: `${good.origin}/a/${path.length}` };
    await expectRefused(() => sendSigned(url, mallory, activity, { keyId: `${id}#k` }), {
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
      await expectRefused(() => sendSigned(url, actor, answer(actor)), { statuses: [401], mayFetch: 2 });
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
    await expectRefused(
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
    await expectRefused(() => sendSigned(url, mallory, answer(named), { keyId }), {
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

describe('who is known may speak for themselves only', () => {
  type Row = [string, () => WildActor, () => Json, readonly number[]];
  const rows: Row[] = [
    [
      'A06 a note of another server',
      () => mallory,
      () => activityOf(mallory, 'Create', noteOf(bob, { inReplyTo: post.id })),
      [403],
    ],
    [
      'A06 one’s own note that names another as its author',
      () => mallory,
      () => activityOf(mallory, 'Create', noteOf(mallory, { inReplyTo: post.id, attributedTo: bob.id })),
      [403],
    ],
    [
      'A31 an Update of a neighbour’s comment',
      () => neighbour,
      () => activityOf(neighbour, 'Update', { ...said, content: 'x' }),
      [403],
    ],
    [
      'A31 an Update of a neighbour’s comment that takes it over',
      () => neighbour,
      () => activityOf(neighbour, 'Update', { ...said, attributedTo: neighbour.id, content: 'x' }),
      [403],
    ],
    [
      'A31 an Update of a stranger’s comment',
      () => mallory,
      () => activityOf(mallory, 'Update', { ...said, content: 'x' }),
      [403],
    ],
    [
      'A33 a Delete of a neighbour’s comment',
      () => neighbour,
      () => activityOf(neighbour, 'Delete', said.id),
      [403],
    ],
    [
      'A33 a Delete of a stranger’s comment',
      () => mallory,
      () => activityOf(mallory, 'Delete', { type: 'Tombstone', id: said.id }),
      [403],
    ],
    [
      'A33 a Delete of a stranger’s account',
      () => mallory,
      () => activityOf(mallory, 'Delete', bob.id),
      [403],
    ],
    [
      'A33 a Delete of a neighbour’s account',
      () => neighbour,
      () => activityOf(neighbour, 'Delete', bob.id),
      [403, 202],
    ],
    [
      'A35 an Undo of a neighbour’s Like by its id',
      () => neighbour,
      () => activityOf(neighbour, 'Undo', liked.id),
      [403],
    ],
    [
      'A35 an Undo of a neighbour’s Like with a copy',
      () => neighbour,
      () => activityOf(neighbour, 'Undo', liked),
      [403],
    ],
    [
      'A35 an Undo of a stranger’s Follow by its id',
      () => mallory,
      () => activityOf(mallory, 'Undo', followed.id),
      [403],
    ],
    [
      'A35 an Undo of a neighbour’s Follow with a changed copy',
      () => neighbour,
      () => activityOf(neighbour, 'Undo', { ...followed, actor: neighbour.id }),
      [403],
    ],
    [
      'A36 an Undo whose copy names another type than what is stored',
      () => bob,
      () => activityOf(bob, 'Undo', { ...liked, type: 'Follow', object: blog().author }),
      [403],
    ],
    [
      'A36 an Undo whose copy names another object than what is stored',
      () => bob,
      () => activityOf(bob, 'Undo', { ...liked, object: blog().author }),
      [403],
    ],
    [
      'A39 an id on another server',
      () => mallory,
      () => ({ ...activityOf(mallory, 'Like', post.id), id: freshId(bob) }),
      [403],
    ],
    [
      'A39 an id of this site',
      () => mallory,
      () => ({ ...activityOf(mallory, 'Like', post.id), id: post.id }),
      [403],
    ],
    ['A39 a Create without an id', () => mallory, () => ({ ...answer(mallory), id: undefined }), [403, 400]],
    [
      'A39 an id that is no address',
      () => mallory,
      () => ({ ...answer(mallory), id: 'urn:x:1' }),
      [403, 400],
    ],
    [
      'an actor who is of this site',
      () => mallory,
      () => ({
        ...activityOf(mallory, 'Like', post.id),
        actor: blog().author,
        id: `${blog().url}/ap/activities/x`,
      }),
      [401, 403],
    ],
    [
      'an Update of another’s account',
      () => mallory,
      () => activityOf(mallory, 'Update', { ...bob.document, name: 'Not Bob' }),
      [403],
    ],
    [
      'a Create of a note in the place of one of ours',
      () => mallory,
      () => activityOf(mallory, 'Create', { ...noteOf(mallory, { inReplyTo: post.id }), id: post.id }),
      [403],
    ],
  ];

  test.each(rows)('%s is answered 403 and changes nothing', async (name, signer, activity, statuses) => {
    await expectRefused(() => sendSigned(blog().url, signer(), activity()), { statuses });
    expect(await commentOf(said), name).toMatchObject({ text: 'Bob’s own words.' });
  });

  test('A35 a copy of somebody’s Like that was never stored takes nothing back', async () => {
    const { app } = blog();
    const copy = { id: freshId(mallory), type: 'Like', actor: bob.id, object: post.id };
    expect((await sendSigned(blog().url, mallory, activityOf(mallory, 'Undo', copy))).status).toBe(403);
    await blog().idle();
    expect(await countReactions(app.deps.db, post.post.id)).toMatchObject({ like: 1 });
  });

  test('A38 an announced copy of somebody’s note is not believed, and nobody else is asked', async () => {
    const { evil, url } = blog();
    const forged = noteOf(bob, { inReplyTo: post.id, content: '<p>Never said.</p>' });
    const hits = evil.hits.length;
    expect((await sendSigned(url, mallory, activityOf(mallory, 'Announce', forged))).status).toBe(202);
    await blog().idle();
    expect(await commentOf(forged)).toBeNull();
    expect(evil.hits.slice(hits).filter(({ path }) => !path.includes('mallory'))).toEqual([]);
  });

  test.each([
    [
      'A28 an LD signature',
      { signature: { type: 'RsaSignature2017', creator: 'KEY', signatureValue: 'AAAA' } },
    ],
    ['A30 forwarding', {}],
  ])('%s gives no authority: only what the author’s own server has counts', async (_case, members) => {
    const { good, url } = blog();
    const forged = noteOf(bob, { inReplyTo: post.id, content: '<p>Never said.</p>' });
    const hits = good.hits.length;
    const received = await sendSigned(url, mallory, activityOf(bob, 'Create', forged, members));
    expect([202, 403]).toContain(received.status);
    await blog().idle();
    expect(await commentOf(forged)).toBeNull();
    const asked = good.hits.slice(hits).map(({ path }) => path);
    expect(asked.every((path) => path === new URL(String(forged.id)).pathname)).toBe(true);
  });

  test('A30 nobody can have us ask a server for what does not concern us', async () => {
    const { good, evil, url } = blog();
    const hits = good.hits.length + evil.hits.length;
    const unrelated = [
      activityOf(bob, 'Create', noteOf(bob)),
      activityOf(bob, 'Create', noteOf(bob, { inReplyTo: `${good.origin}/notes/other` })),
      activityOf(bob, 'Create', `${good.origin}/expensive?x=1`),
      activityOf(bob, 'Update', `${good.origin}/expensive?x=2`),
      activityOf(bob, 'Delete', `${good.origin}/expensive?x=3`),
      activityOf(mallory, 'Announce', activityOf(bob, 'Create', noteOf(bob))),
      activityOf(mallory, 'Announce', `${good.origin}/expensive?x=4`),
      activityOf(mallory, 'Like', `${good.origin}/expensive?x=5`),
    ];
    for (const activity of unrelated)
      expect([202, 403]).toContain((await sendSigned(url, mallory, activity)).status);
    await blog().idle();
    expect(good.hits.length + evil.hits.length).toBe(hits);
  });

  test('A30 an Update that is passed on cannot take over or remove a comment', async () => {
    const { url } = blog();
    for (const type of ['Update', 'Delete']) {
      const object = type === 'Update' ? { ...said, content: 'Forged.' } : said.id;
      // Its own server answers 404, which proves neither.
      blog().good.on(new URL(String(said.id)).pathname, said);
      await sendSigned(url, mallory, activityOf(bob, type, object));
      await blog().idle();
    }
    expect(await commentOf(said)).toMatchObject({ text: 'Bob’s own words.', externalAuthorId: bob.id });
  });

  test('what somebody passed on first does not hide what its author sends later', async () => {
    const { url } = blog();
    const create = answer(bob, { content: '<p>Late and true.</p>' });
    expect((await sendSigned(url, mallory, create)).status).toBe(202);
    await blog().idle();
    expect((await sendSigned(url, bob, create)).status).toBe(202);
    await blog().idle();
    expect(await commentOf(create.object as Json)).toMatchObject({ text: 'Late and true.' });
  });

  test('A41 a Move of somebody else is ignored', async () => {
    const { app, url } = blog();
    const second = blog().evil.actor('mallory2', { alsoKnownAs: [bob.id] });
    await sendSigned(url, mallory, activityOf(mallory, 'Move', bob.id, { target: second.id }));
    await blog().idle();
    const followers = (await blog().run('followers', 'alice')) as { actor: string }[];
    expect(followers.map(({ actor }) => actor)).toEqual([bob.id]);
    expect(await commentOf(said)).toMatchObject({ externalAuthorId: bob.id });
    expect(await countReactions(app.deps.db, post.post.id)).toMatchObject({ like: 1 });
  });

  test('A41 a Move to an account that does not know the old one is ignored', async () => {
    const { url } = blog();
    await accept(bob, activityOf(bob, 'Move', bob.id, { target: neighbour.id }));
    void url;
    const followers = (await blog().run('followers', 'alice')) as { actor: string }[];
    expect(followers.map(({ actor }) => actor)).toEqual([bob.id]);
  });
});

describe('what comes twice, late or in the wrong order', () => {
  test('A19 an activity sent again, at once and hours later, is one comment', async () => {
    const { url, app } = blog();
    const create = answer(bob, { content: '<p>Said once only.</p>' });
    const body = JSON.stringify(create);
    const date = new Date();
    const again = () => sendSigned(url, bob, null, { body, date });
    expect((await again()).status).toBe(202);
    expect((await again()).status).toBe(202);
    await blog().idle();
    blog().advance(6 * 3600);
    expect((await again()).status).toBe(202);
    await blog().idle();
    const all = await listComments(app.deps.db, { postId: post.post.id, limit: 200 });
    expect(all.filter(({ text }) => text === 'Said once only.')).toHaveLength(1);
    blog().advance(-6 * 3600);
  });

  test('F13 twenty copies at the same moment, at two inboxes, are one comment', async () => {
    const { url, app, owner } = blog();
    const create = answer(bob, { content: '<p>Twenty copies.</p>' });
    const paths = ['/ap/inbox', `/ap/users/${owner.id}/inbox`];
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sendSigned(url, bob, create, { path: paths[index % 2] ?? '' }).then(({ status }) => status),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    await blog().idle();
    const all = await listComments(app.deps.db, { postId: post.post.id, limit: 200 });
    expect(all.filter(({ text }) => text === 'Twenty copies.')).toHaveLength(1);
  });

  test('F13 copies under other activity ids, at the same moment, are one comment and one like', async () => {
    const { url, app } = blog();
    const note = noteOf(neighbour, { inReplyTo: post.id, content: '<p>Many ids.</p>' });
    const likes = (await countReactions(app.deps.db, post.post.id)).like;
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        sendSigned(
          url,
          neighbour,
          index % 2 ? activityOf(neighbour, 'Create', note) : activityOf(neighbour, 'Like', post.id),
        ),
      ),
    );
    await blog().idle();
    const all = await listComments(app.deps.db, { postId: post.post.id, limit: 200 });
    expect(all.filter(({ text }) => text === 'Many ids.')).toHaveLength(1);
    expect((await countReactions(app.deps.db, post.post.id)).like).toBe(likes + 1);
  });

  test('F12 a Delete before its Create, and an Undo before its Like, make the late one harmless', async () => {
    const { app } = blog();
    const late = blog().good.actor('late');
    const note = noteOf(late, { inReplyTo: post.id });
    const like = activityOf(late, 'Like', post.id);
    const likes = (await countReactions(app.deps.db, post.post.id)).like;
    await accept(late, activityOf(late, 'Delete', note.id));
    await accept(late, activityOf(late, 'Undo', like));
    await accept(late, activityOf(late, 'Create', note));
    await accept(late, like);
    expect(await commentOf(note)).toBeNull();
    expect((await countReactions(app.deps.db, post.post.id)).like).toBe(likes);
  });

  test('F12 somebody’s early Delete of another’s note does not keep the note from coming, nor its own Delete from working', async () => {
    const note = noteOf(bob, { inReplyTo: post.id, content: '<p>Not to be silenced.</p>' });
    await sendSigned(blog().url, neighbour, activityOf(neighbour, 'Delete', note.id));
    await blog().idle();
    await accept(bob, activityOf(bob, 'Create', note));
    expect(await commentOf(note)).not.toBeNull();

    const second = noteOf(bob, { inReplyTo: post.id });
    await sendSigned(blog().url, neighbour, activityOf(neighbour, 'Delete', second.id));
    await accept(bob, activityOf(bob, 'Delete', second.id));
    await accept(bob, activityOf(bob, 'Create', second));
    expect(await commentOf(second)).toBeNull();
  });

  test('A19 a farewell that nobody signed is not stored again and again, and asks one server once at the most', async () => {
    const { good, evil, url, app } = blog();
    evil.on('/users/gone', (response) => response.writeHead(410).end());
    const before = await footprintOf(app);
    const hits = good.hits.length;
    for (let time = 0; time < 5; time += 1) {
      const farewell = {
        ...activityOf(bob, 'Delete', bob.id, { to: [PUBLIC] }),
        id: `${bob.id}#delete-${time}`,
      };
      const received = await sendSigned(url, mallory, farewell, {
        keyId: `${evil.origin}/users/gone#main-key`,
      });
      expect([401, 403]).toContain(received.status);
    }
    await blog().idle();
    expect(good.hits.length).toBe(hits);
    expect(await footprintOf(app)).toEqual(before);
  });
});

function pemOf(actor: WildActor): unknown {
  return (actor.document.publicKey as Json).publicKeyPem;
}

async function listedAs(actor: WildActor): Promise<unknown[]> {
  const all = await listComments(blog().app.deps.db, { postId: post.post.id, limit: 200 });
  return all.filter(({ externalAuthorId }) => externalAuthorId === actor.id);
}
