import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import { until } from '../support/until.ts';

let blog: TestBlog;
beforeAll(async () => {
  blog = await startTestBlog({ plugins: [] });
  await blog.publish({ title: 'Hello world', bodyMarkdown: 'Text, '.repeat(500) });
});
afterAll(() => blog.close());

const get = (address: string, headers: Record<string, string> = {}) =>
  fetch(blog.url + address, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });

test('health and readiness are told', async () => {
  const { version } = blog.app.deps.config;
  for (const address of ['/healthz', '/readyz']) {
    const answer = await get(address);
    expect([answer.status, answer.headers.get('cache-control'), await answer.json()]).toEqual([
      200,
      'no-store',
      { status: 'ok', version },
    ]);
  }
});

test.each([
  '/',
  '/hello-world',
  '/author/alice',
  '/search?q=x',
  '/login',
  '/admin',
  '/nothing',
  '/healthz',
  '/readyz',
  '/robots.txt',
  '/sitemap.xml',
  '/assets/theme/essay.css',
  '/assets/nothing',
  '/media/nothing',
  '/setup',
  '/%E0%A4%A',
])('the answer at %s carries the headers that keep its readers safe, from the cache too', async (address) => {
  for (const times of [1, 2]) {
    const { headers } = await get(address);
    expect([times, headers.get('content-security-policy')]).toEqual([
      times,
      expect.stringContaining('default-src'),
    ]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': expect.any(String),
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.any(String),
    });
    expect(headers.has('x-powered-by')).toBe(false);
  }
});

describe('a page for everybody', () => {
  test('has a length and a mark, sets no cookie, and is not sent again where it is known', async () => {
    for (const times of [1, 2]) {
      const answer = await get('/hello-world', { 'accept-encoding': 'identity' });
      const body = await answer.arrayBuffer();
      expect([times, answer.headers.get('content-length')]).toEqual([times, String(body.byteLength)]);
      expect(answer.headers.get('set-cookie')).toBeNull();
      const etag = answer.headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[\w-]+"$/);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
        const again = await get('/hello-world', { 'if-none-match': known, 'accept-encoding': 'identity' });
        expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
      }
      expect((await get('/hello-world', { 'if-none-match': '"other"' })).status).toBe(200);
    }
  });

  test('is compressed for those who take that, each form with a mark of its own', async () => {
    await get('/');
    const of = async (encoding: string) => {
      const { headers } = await get('/', { 'accept-encoding': encoding });
      return [headers.get('content-encoding'), headers.get('etag')];
    };
    await until('it is compressed', async () => (await of('br'))[0] === 'br');
    const [br, gzip, plain] = [await of('br, gzip'), await of('gzip'), await of('br;q=0, identity')];
    expect([br[0], gzip[0], plain[0]]).toEqual(['br', 'gzip', null]);
    expect(new Set([br[1], gzip[1], plain[1]]).size).toBe(3);
    expect((await get('/')).headers.get('vary')).toMatch(/Accept-Encoding/);
  });

  test('is made anew when what is on it has changed', async () => {
    await blog.publish({ title: 'First', bodyMarkdown: 'Text' });
    const before = (await get('/')).headers.get('etag');
    await blog.publish({ title: 'Second', bodyMarkdown: 'Text' });
    const after = await get('/', { 'if-none-match': before ?? '' });
    expect([after.status, await after.text()]).toEqual([200, expect.stringContaining('Second')]);
  });

  test('has no body at HEAD, and the same header fields', async () => {
    const [full, head] = [
      await get('/hello-world', { 'accept-encoding': 'identity' }),
      await fetch(`${blog.url}/hello-world`, {
        method: 'HEAD',
        headers: { accept: 'text/html', 'accept-encoding': 'identity' },
      }),
    ];
    expect(await head.text()).toBe('');
    for (const name of ['etag', 'content-length', 'content-type', 'vary'])
      expect(head.headers.get(name)).toBe(full.headers.get(name));
  });
});
