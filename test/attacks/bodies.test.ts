import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { listComments } from '../../src/comments/comment-store.ts';
import { createUser, deleteUser } from '../../src/users/accounts.ts';
import type { Json } from '../support/remote-peer.ts';
import { footprintOf, processorMs } from './footprint.ts';
import {
  activityOf,
  commentOf as findCommentOf,
  noteOf,
  shareAttackedBlog,
  startAttackedBlog,
} from './open-blog.ts';
import { type RawAnswer, type SigningOptions, sendRaw, sendSigned, withLine } from './send-raw.ts';
import type { WildActor } from './wild-peer.ts';

const blog = shareAttackedBlog();
let post: { id: string; url: string; post: { id: string } };
let bob: WildActor;
/** Somebody whose key was never fetched: every look at their server is counted. */
let stranger: WildActor;

beforeAll(async () => {
  post = await blog().publish({ title: 'A subject', bodyMarkdown: 'Words.' });
  bob = blog().good.actor('bob');
  stranger = blog().evil.actor('stranger');
  await sendSigned(blog().url, bob, activityOf(bob, 'View', post.id));
});

const commentOf = (note: Json) => findCommentOf(blog(), note);
const create = (actor: WildActor, members: Json = {}) =>
  activityOf(actor, 'Create', noteOf(actor, { inReplyTo: post.id, ...members }));

async function expectUntouched(sending: () => Promise<RawAnswer>, status: number): Promise<RawAnswer> {
  const { app, good, evil } = blog();
  const before = await footprintOf(app);
  const hits = good.hits.length + evil.hits.length;
  const answer = await sending();
  expect(answer.status, answer.text).toBe(status);
  expect(answer.ms).toBeLessThan(2000);
  await blog().idle();
  expect(await footprintOf(app)).toEqual(before);
  expect(good.hits.length + evil.hits.length).toBe(hits);
  return answer;
}

