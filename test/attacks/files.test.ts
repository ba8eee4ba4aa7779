import { connect } from 'node:net';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { ownerLogin } from '../../src/plugin-host/testing.ts';
import { type Client, createClient } from '../support/create-test-app.ts';
import { footprintOf, processorMs } from './footprint.ts';
import { liveMarkupIn } from './live-markup.ts';
import { shareAttackedBlog } from './open-blog.ts';
import { sendRaw } from './send-raw.ts';

const blog = shareAttackedBlog();
let admin: Client;
let cookie: string;
let csrf: string;

beforeAll(async () => {
  await blog().publish({ title: 'Talk', bodyMarkdown: 'Words.' });
  admin = createClient(blog().url);
  const answer = await admin.post('/login', { login: ownerLogin.username, password: ownerLogin.password });
  cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  csrf = await admin.csrf();
});

describe('W19 what is no public file is not served', () => {
  const paths = [
    '/assets/theme/..%2f..%2f..%2f..%2fpackage.json',
    '/assets/theme/%2e%2e/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/assets/theme/../../../../package.json',
    '/assets/theme/..%5c..%5cpackage.json',
    '/assets/theme/%252e%252e%252fpackage.json',
    '/assets/theme//etc/passwd',
    '/assets/theme/%2fetc%2fpasswd',
    '/assets/theme/post.liquid',
    '/assets/theme/../post.liquid',
    '/assets/admin/../layout.liquid',
    '/assets/admin/%2e%2e%2flayout.liquid',
    '/assets/plugins/federation/../plugin.ts',
    '/assets/plugins/federation/%2e%2e%2fplugin.ts',
    '/assets/plugins/federation/..%2f..%2f..%2fpackage.json',
    '/assets/plugins/../federation/plugin.ts',
    '/assets/theme/',
    '/assets/',
    '/media/',
    '/media/..%2foutpost.db',
    '/media/../outpost.db',
    '/media/%2e%2e%2fsecret',
    '/media/..%2f..%2fpackage.json',
    '/media/.hidden',
    '/outpost.db',
    '/outpost.db-wal',
    '/data/outpost.db',
    '/.git/config',
    '/.env',
    '/package.json',
    '/src/main.ts',
    '/node_modules/express/package.json',
    '/assets/theme/x%00.css',
    '/media/x%00.jpg',
    '/%00',
    '/%',
    '/%c0%af',
    '//etc/passwd',
    '/\\..\\..\\package.json',
  ];
  test.each(paths)('%s', async (path) => {
    const answer = await rawGet(path);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:40[04]|301 |308 )/);
    expect(answer).not.toMatch(/"dependencies"|root:x:|definePlugin|\{%|SQLite format/);
    const status = Number(answer.slice(9, 12));
    if (status >= 300 && status < 400)
      expect(answer).not.toMatch(/^location: (?:\/\/|https?:\/\/(?!localhost))/im);
  });

  async function rawGet(path: string): Promise<string> {
    const { port } = new URL(blog().url);
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
        ),
      );
      socket.on('data', (part) => (text += part));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
  }
});

