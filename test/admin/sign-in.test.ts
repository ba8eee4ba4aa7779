import { expect, test } from 'vitest';
import { ownerLogin } from '../../src/plugin-host/testing.ts';
import { createUser } from '../../src/users/accounts.ts';
import { createClient, createTestApp } from '../support/create-test-app.ts';

test('the sign-in page says what helps when the password is forgotten', async () => {
  const { visitor } = await createTestApp({ plugins: [] });
  expect(await visitor.page('/login')).toContain('npx outpost user password NAME --password NEW');
});

test('the admin sends strangers to the sign-in page, and back to where they wanted to go', async () => {
  const { visitor } = await createTestApp({ plugins: [] });
  const answer = await visitor.get('/admin/posts?status=draft');
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/login?next=%2Fadmin%2Fposts%3Fstatus%3Ddraft');
  const after = await visitor.post('/login', {
    login: ownerLogin.email,
    password: ownerLogin.password,
    next: '/admin/posts?status=draft',
  });
  expect(after.headers.get('location')).toBe('/admin/posts?status=draft');
});

test('signing in never leads to another site', async () => {
  const { visitor } = await createTestApp({ plugins: [] });
  const answer = await visitor.post('/login', {
    login: ownerLogin.username,
    password: ownerLogin.password,
    next: '//evil.example/',
  });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/admin');
});

test('an unknown name and a wrong password get the same answer', async () => {
  const { url } = await createTestApp({ plugins: [] });
  const unknown = await createClient(url).post('/login', {
    login: 'nobody',
    password: 'correct horse battery',
  });
  const wrong = await createClient(url).post('/login', { login: ownerLogin.username, password: 'incorrect' });
  expect(unknown.status).toBe(401);
  expect(wrong.status).toBe(401);
  const text = async (answer: Response, login: string) => (await answer.text()).replaceAll(login, 'NAME');
  expect(await text(unknown, 'nobody')).toBe(await text(wrong, ownerLogin.username));
});

test('after ten failures an account is closed to strangers for a while, but not to a device that has signed in before', async () => {
  const blog = await createTestApp({ plugins: [] });
  const known = createClient(blog.url);
  expect(
    (await known.post('/login', { login: ownerLogin.username, password: ownerLogin.password })).status,
  ).toBe(303);
  const attempt = (client: ReturnType<typeof createClient>, ip: string, password: string) =>
    client.post('/login', { login: 'ALICE', password }, { 'x-forwarded-for': ip });
  for (let failure = 0; failure < 10; failure += 1) {
    expect((await attempt(createClient(blog.url), `203.0.113.${failure}`, 'wrong')).status).toBe(401);
  }
  const refused = await attempt(createClient(blog.url), '203.0.113.99', ownerLogin.password);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await attempt(known, '203.0.113.98', ownerLogin.password)).status).toBe(303);

  blog.advance(31 * 60);
  expect((await attempt(createClient(blog.url), '203.0.113.99', ownerLogin.password)).status).toBe(303);
});

test('after ten failures a client is refused whatever account it tries', async () => {
  const { url } = await createTestApp({ plugins: [] });
  for (let failure = 0; failure < 10; failure += 1) {
    expect(
      (await createClient(url).post('/login', { login: `user${failure}`, password: 'wrong' })).status,
    ).toBe(401);
  }
  expect(
    (await createClient(url).post('/login', { login: ownerLogin.username, password: ownerLogin.password }))
      .status,
  ).toBe(429);
});