describe('G4, G6 what an earlier check refuses gets its own status, and nobody is asked for a key', () => {
  const large = () => `{"x":"${'y'.repeat(1_060_000)}"}`;
  const rows: [string, number, () => SigningOptions & { activity?: unknown }][] = [
    ['S16 a body of 1.01 MiB', 413, () => ({ body: large() })],
    ['S16 a large body of the wrong type', 413, () => ({ body: large(), contentType: 'text/plain' })],
    ['text', 415, () => ({ contentType: 'text/plain' })],
    ['a form', 415, () => ({ contentType: 'application/x-www-form-urlencoded' })],
    ['no type', 415, () => ({ tamper: (lines) => withLine(lines, 'Content-Type', null) })],
    [
      'S17 gzip',
      415,
      () => ({ body: gzipSync('{}'), tamper: (lines) => [...lines, ['Content-Encoding', 'gzip']] }),
    ],
    ['S17 br', 415, () => ({ tamper: (lines) => [...lines, ['Content-Encoding', 'br']] })],
    [
      'S17 gzip, identity',
      415,
      () => ({ tamper: (lines) => [...lines, ['Content-Encoding', 'gzip, identity']] }),
    ],
    ['no JSON', 400, () => ({ body: '{"actor":' })],
    ['nothing', 400, () => ({ body: '' })],
    ['a list of two', 400, () => ({ activity: [create(stranger), create(stranger)] })],
    ['a text', 400, () => ({ activity: 'Create' })],
    ['null', 400, () => ({ activity: null })],
    ['no actor', 400, () => ({ activity: { ...create(stranger), actor: undefined } })],
    [
      'two actors in a list',
      400,
      () => ({ activity: { ...create(stranger), actor: [stranger.id, bob.id] } }),
    ],
    ['no type of activity', 400, () => ({ activity: { ...create(stranger), type: undefined } })],
    ['no object', 400, () => ({ activity: { ...create(stranger), object: undefined } })],
    [
      'an actor that is no address',
      400,
      () => ({ activity: { ...create(stranger), actor: 'javascript:alert(1)' } }),
    ],
    [
      'an id of 3,000 bytes',
      400,
      () => ({ activity: { ...create(stranger), id: `${stranger.id}/${'x'.repeat(3000)}` } }),
    ],
    [
      'C16 bytes that are no UTF-8',
      400,
      () => ({ body: Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]) }),
    ],
    ['C16 a lone surrogate in bytes', 400, () => ({ body: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]) })],
    ['C16 UTF-16', 400, () => ({ body: Buffer.from('{"a":1}', 'utf16le') })],
    [
      'S18 100,000 lists in one another',
      400,
      () => ({ body: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }),
    ],
    [
      'S18 100,000 objects in one another',
      400,
      () => ({ body: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}` }),
    ],
    ['S18 a list of half a million numbers', 400, () => ({ body: `{"actor":[${'1,'.repeat(500_000)}1]}` })],
    ['S18 a name of a million letters', 400, () => ({ body: `{"${'k'.repeat(1_000_000)}":1}` })],
    ['S18 a number of 100,000 digits', 400, () => ({ body: `{"type":${'9'.repeat(100_000)}}` })],
    ['S18 a million backslashes', 400, () => ({ body: `{"a":"${'\\'.repeat(1_000_001)}` })],
    ...['actor', 'id', 'object', 'type'].map((name): (typeof rows)[number] => [
      `C19 ${name} twice`,
      400,
      () => ({ body: JSON.stringify(create(stranger)).replace('{', `{"${name}":"https://good.example/1",`) }),
    ]),
    [
      'C19 actor twice, once in escapes',
      400,
      () => ({ body: JSON.stringify(create(stranger)).replace('{', `{"\\u0061ctor":"${bob.id}",`) }),
    ],
  ];

  test.each(rows)('%s is answered %i', async (_what, status, options) => {
    const { activity = create(stranger), ...signing } = options();
    const took = await processorMs(() =>
      expectUntouched(() => sendSigned(blog().url, stranger, activity, signing), status),
    );
    expect(took).toBeLessThan(1500);
  });

  test('an inbox of nobody is 404, one of a deleted account 410, and other methods are 405', async () => {
    const { app, url, owner } = blog();
    const path = '/ap/users/nobody/inbox';
    await expectUntouched(() => sendSigned(url, stranger, create(stranger), { path }), 404);
    const author = {
      username: 'leaver',
      email: 'leaver@blog.example',
      password: 'correct horse',
      role: 'author',
    } as const;
    const leaver = await createUser(app.deps, author);
    await blog().idle();
    expect(
      (await fetch(`${url}/ap/users/${leaver.id}`, { headers: { accept: 'application/activity+json' } }))
        .status,
    ).toBe(200);
    await deleteUser(app.deps, leaver.id, { reassignTo: owner.id });
    await blog().idle();
    await expectUntouched(
      () => sendSigned(url, stranger, create(stranger), { path: `/ap/users/${leaver.id}/inbox` }),
      410,
    );
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await fetch(`${url}/ap/inbox`, { method })).status).toBe(405);
  });

  test('S16 a body that grows beyond the limit without a length is cut off', async () => {
    const { url } = blog();
    const { port } = new URL(url);
    const answer = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST /ap/inbox HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/activity+json\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
        const more = () => {
          // The body has no end: only the answer ends this.
          while (!socket.destroyed && received === '')
            if (!socket.write(chunk)) return void socket.once('drain', more);
        };
        more();
      });
      socket.on('data', (part) => (received += part));
      socket.on('close', () => resolve(received));
      socket.on('error', (error) => (received === '' ? reject(error) : resolve(received)));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/connection: close/i);
  });

  test('S16 what follows a body of ten bytes is no part of it', async () => {
    const answer = await sendRaw(`${blog().url}/ap/inbox`, {
      lines: [
        ['Content-Type', 'application/activity+json'],
        ['Content-Length', '10'],
      ],
      body: `{"a":1234}${'x'.repeat(5000)}`,
    }).catch(() => null);
    if (answer) expect(answer.status).toBe(400);
    expect((await fetch(`${blog().url}/healthz`)).status).toBe(200);
  });

  test('a blocked server is told so before its key is looked at, and without one', async () => {
    const { url } = blog();
    const known = blog().evil.actor('known');
    expect((await sendSigned(url, known, activityOf(known, 'View', post.id))).status).toBe(202);
    await blog().run('block', blog().evil.host);
    await expectUntouched(() => sendSigned(url, stranger, create(stranger)), 403);
    await expectUntouched(
      () =>
        sendSigned(url, stranger, create(stranger), {
          tamper: (lines) => withLine(lines, 'Signature', null),
        }),
      403,
    );
    await expectUntouched(() => sendSigned(url, stranger, null, { body: '{' }), 400);
    // Nor may it carry what others say.
    await expectUntouched(() => sendSigned(url, stranger, create(bob)), 401);
    await expectUntouched(() => sendSigned(url, known, create(bob)), 403);
    await blog().run('unblock', blog().evil.host);
    expect((await sendSigned(url, known, activityOf(known, 'View', post.id))).status).toBe(202);
  });
});

