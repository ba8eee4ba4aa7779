import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchDocument } from '../../../../plugins/federation/actors/fetch-document.ts';
import { lookUpHandle } from '../../../../plugins/federation/actors/look-up.ts';
import { fetchActor, findActor } from '../../../../plugins/federation/actors/remote-actors.ts';
import { blockTarget } from '../../../../plugins/federation/moderation/apply-block.ts';
import { headerLines } from '../../../../plugins/federation/signatures/signed-request.ts';
import { checkSignature, readSignature } from '../../../../plugins/federation/signatures/verify.ts';
import { type Peer, startPeer } from '../peer.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

let blog: FederatedBlog;
let far: Peer;

beforeAll(async () => {
  blog = await startFederatedBlog({ untilTestEnds: false });
});
afterAll(() => blog.close());
beforeEach(async () => {
  far = await startPeer();
});

const fetched = (id: string, options = {}) => fetchActor(blog.context, id, options);

const webFingerPath = (resource: string) => `/.well-known/webfinger?resource=${encodeURIComponent(resource)}`;

describe('an actor elsewhere', () => {
  test('is fetched from its id and stored', async () => {
    const { id } = far.serveActor('bob', { url: `${far.origin}/@bob`, summary: '<p onclick="x()">Hi</p>' });
    expect(await fetched(id)).toMatchObject({
      kind: 'actor',
      actor: {
        id,
        handle: `@bob@${far.host}`,
        name: 'bob of elsewhere',
        url: `${far.origin}/@bob`,
        inbox: `${id}/inbox`,
        sharedInbox: `${far.origin}/inbox`,
        summaryHtml: '<p>Hi</p>',
      },
    });
    expect(await findActor(blog.context, id)).toMatchObject({ id, keys: [{ id: `${id}#main-key` }] });
  });

  test('is asked for once, however many ask at once, and not again for a day', async () => {
    const { id } = far.serveActor('bob');
    await Promise.all(Array.from({ length: 20 }, () => fetched(id)));
    await fetched(id);
    expect(far.count('/users/bob')).toBe(1);
    blog.advance(86_401);
    await fetched(id);
    expect(far.count('/users/bob')).toBe(2);
  });

  test('is kept as it was while its server is down', async () => {
    const { id } = far.serveActor('bob');
    await fetched(id);
    far.serve('/users/bob', { status: 503 });
    expect(await fetched(id, { maxAgeMs: 0 })).toMatchObject({
      kind: 'actor',
      actor: { name: 'bob of elsewhere' },
    });
  });

  test('is gone when its server says so, and not when it says nothing or something else', async () => {
    const { id } = far.serveActor('bob');
    await fetched(id);
    for (const status of [401, 404, 500]) {
      far.serve('/users/bob', { status });
      expect((await fetched(id, { maxAgeMs: 0 })).kind).not.toBe('gone');
    }
    far.serve('/users/bob', { status: 410 });
    expect(await fetched(id, { maxAgeMs: 0 })).toEqual({ kind: 'gone' });
    expect(await findActor(blog.context, id)).toMatchObject({ goneAt: expect.any(String), keys: [] });
  });

  test.each(['a/b', '../admin', 'a@b', '<b>', 'a\nb', 'x'.repeat(300), ''])(
    'is nobody when called %.20j',
    async (name) => {
      const { id } = far.serveActor('odd', { preferredUsername: name });
      expect((await fetched(id)).kind).toBe('refused');
      expect(await findActor(blog.context, id)).toBeNull();
    },
  );

  test('without an inbox is nobody', async () => {
    const { id } = far.serveActor('bob', { inbox: undefined });
    expect((await fetched(id)).kind).toBe('refused');
  });

  test('cannot have our posts sent to a third server by way of a shared inbox', async () => {
    const { id } = far.serveActor('bob', { endpoints: { sharedInbox: 'https://victim.example/inbox' } });
    expect(await fetched(id)).toMatchObject({ actor: { sharedInbox: null, inbox: `${id}/inbox` } });
  });
});

