import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serveHttp } from '../../../net/loopback.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

const browser = { accept: 'text/html' };

describe('pages', () => {
  test('show the handle, a way to follow, and a way to answer from elsewhere', async () => {
    const blog = await startFederatedBlog();
    const post = await blog.publish({ title: 'Hello', bodyMarkdown: 'Text.' });
    const author = await (await blog.ask('/author/alice', browser)).text();
    const page = await (await blog.ask('/hello', browser)).text();

    expect(author).toContain('@alice');
    expect(author).toContain(`action="/ap/follow/${blog.owner.id}"`);
    expect(page).toContain(`action="/ap/answer/${post.id}"`);
  });

  test('have no trace of federation while it is off, and nothing answers its addresses', async () => {
    const blog = await startFederatedBlog();
    const post = await blog.publish({ title: 'Hello', bodyMarkdown: 'Text.' });
    const object = await blog.document(`/ap/posts/${post.id}`);
    await blog.app.plugins.disable('federation');

    for (const address of ['/', '/hello', '/author/alice']) {
      const answer = await blog.ask(address, browser);
      expect(answer.headers.get('link')).toBeNull();
      expect(await answer.text()).not.toMatch(/activity\+json|fediverse|federation|\/ap\/|@alice@/i);
      expect((await blog.ask(address)).headers.get('content-type')).toMatch(/^text\/html/);
    }
    const paths = [
      '/.well-known/webfinger?resource=acct:alice@x',
      '/.well-known/nodeinfo',
      '/.well-known/host-meta',
      '/ap/site',
      `/ap/users/${blog.owner.id}`,
      `/ap/posts/${post.id}`,
    ];
    for (const path of paths) expect((await blog.ask(path)).status).toBe(404);

    await blog.app.plugins.enable('federation');
    expect(await blog.document(`/ap/posts/${post.id}`)).toEqual(object);
  });
});

describe('the way to one’s own server', () => {
  const template = 'https://far.example/authorize_interaction?uri={uri}';
  let blog: FederatedBlog;

  beforeAll(async () => {
    blog = await startFederatedBlog({ untilTestEnds: false });
  });
  beforeEach(() => blog.advance(120));
  afterAll(() => blog.close());

  const send = (path: string, handle: string) =>
    fetch(new URL(path, blog.url), {
      method: 'POST',
      body: new URLSearchParams({ handle }),
      headers: browser,
      redirect: 'manual',
    });

  async function serverWith(subscribe: unknown) {
    const links = [{ rel: 'http://ostatus.org/schema/1.0/subscribe', template: subscribe }];
    return serveHttp((request, response) => {
      const known = request.url?.startsWith('/.well-known/webfinger?resource=acct%3Abob%40');
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/jrd+json' });
      response.end(JSON.stringify({ subject: 'acct:bob@far', links }));
    });
  }

  test('is shown before it is taken', async () => {
    const { peer } = await serverWith(template);
    const answer = await send(`/ap/follow/${blog.owner.id}`, `@bob@${peer}`);
    const actor = encodeURIComponent(`${blog.url}/ap/users/${blog.owner.id}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(`href="https://far.example/authorize_interaction?uri=${actor}"`);
  });

  test.each([
    'javascript:alert(1)//{uri}',
    'http://far.example/?uri={uri}',
    'https://far.example/',
    '//evil.example/{uri}',
    'https://{uri}.far.example/',
    'https://{uri}',
    7,
  ])('is not %s', async (bad) => {
    const { peer } = await serverWith(bad);
    const answer = await send(`/ap/follow/${blog.owner.id}`, `bob@${peer}`);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(`value="bob@${peer}"`);
  });

  test('needs a handle, and somebody who can be followed', async () => {
    const answer = await send(`/ap/follow/${blog.owner.id}`, '"><script>');
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('value="&#34;&gt;&lt;script&gt;"');
    for (const host of ['[::1', 'a%b', '%', '{x}', 'x:99999', '..'])
      expect((await send(`/ap/follow/${blog.owner.id}`, `bob@${host}`)).status).toBe(422);
    expect((await send('/ap/follow/nobody', 'bob@far.example')).status).toBe(404);
    expect((await send('/ap/answer/nothing', 'bob@far.example')).status).toBe(404);
  });

  test('cannot be asked for without end', async () => {
    const statuses = [];
    for (let time = 0; time < 11; time++)
      statuses.push((await send(`/ap/follow/${blog.owner.id}`, 'x')).status);
    expect(statuses).toEqual([...Array(10).fill(422), 429]);
  });
});
