import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  ownerLogin,
  startTestBlog,
  type TestBlog,
  type TestBlogOptions,
} from '../../src/plugin-host/testing.ts';
import { createUser, setRole } from '../../src/users/accounts.ts';
import { createClient } from '../support/create-test-app.ts';
import { processorMs } from './footprint.ts';
import { sendRaw } from './send-raw.ts';

async function openBlog(options: TestBlogOptions = {}) {
  const blog = await startTestBlog({ plugins: [], ...options });
  onTestFinished(() => blog.close());
  return blog;
}

const password = 'correct horse battery';
const attempt = (url: string, login: string, typed: string, headers: Record<string, string> = {}) =>
  createClient(url).post('/login', { login, password: typed }, headers);

test('W10 nobody, a wrong password and a closed account get the same answer after the same work', async () => {
  const { url, app } = await openBlog();
  const closed = await createUser(app.deps, {
    username: 'closed',
    email: 'closed@blog.example',
    password,
    role: 'author',
  });
  await setRole(app.deps, closed.id, { role: 'author', disabled: true });
  const cases = { nobody: password, alice: 'not the password', closed: password };
  const answers = new Map<string, string>();
  const work = new Map<string, number[]>(Object.keys(cases).map((login) => [login, []]));
  for (let round = 0; round < 5; round += 1) {
    for (const [login, typed] of Object.entries(cases)) {
      const from = { 'x-forwarded-for': `203.0.113.${round * 3 + login.length}` };
      const took = await processorMs(async () => {
        const answer = await attempt(url, login, typed, from);
        const headers = [...answer.headers].filter(([name]) => !['date', 'content-length'].includes(name));
        answers.set(
          login,
          JSON.stringify([answer.status, headers, (await answer.text()).replaceAll(login, 'NAME')]),
        );
      });
      work.get(login)?.push(took);
    }
  }
  expect(new Set(answers.values()).size).toBe(1);
  const medians = [...work.values()].map((times) => times.sort((a, b) => a - b)[2] ?? 0);
  expect(Math.max(...medians)).toBeLessThan(Math.min(...medians) * 2);
});

describe('W11 guessing', () => {
  test('many guesses at the same moment are counted like many after each other', async () => {
    const { url } = await openBlog();
    const statuses = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        attempt(url, 'alice', `guess ${index}`, { 'x-forwarded-for': `198.51.100.${index}` }).then(
          ({ status }) => status,
        ),
      ),
    );
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(30);
  });

  test('one client that tries many accounts is stopped, whatever it writes into its headers', async () => {
    const { url } = await openBlog({ env: { OUTPOST_TRUST_PROXY: 'none' } });
    const statuses: number[] = [];
    for (let index = 0; index < 14; index += 1) {
      const forged = {
        'x-forwarded-for': `203.0.113.${index}`,
        forwarded: `for=203.0.113.${index}`,
        'x-real-ip': `203.0.113.${index}`,
      };
      statuses.push((await attempt(url, `user${index}`, 'guess', forged)).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(4).fill(429)]);
  });

  test('what a client adds to the front of a proxy’s header does not make it another', async () => {
    const { url } = await openBlog();
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1)
      statuses.push(
        (await attempt(url, `user${index}`, 'guess', { 'x-forwarded-for': `203.0.113.${index}, 192.0.2.7` }))
          .status,
      );
    expect(statuses.slice(10)).toEqual([429, 429]);
  });
});

