import { sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchDocument } from '../../../../plugins/federation/actors/fetch-document.ts';
import type { FederationContext } from '../../../../plugins/federation/context.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  type Published,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';
import { startFederatedBlog } from '../support.ts';

let app: FederatedApp;
let post: Published;
let bob: PeerActor;
let context: FederationContext;

beforeAll(async () => {
  app = await startFederatedApp();
  context = app.app.plugins.find('federation')?.context as unknown as FederationContext;
  await context.settings.set({ secureMode: true });
  post = await app.publish({ title: 'For servers with a name' });
  bob = app.peer('good.example').actor('bob');
});
afterAll(() => app.close());

const accept = 'application/activity+json';

/** Asks as another server does, signed by somebody where one is named. */
async function ask(address: string, by?: PeerActor, more: Record<string, string> = {}): Promise<Response> {
  const url = new URL(address, app.url);
  const headers: Record<string, string> = { accept, date: new Date().toUTCString(), ...more };
  if (by) {
    const target = url.pathname + url.search;
    const text = `(request-target): get ${target}\nhost: ${url.host}\ndate: ${headers.date}`;
    const signature = sign('sha256', Buffer.from(text), by.key).toString('base64');
    headers.signature = `keyId="${by.keyId}",algorithm="rsa-sha256",headers="(request-target) host date",signature="${signature}"`;
  }
  return fetch(url, { headers, redirect: 'manual' });
}

describe('in secure mode', () => {
  const guarded = () => [
    post.id,
    post.url,
    `${post.id}/replies`,
    `${post.id}/likes`,
    `${app.author}/outbox`,
    `${app.author}/followers`,
    `${app.url}/ap/posts/nothing`,
  ];

  test('posts and collections are for those who sign', async () => {
    for (const address of guarded()) {
      const answer = await ask(address);
      expect([address, answer.status]).toEqual([address, 401]);
      expect(answer.headers.get('vary')).toBe('Accept, Signature');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('accept-signature')).toContain('@target-uri');
      expect(await answer.text()).not.toContain('name');
    }
    for (const address of guarded().slice(0, -1)) {
      const answer = await ask(address, bob);
      expect([address, answer.status]).toEqual([address, 200]);
      expect(answer.headers.get('vary')).toBe('Accept, Signature');
      expect(answer.headers.get('cache-control')).toMatch(/^(?:private, no-cache|no-store)$/);
    }
    expect((await ask(`${app.url}/ap/posts/nothing`, bob)).status).toBe(404);
  });

  test('a signature that does not fit is none', async () => {
    const other = app.peer('other.example').actor('other');
    expect((await ask(post.id, { ...bob, key: other.key })).status).toBe(401);
    expect((await ask(post.id, undefined, { signature: 'keyId="x"' })).status).toBe(401);
  });

  test.each([
    ['its id', () => app.author],
    ['its page', () => `${app.url}/author/alice`],
  ])(
    'an author’s actor at %s is whole for those who sign, and a stub with its keys for others',
    async (_, at) => {
      const whole = (await (await ask(at(), bob)).json()) as Json;
      expect(whole).toMatchObject({ id: app.author, outbox: `${app.author}/outbox` });
      const answer = await ask(at());
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain(accept);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('etag')).toBeNull();
      const stub = (await answer.json()) as Json;
      expect(stub).toEqual({
        '@context': whole['@context'],
        id: app.author,
        type: 'Person',
        preferredUsername: 'alice',
        inbox: whole.inbox,
        publicKey: whole.publicKey,
        assertionMethod: whole.assertionMethod,
      });
    },
  );

  test('the ETag of the whole does not make the stub look unchanged', async () => {
    const etag = (await ask(app.author, bob)).headers.get('etag') ?? '';
    expect((await ask(app.author, bob, { 'if-none-match': etag })).status).toBe(304);
    expect((await ask(app.author, undefined, { 'if-none-match': etag })).status).toBe(200);
  });

  test('the site’s own actor, WebFinger and the pages for people are as ever', async () => {
    const site = await ask(`${app.url}/ap/site`);
    expect(site.status).toBe(200);
    expect(await site.json()).toMatchObject({ type: 'Application', outbox: `${app.url}/ap/site/outbox` });
    const account = `${app.url}/.well-known/webfinger?resource=acct:alice@${new URL(app.url).host}`;
    expect((await fetch(account)).status).toBe(200);
    expect((await fetch(post.url, { headers: { accept: 'text/html' } })).status).toBe(200);
    const page = await ask(post.id, undefined, { accept: 'text/html' });
    expect([page.status, page.headers.get('location')]).toEqual([303, post.url]);
  });

  test('who is blocked gets nothing, known before or not', async () => {
    const known = app.peer('spam.example').actor('known');
    expect((await ask(post.id, known)).status).toBe(200);
    await app.run('block', 'spam.example');
    const unknown = app.peer('sub.spam.example').actor('unknown');
    const before = app.peer('sub.spam.example').fetched.length;
    for (const by of [known, unknown]) {
      for (const address of [post.id, app.author]) expect((await ask(address, by)).status).toBe(403);
    }
    expect(app.peer('sub.spam.example').fetched.length).toBe(before);
    await app.run('block', 'https://good.example/users/mallory');
    expect((await ask(post.id, app.peer('good.example').actor('mallory'))).status).toBe(403);
  });

  test('people elsewhere can still follow, like and get posts', async () => {
    await bob.send(app.url, followOf(bob, app.author));
    await bob.send(app.url, activityOf(bob, 'Like', post.id));
    await app.idle();
    await app.publish({ title: 'Delivered all the same' });
    expect((await app.peer('good.example').receives('Create')).status).toBe(202);
  });

  test('asking for a page does not bring what is for those who sign', async () => {
    const { activity } = await app.peer('good.example').receives('Create');
    const filler = Array.from({ length: 500 }, () => 'image/png').join(', ');
    for (const address of [String(activity.id), post.id, post.url, `${app.author}/outbox`, app.author]) {
      for (const wanted of ['text/html', `text/html;q=0.5, ${filler}, ${accept}`]) {
        const answer = await ask(address, undefined, { accept: wanted });
        expect(await answer.text()).not.toMatch(/"(?:content|outbox|orderedItems)":/);
      }
    }
    expect((await ask(String(activity.id), undefined, { accept: 'text/html' })).status).toBe(401);
    expect((await ask(String(activity.id), bob, { accept: 'text/html' })).status).toBe(200);
  });
});

describe('two servers that both want signatures', () => {
  let other: Awaited<ReturnType<typeof startFederatedBlog>>;
  beforeEach(async () => {
    other = await startFederatedBlog();
    await other.context.settings.set({ secureMode: true });
  });

  test('show each other their posts and authors', async () => {
    const far = await other.publish({ title: 'Far', bodyMarkdown: 'Away.' });
    const id = `${other.url}/ap/posts/${far.id}`;
    expect(await fetchDocument(context, id)).toMatchObject({ kind: 'document', json: { id, name: 'Far' } });
    expect(await fetchDocument(other.context, post.id)).toMatchObject({
      kind: 'document',
      json: { id: post.id },
    });
    const author = `${other.url}/ap/users/${other.owner.id}`;
    expect(await fetchDocument(context, author)).toMatchObject({ json: { outbox: `${author}/outbox` } });
  });
});

test('outside of secure mode nothing changes', async () => {
  await context.settings.set({ secureMode: false });
  const answer = await ask(post.id);
  expect([answer.status, answer.headers.get('vary')]).toEqual([200, 'Accept']);
  expect(answer.headers.get('cache-control')).toContain('public');
  await context.settings.set({ secureMode: true });
});
