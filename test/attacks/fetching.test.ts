import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../support/remote-peer.ts';
import { activityOf, commentOf, noteOf, shareAttackedBlog } from './open-blog.ts';
import { sendSigned } from './send-raw.ts';
import { startWildPeer, type WildActor, type WildPeer } from './wild-peer.ts';

const blog = shareAttackedBlog();
let post: { id: string; url: string; post: { id: string } };
let bob: WildActor;
/** A server of the owner's own network, to which no stranger may send us. */
let inner: WildPeer;

beforeAll(async () => {
  inner = await startWildPeer();
  post = await blog().publish({ title: 'A subject', bodyMarkdown: 'Words.' });
  bob = blog().good.actor('bob');
  await send(bob, activityOf(bob, 'View', post.id));
});
afterAll(() => inner.close());

async function send(actor: WildActor, activity: Json, keyId?: string): Promise<number> {
  const { status } = await sendSigned(blog().url, actor, activity, { ...(keyId && { keyId }) });
  await blog().idle();
  return status;
}

/** All the spellings of our own machine that reach the inner server where nothing stops them. */
const spellings = [
  '127.0.0.1',
  'localhost',
  '127.1',
  '0x7f.1',
  '2130706433',
  '0177.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '0.0.0.0',
  '127.0.0.1.',
];

describe('S01 nobody can send us to a server of our own network', () => {
  const at = (host: string, end: string) => `http://${host}:${new URL(inner.origin).port}${end}`;

  test.each(spellings)('by a key at %s', async (host) => {
    const keyId = at(host, '/users/x#main-key');
    const actor = at(host, '/users/x');
    const status = await send(bob, { ...activityOf({ id: actor }, 'Like', post.id), actor }, keyId);
    expect([400, 401]).toContain(status);
    expect(inner.hits).toEqual([]);
  });

  const members: [string, (inside: string) => Json][] = [
    ['its inbox', (inside) => ({ inbox: `${inside}/inbox` })],
    ['its shared inbox', (inside) => ({ endpoints: { sharedInbox: `${inside}/inbox` } })],
    [
      'its picture',
      (inside) => ({ icon: { type: 'Image', url: `${inside}/i.png` }, image: `${inside}/h.png` }),
    ],
    [
      'its collections',
      (inside) => ({
        outbox: `${inside}/o`,
        followers: `${inside}/f`,
        following: `${inside}/g`,
        featured: `${inside}/p`,
      }),
    ],
    [
      'its page and fields',
      (inside) => ({
        url: `${inside}/p`,
        attachment: [{ type: 'PropertyValue', name: 'x', value: `<a href="${inside}/">x</a>` }],
      }),
    ],
    [
      'its context',
      (inside) => ({ '@context': [`${inside}/context`, 'https://www.w3.org/ns/activitystreams'] }),
    ],
    ['its aliases', (inside) => ({ alsoKnownAs: [`${inside}/users/a`], movedTo: `${inside}/users/b` })],
  ];
  test.each(members)('by what an account says of %s', async (_what, change) => {
    const name = `led${members.findIndex(([, one]) => one === change)}`;
    const actor = blog().evil.actor(name, change(inner.origin));
    const note = noteOf(actor, {
      inReplyTo: post.id,
      attachment: [{ type: 'Image', url: `${inner.origin}/a.png` }],
      tag: [
        { type: 'Mention', href: `${inner.origin}/users/m` },
        { type: 'Emoji', icon: { url: `${inner.origin}/e.png` } },
      ],
      replies: `${inner.origin}/replies`,
      url: `${inner.origin}/page`,
      content: `<p><a href="${inner.origin}/link">x</a><img src="${inner.origin}/pixel"></p>`,
    });
    const elsewhere = noteOf(actor, { inReplyTo: `${inner.origin}/notes/1`, to: [blog().author] });
    for (const activity of [
      activityOf(actor, 'Follow', blog().author),
      activityOf(actor, 'Create', note),
      activityOf(actor, 'Create', elsewhere),
      activityOf(actor, 'Like', `${inner.origin}/notes/1`),
      activityOf(actor, 'Announce', `${inner.origin}/notes/1`),
      activityOf(
        actor,
        'Announce',
        activityOf({ id: `${inner.origin}/users/x` }, 'Create', `${inner.origin}/notes/1`),
      ),
      activityOf(actor, 'Move', actor.id, { target: `${inner.origin}/users/x` }),
      activityOf(actor, 'Update', { ...actor.document, ...change(inner.origin) }),
    ])
      expect([202, 403]).toContain(await send(actor, activity));
    await blog().publish({
      title: `News ${name}`,
      bodyMarkdown: `To all, and to @x@${inner.host} at ${inner.origin}/page`,
    });
    expect(inner.hits).toEqual([]);
  });

  test('by WebFinger that names a host there', async () => {
    const { evil } = blog();
    const actor = evil.actor('webbed');
    const links = [{ rel: 'self', type: 'application/activity+json', href: actor.id }];
    evil.on(
      `/.well-known/webfinger?resource=${encodeURIComponent(`acct:webbed@${evil.host}`)}`,
      { subject: `acct:webbed@${inner.host}`, links },
      'application/jrd+json',
    );
    expect(await send(actor, activityOf(actor, 'Follow', blog().author))).toBe(202);
    expect(inner.hits).toEqual([]);
  });

  test('by a publicKey that is an address there', async () => {
    const actor = blog().evil.actor('keyed', { publicKey: `${inner.origin}/key` });
    expect(await send(actor, activityOf(actor, 'Follow', blog().author))).toBe(401);
    expect(inner.hits).toEqual([]);
  });

  test.each(spellings)('by the form for following from elsewhere: %s', async (host) => {
    const handle = `@x@${host}:${new URL(inner.origin).port}`;
    const answer = await fetch(`${blog().url}/ap/follow/${blog().owner.id}`, {
      method: 'POST',
      headers: { accept: 'text/html', 'x-forwarded-for': `198.51.100.${spellings.indexOf(host)}` },
      body: new URLSearchParams({ handle }),
    });
    expect(answer.status).toBe(422);
    expect(inner.hits).toEqual([]);
  });

  test('by looking something up', async () => {
    for (const asked of [
      `${inner.origin}/users/x`,
      `@x@${inner.host}`,
      `http://[::1]:${new URL(inner.origin).port}/x`,
    ])
      await expect(blog().run('lookup', asked)).rejects.toThrow();
    expect(inner.hits).toEqual([]);
  });
});