describe('W13, W14 sessions', () => {
  test('a session that was there before is not the one that signs in', async () => {
    const { url } = await openBlog();
    const planted = 'planted-by-somebody-else-000000000000000000';
    const cookie = { cookie: `outpost=${planted}` };
    const answer = await fetch(`${url}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html', ...cookie },
      body: new URLSearchParams({ login: ownerLogin.username, password: ownerLogin.password }),
    });
    expect(answer.status).toBe(303);
    const set = answer.headers.getSetCookie().find((line) => line.startsWith('outpost=')) ?? '';
    expect(set).not.toContain(planted);
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=(Lax|Strict)/);
    expect((await fetch(`${url}/admin`, { redirect: 'manual', headers: cookie })).status).toBe(303);
  });

  test('a new password gives a new session and ends the old one everywhere', async () => {
    const { url } = await openBlog();
    const client = createClient(url);
    const signedIn = await client.post('/login', {
      login: ownerLogin.username,
      password: ownerLogin.password,
    });
    const before = /outpost=([^;]+)/.exec(signedIn.headers.getSetCookie().join())?.[1] ?? '';
    const changed = await client.post('/admin/profile/password', {
      current: ownerLogin.password,
      password: 'a much better sentence',
    });
    expect(changed.status).toBe(303);
    expect((await client.get('/admin')).status).toBe(200);
    expect(
      (await fetch(`${url}/admin`, { redirect: 'manual', headers: { cookie: `outpost=${before}` } })).status,
    ).toBe(303);
  });

  test.each([
    ['switched off', { role: 'editor', disabled: true }],
    ['given less to do', { role: 'contributor', disabled: false }],
  ] as const)('who is %s is signed out at once', async (_what, change) => {
    const { url, app } = await openBlog();
    const user = await createUser(app.deps, {
      username: 'eddy',
      email: 'eddy@blog.example',
      password,
      role: 'editor',
    });
    const client = createClient(url);
    await client.post('/login', { login: 'eddy', password });
    const csrf = await client.csrf();
    expect((await client.get('/admin/comments')).status).toBe(200);
    await setRole(app.deps, user.id, change);
    expect((await client.get('/admin/comments')).status).toBe(303);
    expect((await client.post('/admin/posts', { csrf, title: 'x' })).status).toBe(401);
  });
});

describe('W18 the way back', () => {
  let shared: TestBlog;
  beforeAll(async () => {
    shared = await startTestBlog({ plugins: [] });
  });
  afterAll(() => shared.close());

  test.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example',
    '/%2F%2Fevil.example',
    '/%5Cevil.example',
    '/web/..//evil.example',
    '/.//evil.example',
    '/\t/evil.example',
    '/\r\nLocation: https://evil.example',
    '/%0d%0aSet-Cookie:x=1',
    'javascript:alert(1)',
    ' //evil.example',
  ])('%j stays here', async (next) => {
    const { url } = shared;
    const client = createClient(url);
    const answer = await client.post('/login', {
      login: ownerLogin.username,
      password: ownerLogin.password,
      next,
    });
    expect(answer.status).toBe(303);
    const location = answer.headers.get('location') ?? '';
    expect(new URL(location, url).origin).toBe(new URL(url).origin);
    expect(location).not.toMatch(/^\/[/\\]|^\/(%2f|%5c)/i);
    expect(answer.headers.getSetCookie().join()).not.toContain('x=1');
    const signedIn = await client.get(`/login?next=${encodeURIComponent(next)}`);
    expect(new URL(signedIn.headers.get('location') ?? '', url).origin).toBe(new URL(url).origin);
    const out = await client.post(`/logout?next=${encodeURIComponent(next)}`, { next, return_to: next });
    expect(out.headers.get('location')).toBe('/');
  });
});

describe('W31 the set-up', () => {
  test('of two at the same moment one wins, and afterwards the page is not there', async () => {
    const { url, app } = await openBlog({ withoutSetup: true });
    const link = new URL((await app.setupUrl()) ?? '');
    const path = `${link.pathname}${link.search}`;
    const answers = await Promise.all(
      ['ada', 'eve', 'mallory'].map((username) =>
        createClient(url).post(path, {
          title: 'A blog',
          username,
          email: `${username}@blog.example`,
          password,
        }),
      ),
    );
    const [first, ...others] = answers.map(({ status }) => status).sort();
    expect(first).toBe(303);
    for (const status of others) expect([404, 409]).toContain(status);
    expect(await app.deps.db.selectFrom('users').select('username').execute()).toHaveLength(1);
    for (const at of ['/setup', path]) expect((await createClient(url).get(at)).status).toBe(404);
  });

  test('before it nobody gets in, no page says the token, and nothing but the token helps', async () => {
    const { url, app } = await openBlog({ withoutSetup: true });
    const token = new URL((await app.setupUrl()) ?? '').searchParams.get('token') ?? '';
    expect(token).toMatch(/^[A-Za-z0-9_-]{22,}$/);
    const client = createClient(url);
    for (const path of ['/', '/admin', '/login', '/setup', '/feed', '/ap/site', '/healthz', '/nothing'])
      expect(await client.page(path), path).not.toContain(token);
    const fields = { title: 'x', username: 'eve', email: 'eve@evil.example', password };
    for (const wrong of [
      '',
      token.slice(1),
      `${token}x`,
      token.toUpperCase() === token ? 'x' : token.toUpperCase(),
      '%00',
    ])
      expect([400, 403], wrong).toContain((await client.post(`/setup?token=${wrong}`, fields)).status);
    expect(
      (await client.post(`/setup?token=${token}`, fields, { origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect((await client.post('/login', { login: 'alice', password })).status).not.toBe(303);
    expect(await app.deps.db.selectFrom('users').select('id').execute()).toEqual([]);
  });
});

test('O03 a forged host leads nowhere, also for those who come after', async () => {
  const { url } = await openBlog({ plugins: ['federation', 'feeds'] });
  const host = new URL(url).host;
  const forged = [
    ['Host', 'evil.example'],
    ['X-Forwarded-Host', 'evil.example'],
    ['X-Forwarded-Proto', 'https'],
    ['Forwarded', 'host=evil.example;proto=https'],
  ] as const;
  for (const path of [
    '/',
    '/feed',
    '/login',
    '/author/alice',
    '/sitemap.xml',
    '/nothing',
    `/.well-known/webfinger?resource=acct:alice@${host}`,
    '/.well-known/nodeinfo',
    '/ap/site',
  ]) {
    const first = await sendRaw(`${url}${path}`, { method: 'GET', lines: forged });
    const second = await sendRaw(`${url}${path}`, { method: 'GET', lines: [] });
    for (const { text, headers } of [first, second])
      expect(JSON.stringify([headers, text]), path).not.toContain('evil.example');
  }
});