test('attempts that come at once do not slip by while the first are checked', async () => {
  const { url } = await createTestApp({ plugins: [] });
  const attempts = Array.from({ length: 30 }, () =>
    createClient(url).post('/login', { login: ownerLogin.username, password: 'wrong' }),
  );
  const statuses = (await Promise.all(attempts)).map((answer) => answer.status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
});

test('a form of another site signs nobody in', async () => {
  const { visitor } = await createTestApp({ plugins: [] });
  const answer = await visitor.post(
    '/login',
    { login: ownerLogin.username, password: ownerLogin.password },
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  );
  expect(answer.status).toBe(403);
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test('signing in begins a new session, and signing out ends it', async () => {
  const { url, signIn } = await createTestApp({ plugins: [] });
  const client = await signIn();
  const before = await client.csrf();
  await client.post('/login', { login: ownerLogin.username, password: ownerLogin.password, csrf: '' });
  expect(await client.csrf()).not.toBe(before);
  expect((await client.post('/logout', { csrf: 'wrong' })).status).toBe(403);
  expect((await client.get('/admin')).status).toBe(200);
  expect((await client.post('/logout', {})).status).toBe(303);
  expect((await client.get('/admin')).status).toBe(303);
  expect((await createClient(url).get('/logout')).status).toBe(404);
});

test('a new password ends every other session at once and keeps this one', async () => {
  const { signIn } = await createTestApp({ plugins: [] });
  const here = await signIn();
  const there = await signIn();
  const wrong = await here.post('/admin/profile/password', {
    current: 'not it',
    password: 'a much better sentence',
  });
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain('That is not your present password.');
  expect((await there.get('/admin')).status).toBe(200);

  expect(
    (
      await here.post('/admin/profile/password', {
        current: ownerLogin.password,
        password: 'a much better sentence',
      })
    ).status,
  ).toBe(303);
  expect((await here.get('/admin')).status).toBe(200);
  expect((await there.get('/admin')).status).toBe(303);
  await signIn({ username: ownerLogin.username, password: 'a much better sentence' });
});

test('a session can be ended from another device, but not somebody else’s', async () => {
  const { app, signIn } = await createTestApp({ plugins: [] });
  await createUser(app.deps, {
    username: 'bela',
    email: 'bela@blog.example',
    password: 'correct horse battery',
    role: 'author',
  });
  const owner = await signIn();
  const elsewhere = await signIn();
  const bela = await signIn({ username: 'bela', password: 'correct horse battery' });
  const page = await owner.page('/admin/profile');
  const [id] = [...page.matchAll(/\/admin\/sessions\/([\w-]+)\/end"/g)]
    .map((match) => match[1])
    .filter((found) => found !== undefined);
  expect((await bela.post(`/admin/sessions/${id}/end`, {})).status).toBe(404);
  expect((await elsewhere.get('/admin')).status).toBe(200);
  expect((await owner.post(`/admin/sessions/${id}/end`, {})).status).toBe(303);
  expect((await elsewhere.get('/admin')).status).toBe(303);
});

test('the set-up page needs the token of the link, is not spent by opening it, and is gone afterwards', async () => {
  const { app, visitor } = await createTestApp({ withoutSetup: true, plugins: [] });
  const link = new URL((await app.setupUrl()) ?? '');
  const path = `${link.pathname}${link.search}`;
  expect((await visitor.get('/setup')).status).toBe(403);
  expect((await visitor.get('/setup?token=wrong')).status).toBe(403);
  expect((await visitor.get(path)).status).toBe(200);
  expect((await visitor.get(path)).status).toBe(200);
  const fields = {
    title: 'A blog',
    username: 'ada',
    email: 'ada@blog.example',
    password: 'correct horse battery',
    role: 'subscriber',
  };
  expect((await visitor.post('/setup?token=wrong', fields)).status).toBe(403);
  const done = await visitor.post(path, fields);
  expect(done.status).toBe(303);
  expect((await visitor.get('/admin/settings')).status).toBe(200);
  expect((await visitor.get(path)).status).toBe(404);
  expect((await visitor.post(path, fields)).status).toBe(404);
});

test('who comes by stays signed in, in the browser as well; who stays away for a month does not', async () => {
  const blog = await createTestApp({ plugins: [] });
  const client = await blog.signIn();
  blog.advance(25 * 86_400);
  const [cookie] = (await client.get('/admin')).headers.getSetCookie();
  expect(cookie).toMatch(/^outpost=[\w-]{43}; Max-Age=2592000;/);
  blog.advance(25 * 86_400);
  expect((await client.get('/admin')).status).toBe(200);
  blog.advance(31 * 86_400);
  expect((await client.get('/admin')).status).toBe(303);
});