describe('what is strange and can be read is taken for what it is', () => {
  test('C19 names of prototypes change none', async () => {
    const note = noteOf(bob, { inReplyTo: post.id, content: '<p>No pollution.</p>' });
    const text = JSON.stringify(activityOf(bob, 'Create', note)).replace(
      '{',
      '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"toString":"x","hasOwnProperty":1,',
    );
    expect((await sendSigned(blog().url, bob, null, { body: text })).status).toBe(202);
    await blog().idle();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(await commentOf(note)).toMatchObject({ text: 'No pollution.' });
  });

  test('C16 NUL and lone surrogates are replaced, and the feed and the page stay well-formed', async () => {
    const note = noteOf(bob, { inReplyTo: post.id, content: '<p>a\u0000b\ud800c\ufffed</p>' });
    expect((await sendSigned(blog().url, bob, activityOf(bob, 'Create', note))).status).toBe(202);
    await blog().idle();
    const comment = await commentOf(note);
    expect(comment?.text.isWellFormed()).toBe(true);
    expect(comment?.text).not.toContain('\0');
    expect(comment?.html).toMatch(/^<p>a.b.c.?d<\/p>$/u);
  });

  const many = (count: number, make: (index: number) => unknown) =>
    Array.from({ length: count }, (_, index) => make(index));
  const floods: [string, (actor: WildActor) => Json][] = [
    [
      'S22 5,000 mentions',
      () => ({
        tag: many(5000, (n) => ({
          type: 'Mention',
          href: `${blog().evil.origin}/users/m${n}`,
          name: `@m${n}`,
        })),
      }),
    ],
    [
      'S22 2,000 attachments',
      () => ({ attachment: many(2000, (n) => ({ type: 'Image', url: `${blog().evil.origin}/${n}.png` })) }),
    ],
    ['S22 10,000 hashtags', () => ({ tag: many(10_000, (n) => ({ type: 'Hashtag', name: `#h${n}` })) })],
    [
      'S22 a poll of 10,000 answers',
      () => ({ type: 'Question', oneOf: many(10_000, (n) => ({ type: 'Note', name: `o${n}` })) }),
    ],
    [
      'C22 500 languages',
      () => ({
        contentMap: Object.fromEntries(many(500, (n) => [`l${n}`, '<p>x</p>']) as [string, string][]),
      }),
    ],
    ['C33 100,000 line breaks', () => ({ content: `<p>text${'<br>'.repeat(100_000)}</p>` })],
    ['C32 4,000 links', () => ({ content: `<p>${'<a href="https://x.example/">x</a> '.repeat(4000)}</p>` })],
    ['S26 a text of unclosed marks', () => ({ content: `<p>x</p>${'<a href="'.repeat(60_000)}` })],
    ['S26 a text of at-signs', () => ({ content: '@a'.repeat(250_000) })],
  ];

  test.each(floods)('%s are one waiting comment, soon, and nobody is asked', async (_what, members) => {
    const { good, evil, app, url } = blog();
    const note = noteOf(bob, { inReplyTo: post.id, ...members(bob) });
    const hits = good.hits.length + evil.hits.length;
    const took = await processorMs(async () => {
      expect((await sendSigned(url, bob, activityOf(bob, 'Create', note))).status).toBe(202);
      await blog().idle();
    });
    expect(took).toBeLessThan(3000);
    expect(good.hits.length + evil.hits.length).toBe(hits);
    const comment = await commentOf(note);
    expect(comment).toMatchObject({ status: 'pending' });
    expect(Buffer.byteLength(comment?.html ?? '')).toBeLessThanOrEqual(65_536);
    const jobs = await app.deps.db
      .selectFrom('jobs')
      .select('last_error')
      .where('state', '=', 'dead')
      .execute();
    expect(jobs).toEqual([]);
  });

  test('C18 a text that is cut at the limit is cut between its elements', async () => {
    const note = noteOf(bob, {
      inReplyTo: post.id,
      content: `<p>${'x'.repeat(65_500)}<a href="https://a.example/" title='"><script>alert(1)</script>'>link</a></p>`,
    });
    expect((await sendSigned(blog().url, bob, activityOf(bob, 'Create', note))).status).toBe(202);
    await blog().idle();
    const comment = await commentOf(note);
    expect(Buffer.byteLength(comment?.html ?? '')).toBeLessThanOrEqual(65_536);
    expect(comment?.html).not.toMatch(/<script|<a[^>]*$/);
  });

  test.each([
    ['year 0', '0000-01-01T00:00:00Z'],
    ['year 9999', '9999-12-31T23:59:59Z'],
    ['year 275760', '+275760-09-13T00:00:00.000Z'],
    ['24:00', '2026-01-01T24:00:00Z'],
    ['no zone', '2020-01-01T00:00:00'],
    ['tomorrow', new Date(Date.now() + 86_400_000).toISOString()],
    ['before the post', '2001-01-01T00:00:00Z'],
    ['no date', 'yesterday'],
    ['a number', 1e300],
  ])('C21 a comment of %s is dated when it came', async (_what, published) => {
    const start = Date.now();
    const note = noteOf(bob, { inReplyTo: post.id, published, updated: published });
    expect((await sendSigned(blog().url, bob, activityOf(bob, 'Create', note))).status).toBe(202);
    await blog().idle();
    const at = Date.parse((await commentOf(note))?.createdAt ?? '');
    expect(at).toBeGreaterThanOrEqual(start - 1000);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  test('S20 notes that answer each other in a circle are stored and shown, and end', async () => {
    const { url, app } = blog();
    const ring = [0, 1, 2].map(() => noteOf(bob, { content: '<p>Round and round.</p>' }));
    ring.forEach((note, index) => {
      note.inReplyTo = index === 0 ? [post.id, ring[2]?.id] : ring[index - 1]?.id;
      blog().good.on(new URL(String(note.id)).pathname, note);
    });
    const itself = noteOf(bob);
    itself.inReplyTo = itself.id;
    for (const note of [...ring, itself]) {
      expect((await sendSigned(url, bob, activityOf(bob, 'Create', note))).status).toBe(202);
      await blog().idle();
    }
    expect(await commentOf(itself)).toBeNull();
    const all = await listComments(app.deps.db, { postId: post.post.id, limit: 500 });
    expect(all.filter(({ text }) => text === 'Round and round.').length).toBeGreaterThan(0);
    expect((await fetch(post.url)).status).toBe(200);
  });
});

describe('B08 a storm of farewells', () => {
  test('of accounts that nobody here knows is answered 202 each; nobody is asked and nothing kept', async () => {
    const { evil, url, app } = blog();
    evil.on('/users/ghost', (response) => response.writeHead(410).end());
    const ghost = {
      id: `${evil.origin}/users/ghost`,
      keyId: `${evil.origin}/users/ghost#main-key`,
      key: bob.key,
    };
    const before = await footprintOf(app);
    const hits = evil.hits.length;
    const statuses = new Set<number>();
    for (let round = 0; round < 12; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 25 }, (_, index) =>
          sendSigned(url, ghost, {
            ...activityOf(ghost, 'Delete', index % 2 ? ghost.id : { type: 'Person', id: ghost.id }),
            id: `${ghost.id}#delete-${round}-${index}`,
          }),
        ),
      );
      for (const { status } of answers) statuses.add(status);
    }
    await blog().idle();
    expect([...statuses]).toEqual([202]);
    expect(evil.hits.length).toBe(hits);
    expect(await footprintOf(app)).toEqual(before);
  });
});