describe('files that are added', () => {
  const as2 = () =>
    JSON.stringify({
      '@context': 'https://www.w3.org/ns/activitystreams',
      id: `${blog().author}`,
      type: 'Person',
      inbox: `${blog().url}/x`,
    });
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>';
  const html = '<!doctype html><script>alert(1)</script>';
  const pdf =
    '%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF';

  async function add(
    name: string,
    type: string,
    content: string | Buffer,
  ): Promise<{ status: number; url: string | null }> {
    const form = new FormData();
    form.set('csrf', csrf);
    form.set('file', new File([new Uint8Array(Buffer.from(content))], name, { type }));
    const answer = await fetch(`${blog().url}/admin/media`, {
      method: 'POST',
      body: form,
      headers: { cookie, accept: 'application/json' },
    });
    const body = (await answer.json()) as { url?: string };
    return { status: answer.status, url: body.url ?? null };
  }

  const refused: [string, string, string, () => string | Buffer][] = [
    ['A12 an actor as JSON', 'actor.json', 'application/activity+json', as2],
    ['A12 an actor as a picture', 'actor.jpg', 'image/jpeg', as2],
    ['A12 an actor as text', 'actor.txt', 'text/plain', as2],
    ['C29 an SVG', 'x.svg', 'image/svg+xml', () => svg],
    ['C29 an SVG called a PNG', 'x.png', 'image/png', () => `<?xml version="1.0"?>${svg}`],
    ['C30 a page', 'x.html', 'text/html', () => html],
    ['C30 a page called a JPEG', 'x.jpg', 'image/jpeg', () => html],
    [
      'C30 XHTML',
      'x.xhtml',
      'application/xhtml+xml',
      () => `<html xmlns="http://www.w3.org/1999/xhtml"><script/></html>`,
    ],
    [
      'C30 MHTML',
      'x.mht',
      'message/rfc822',
      () => `MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n${html}`,
    ],
    ['C30 a script', 'x.js', 'text/javascript', () => 'alert(1)'],
    ['C30 WebAssembly', 'x.wasm', 'application/wasm', () => Buffer.from('0061736d01000000', 'hex')],
    ['C30 a GIF that is a script', 'x.gif', 'image/gif', () => 'GIF89a/*xx*/=1;alert(1)//'],
    ['C30 nothing', 'x.jpg', 'image/jpeg', () => ''],
  ];
  test.each(refused)('%s is not taken', async (_what, name, type, content) => {
    const before = await footprintOf(blog().app);
    const { status } = await add(name, type, content());
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(await footprintOf(blog().app)).toEqual(before);
  });

  test.each([
    ['C30 a name with a NUL and two endings', 'x.html%00.jpg\0.svg'],
    ['C30 a name that leads elsewhere', '../../../../etc/x.html'],
    ['C30 a name of 64 KiB', `${'n'.repeat(65_536)}.html`],
    ['C27 a name with quotes and lines', 'x"\r\nContent-Type: text/html\r\n\r\n<x-pwned>.html'],
  ])('%s makes no difference to how a picture is stored and served', async (_what, name) => {
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#123456' } })
      .jpeg()
      .toBuffer();
    const hidden = Buffer.concat([picture, Buffer.from(html), Buffer.from(as2())]);
    const { status, url } = await add(name, 'text/html', hidden);
    if (url === null) {
      expect([400, 413]).toContain(status);
      return;
    }
    expect(url).toMatch(/^\/media\/[\w./-]+\.jpe?g$/);
    for (const accept of [
      'text/html',
      'application/activity+json',
      'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    ]) {
      const answer = await fetch(`${blog().url}${url}`, { headers: { accept } });
      expect(answer.headers.get('content-type')).toBe('image/jpeg');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toMatch(/sandbox/);
      expect(Buffer.from(await answer.arrayBuffer()).includes('<script>')).toBe(false);
    }
    expect(liveMarkupIn(await admin.page('/admin/media'), blog().url)).toEqual([]);
  });

  test('C30 a PDF with a script is shut in and never a page', async () => {
    const { status, url } = await add('x.pdf', 'application/pdf', pdf);
    if (status >= 400) return;
    const answer = await fetch(`${blog().url}${url}`, { headers: { accept: 'text/html' } });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-security-policy')).toMatch(/sandbox/);
  });

  const part = (name: string, value = 'x') =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const broken: [string, string, () => string][] = [
    ['no boundary', 'multipart/form-data', () => part('a')],
    ['an empty boundary', 'multipart/form-data; boundary=', () => part('a')],
    [
      'an index beyond all lists',
      'multipart/form-data; boundary=b',
      () => `${part('items[4294967294]')}--b--\r\n`,
    ],
    [
      'names 10,000 deep',
      'multipart/form-data; boundary=b',
      () => `${part(`a${'[b]'.repeat(10_000)}`)}--b--\r\n`,
    ],
    [
      'a prototype',
      'multipart/form-data; boundary=b',
      () => `${part('__proto__')}${part('constructor[prototype][polluted]')}--b--\r\n`,
    ],
    ['100,000 fields', 'multipart/form-data; boundary=b', () => `${part('a').repeat(100_000)}--b--\r\n`],
    [
      'a head without end',
      'multipart/form-data; boundary=b',
      () => `--b\r\nContent-Disposition: form-data; name="${'x'.repeat(500_000)}`,
    ],
    [
      'a file without end',
      'multipart/form-data; boundary=b',
      () => `--b\r\nContent-Disposition: form-data; name="f"; filename="x.jpg"\r\n\r\n${'x'.repeat(100_000)}`,
    ],
    ['a wrong token', 'multipart/form-data; boundary=b', () => `${part('csrf', 'wrong')}--b--\r\n`],
  ];
  test.each(broken)('W25 a form with %s is refused, soon, and harms nobody', async (_what, type, body) => {
    const before = await footprintOf(blog().app);
    let status = 0;
    const took = await processorMs(async () => {
      const lines = [
        ['Content-Type', type],
        ['Cookie', cookie],
        ['Accept', 'application/json'],
      ] as const;
      status = (await sendRaw(`${blog().url}/admin/media`, { lines, body: body() })).status;
    });
    expect([400, 403, 413, 415, 422]).toContain(status);
    expect(took).toBeLessThan(3000);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(await footprintOf(blog().app)).toEqual(before);
    expect((await fetch(`${blog().url}/healthz`)).status).toBe(200);
  });

  test('W25 a file that breaks off in its midst leaves nothing', async () => {
    const { url, app } = blog();
    const before = await footprintOf(app);
    const { port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST /admin/media HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${cookie}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 999999\r\n\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="x.jpg"\r\n\r\n${'x'.repeat(50_000)}`,
          () => socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await footprintOf(app)).toEqual(before);
  });
});

test('O01 every kind of answer carries the headers that protect', async () => {
  const { owner, url } = blog();
  for (const path of [
    '/',
    '/talk',
    '/nothing',
    '/feed',
    '/sitemap.xml',
    '/robots.txt',
    '/login',
    '/admin',
    '/healthz',
    '/media/nothing',
    '/assets/theme/nothing',
    `/ap/users/${owner.id}`,
    '/.well-known/nodeinfo',
    '/ap/inbox',
    '/search?q=x',
    '/%',
  ]) {
    for (const accept of ['text/html', 'application/activity+json']) {
      const { headers } = await fetch(`${url}${path}`, { headers: { accept }, redirect: 'manual' });
      const label = `${path} as ${accept}`;
      expect(headers.get('content-security-policy'), label).toMatch(/default-src/);
      expect(headers.get('content-security-policy'), label).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers.get('x-content-type-options'), label).toBe('nosniff');
      expect(headers.get('referrer-policy'), label).toBeTruthy();
      expect(headers.get('x-powered-by'), label).toBeNull();
      expect(headers.get('server'), label).toBeNull();
      if (path !== '/login' && path !== '/admin') expect(headers.get('set-cookie'), label).toBeNull();
    }
  }
});