describe('identity stays within its origin', () => {
  test('a document that claims an id elsewhere is refused, and who has that id stays as they were', async () => {
    const good = far.serveActor('bob');
    await fetched(good.id);
    const evil = await startPeer();
    evil.serve('/users/bob', {
      json: {
        ...good,
        name: 'Taken over',
        publicKey: { id: `${good.id}#main-key`, owner: good.id, publicKeyPem: 'x' },
      },
    });
    const before = await findActor(blog.context, good.id);
    expect((await fetched(`${evil.origin}/users/bob`)).kind).toBe('refused');
    expect(await findActor(blog.context, good.id)).toEqual(before);
  });

  test('a redirect to another server is not followed', async () => {
    const evil = await startPeer();
    evil.serve('/bob', {
      json: {
        id: `${far.origin}/users/bob`,
        type: 'Person',
        preferredUsername: 'bob',
        inbox: `${evil.origin}/i`,
      },
    });
    far.serve('/users/bob', { status: 302, headers: { location: `${evil.origin}/bob` } });
    expect((await fetched(`${far.origin}/users/bob`)).kind).toBe('refused');
    expect(evil.asked).toEqual([]);
  });

  test('a redirect on the same server leads to the id that the document names', async () => {
    const { id } = far.serveActor('bob');
    far.serve('/@bob', { status: 302, headers: { location: '/users/bob' } });
    expect(await fetched(`${far.origin}/@bob`)).toMatchObject({ kind: 'actor', actor: { id } });
  });

  test('a document found under another address of its server is fetched from its own', async () => {
    const actor = far.serveActor('bob');
    far.serve('/alias', { json: { ...actor, name: 'Forged' } });
    expect(await fetched(`${far.origin}/alias`)).toMatchObject({ actor: { name: 'bob of elsewhere' } });
    far.serve('/lost', { json: { ...actor, id: `${far.origin}/nowhere` } });
    expect((await fetched(`${far.origin}/lost`)).kind).not.toBe('actor');
  });

  test.each([
    ['text/html', 'refused'],
    ['text/plain', 'refused'],
    ['image/png', 'refused'],
    ['application/json', 'refused'],
    ['application/ld+json', 'refused'],
    ['application/ld+json; profile="https://other.example/ns"', 'refused'],
    ['application/activity+json; charset=utf-8', 'document'],
    ['Application/LD+JSON; charset=utf-8; profile="https://www.w3.org/ns/activitystreams"', 'document'],
  ])('%s is %s', async (type, kind) => {
    const id = `${far.origin}/notes/1`;
    far.serve('/notes/1', { type, json: { id, type: 'Note' } });
    expect((await fetchDocument(blog.context, id)).kind).toBe(kind);
  });

  test('our own addresses are never asked', async () => {
    expect(await fetchDocument(blog.context, `${blog.url}/ap/site`)).toMatchObject({ kind: 'refused' });
  });
});