describe('S07, S09, S10 redirects', () => {
  test.each([301, 302, 303, 307, 308])(
    '%i leads no fetch into our network, not in the second hop either',
    async (status) => {
      const { evil } = blog();
      evil.on(`/hop${status}`, (response) =>
        response.writeHead(status, { Location: `${inner.origin}/secret` }).end(),
      );
      evil.on(`/users/hop${status}`, (response) =>
        response.writeHead(status, { Location: `${evil.origin}/hop${status}` }).end(),
      );
      const id = `${evil.origin}/users/hop${status}`;
      expect(await send(bob, { ...activityOf({ id }, 'Like', post.id), actor: id }, `${id}#main-key`)).toBe(
        401,
      );
      const resource = `acct:hop${status}@${evil.host}`;
      evil.on(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`, (response) =>
        response.writeHead(status, { Location: `${inner.origin}/.well-known/webfinger` }).end(),
      );
      const actor = evil.actor(`hop${status}`);
      await blog()
        .run('lookup', `@hop${status}@${evil.host}`)
        .catch(() => null);
      expect(await send(actor, activityOf(actor, 'View', post.id))).toBeLessThan(500);
      expect(inner.hits).toEqual([]);
    },
  );

  test.each([301, 302, 303, 307, 308])('%i takes no delivery to another server', async (status) => {
    const { evil, good } = blog();
    const actor = evil.actor(`moved${status}`);
    const target = status % 2 ? good.origin : inner.origin;
    evil.on(`/users/moved${status}/inbox`, (response) =>
      response.writeHead(status, { Location: `${target}/taken` }).end(),
    );
    const posts = good.hits.filter(({ method }) => method === 'POST').length;
    expect(await send(actor, activityOf(actor, 'Follow', blog().author))).toBe(202);
    expect(good.hits.filter(({ method }) => method === 'POST').length).toBe(posts);
    expect(inner.hits).toEqual([]);
    const rows = (await blog().run('deliveries')) as { inbox: string; state: string }[];
    expect(rows.find(({ inbox }) => inbox === `${actor.id}/inbox`)?.state).not.toBe('delivered');
  });

  test('S09 a circle ends soon, and is not walked again for the next request', async () => {
    const { evil } = blog();
    evil.on('/users/round', (response) =>
      response.writeHead(302, { Location: `${evil.origin}/users/trip` }).end(),
    );
    evil.on('/users/trip', (response) =>
      response.writeHead(302, { Location: `${evil.origin}/users/round` }).end(),
    );
    const id = `${evil.origin}/users/round`;
    const hits = evil.hits.length;
    for (let time = 0; time < 5; time += 1)
      expect(await send(bob, { ...activityOf({ id }, 'Like', post.id), actor: id }, `${id}#main-key`)).toBe(
        401,
      );
    expect(evil.hits.length - hits).toBeLessThanOrEqual(8);
  });
});