describe('floods', () => {
  test('more than an account may send is 429 with a time, and 429 is said before the body is looked at', async () => {
    const flooded = await startAttackedBlog();
    onTestFinished(() => flooded.close());
    const { app, good, evil, url, author } = flooded;
    await app.plugins.find('federation')?.context.settings.set({ inboxPerActor: 10, inboxPerHost: 15 });
    const quiet = good.actor('quiet');
    const loud = [0, 1].map((n) => evil.actor(`loud${n}`));
    const statuses: number[] = [];
    for (let time = 0; time < 24; time += 1) {
      const actor = loud[time % 2] ?? quiet;
      const answer = await sendSigned(url, actor, activityOf(actor, 'View', author));
      statuses.push(answer.status);
      if (answer.status === 429) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(statuses.filter((status) => status === 202)).toHaveLength(15);
    expect(statuses.filter((status) => status === 429)).toHaveLength(9);
    expect((await sendSigned(url, quiet, activityOf(quiet, 'View', author))).status).toBe(202);
    // What is not proven counts for the address that it comes from, and before it is read.
    let last = 0;
    for (let time = 0; time < 320 && last !== 429; time += 1)
      last = (
        await sendRaw(`${url}/ap/inbox`, {
          lines: [['Content-Type', 'application/activity+json']],
          body: '{',
        })
      ).status;
    expect(last).toBe(429);
  });
});