describe('what is asked', () => {
  test('is signed by the site, and signed anew in the other way where that is refused', async () => {
    const { id } = far.serveActor('bob');
    let times = 0;
    far.serve('/users/bob', {
      answer: (response) => {
        times += 1;
        if (times === 1) response.writeHead(401).end();
        else
          response
            .writeHead(200, { 'content-type': 'application/activity+json' })
            .end(JSON.stringify({ id, type: 'Note' }));
      },
    });
    expect((await fetchDocument(blog.context, id)).kind).toBe('document');

    const site = (await blog.document('/ap/site')) as { publicKey: { publicKeyPem: string } };
    const key = createPublicKey(site.publicKey.publicKeyPem);
    const schemes = [];
    for (const { path, rawHeaders, headers } of far.requests) {
      const request = {
        method: 'GET',
        target: path,
        headers: headerLines(rawHeaders),
        body: Buffer.alloc(0),
        origin: far.origin,
      };
      const reading = readSignature(request, blog.context.now());
      if (reading.kind !== 'claim') throw new Error(reading.reason);
      schemes.push(reading.claim.scheme);
      expect(reading.claim.keyId).toBe(`${blog.url}/ap/site#main-key`);
      expect(await checkSignature(reading.claim, key)).toBe(true);
      expect(headers.accept).toContain('application/activity+json');
      expect(headers['user-agent']).toMatch(/^Outpost\/.+\+http/);
    }
    expect(schemes).toEqual(['cavage', 'rfc9421']);
  });

  test('goes to one server four at a time', async () => {
    let running = 0;
    let most = 0;
    for (let number = 0; number < 12; number++) {
      const id = `${far.origin}/notes/${number}`;
      far.serve(`/notes/${number}`, {
        answer: (response) => {
          running += 1;
          most = Math.max(most, running);
          setTimeout(() => {
            running -= 1;
            response
              .writeHead(200, { 'content-type': 'application/activity+json' })
              .end(JSON.stringify({ id, type: 'Note' }));
          }, 20);
        },
      });
    }
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, number) => fetchDocument(blog.context, `${far.origin}/notes/${number}`)),
    );
    expect(answers.every(({ kind }) => kind === 'document')).toBe(true);
    expect(most).toBe(4);
  });

  test('leaves a server alone that failed twenty times', async () => {
    far.serve('/notes/1', { status: 500 });
    for (let time = 0; time < 25; time++) await fetchDocument(blog.context, `${far.origin}/notes/1`);
    expect(far.asked).toHaveLength(20);
  });

  test('has an end, also where the other server has none', async () => {
    far.serve('/notes/1', {
      answer: (response) =>
        void response.writeHead(200, { 'content-type': 'application/activity+json' }).write('{'),
    });
    const answer = await fetchDocument(blog.context, `${far.origin}/notes/1`, { timeoutMs: 200 });
    expect(answer.kind).toBe('unreachable');
  });

  test('stays within the budget of what caused it', async () => {
    const { id } = far.serveActor('bob');
    const budget = { left: 1 };
    await fetched(id, { budget });
    expect(budget.left).toBe(0);
    expect(far.asked).toHaveLength(1);
  });

  test('does not reach a blocked server', async () => {
    const { id } = far.serveActor('bob');
    await blockTarget(blog.context, { typed: far.host, level: 'block', reason: '' });
    expect((await fetched(id)).kind).toBe('refused');
    expect(far.asked).toEqual([]);
  });

  test('does not reach private addresses', async () => {
    const closed = await startFederatedBlog({ env: { OUTPOST_ALLOW_PRIVATE_NETWORK: '' } });
    const { id } = far.serveActor('bob');
    expect((await fetchActor(closed.context, id)).kind).toBe('refused');
    expect((await lookUpHandle(closed.context, `@bob@${far.host}`)).kind).not.toBe('actor');
    expect(far.asked).toEqual([]);
  });
});

describe('a handle', () => {
  test('leads to its actor', async () => {
    const { id } = far.serveActor('bob');
    expect(await lookUpHandle(blog.context, `@bob@${far.host}`)).toMatchObject({
      kind: 'actor',
      actor: { id },
    });
    expect((await lookUpHandle(blog.context, `@nobody@${far.host}`)).kind).toBe('refused');
    expect((await lookUpHandle(blog.context, 'nonsense')).kind).toBe('refused');
  });

  test('is not shown where WebFinger says that the name is somebody else’s', async () => {
    far.serveActor('bob');
    const mallory = far.serveActor('mallory', { preferredUsername: 'bob' });
    expect(await fetched(mallory.id)).toMatchObject({ actor: { handle: null, preferredUsername: 'bob' } });
  });

  test('may be of another host, if that one agrees', async () => {
    const shop = await startPeer();
    for (const name of ['bob', 'eve']) {
      const { id } = far.serveActor(name);
      const subject = `acct:${name}@${shop.host}`;
      const links = [{ rel: 'self', type: 'application/activity+json', href: id }];
      const account = { type: 'application/jrd+json', json: { subject, links } };
      far.serve(webFingerPath(`acct:${name}@${far.host}`), account);
      if (name === 'bob') shop.serve(webFingerPath(subject), account);
    }
    expect(await fetched(`${far.origin}/users/bob`)).toMatchObject({
      actor: { handle: `@bob@${shop.host}` },
    });
    expect(await fetched(`${far.origin}/users/eve`)).toMatchObject({ actor: { handle: `@eve@${far.host}` } });
  });

  test('stands with the actor’s own host where nothing answers', async () => {
    const { id } = far.serveActor('bob');
    far.serve(webFingerPath(`acct:bob@${far.host}`), { status: 404 });
    expect(await fetched(id)).toMatchObject({ actor: { handle: `@bob@${far.host}` } });
  });
});