describe('S14, S23 answers that do not end or are something else', () => {
  test.each([
    ['an actor', '/users/endless', 'application/activity+json', '{"id":"'],
    ['a page', '/users/endless-page', 'text/html', '<html>'],
  ])('%s without end is cut off', async (_what, at, type, beginning) => {
    const { evil } = blog();
    let sent = 0;
    evil.on(at, (response) => {
      response.writeHead(200, { 'Content-Type': type });
      response.write(beginning);
      const chunk = 'x'.repeat(65_536);
      const more = () => {
        while (!response.destroyed && sent < 200 * 1024 * 1024) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    });
    const id = `${evil.origin}${at}`;
    expect(await send(bob, { ...activityOf({ id }, 'Like', post.id), actor: id }, `${id}#main-key`)).toBe(
      401,
    );
    // What the system's own buffers hold comes on top of the ceiling.
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  test.each([
    [
      'XML with entities',
      'application/xrd+xml',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><XRD>&a;</XRD>',
    ],
    ['a page', 'text/html', '<html>'],
    ['JSON of 100,000 levels', 'application/jrd+json', '['.repeat(60_000)],
    ['other JSON', 'application/json', '{"subject":5,"links":{"a":1}}'],
  ])('WebFinger that is %s is nothing', async (_what, type, text) => {
    const { evil } = blog();
    const name = `odd${text.length}`;
    const actor = evil.actor(name);
    const resource = `acct:${name}@${evil.host}`;
    evil.on(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`, (response) =>
      response.writeHead(200, { 'Content-Type': type }).end(text),
    );
    const note = noteOf(actor, { inReplyTo: post.id });
    expect(await send(actor, activityOf(actor, 'Create', note))).toBe(202);
    expect((await commentOf(blog(), note))?.html).toContain('Well said.');
    await expect(blog().run('lookup', `@${name}@${evil.host}`)).rejects.toThrow();
  });
});

test('one activity causes twelve requests at the most, and a comment none but for its author', async () => {
  const { evil, good } = blog();
  const group = evil.actor('group', { type: 'Group' });
  await send(group, activityOf(group, 'View', post.id));
  const many = Array.from({ length: 200 }, () =>
    activityOf(bob, 'Create', noteOf(bob, { inReplyTo: post.id })),
  );
  const hits = good.hits.length + evil.hits.length;
  expect(await send(group, activityOf(group, 'Announce', many))).toBe(202);
  expect(good.hits.length + evil.hits.length - hits).toBeLessThanOrEqual(12);
  const before = good.hits.length + evil.hits.length;
  expect(await send(bob, activityOf(bob, 'Create', noteOf(bob, { inReplyTo: post.id })))).toBe(202);
  expect(good.hits.length + evil.hits.length - before).toBeLessThanOrEqual(2);
});
