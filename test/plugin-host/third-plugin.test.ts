import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownerLogin, startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import { runOutpost } from '../support/command-line.ts';
import { type Client, createClient, signIn } from '../support/create-test-app.ts';
import { until } from '../support/until.ts';
import { writeGuestBook } from './guest-book.ts';

let blog: TestBlog;
let visitor: Client;
let admin: Client;

beforeAll(async () => {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'outpost-plugin-'));
  blog = await startTestBlog({ plugins: [], pluginFolders: [writeGuestBook(parent)] });
  rmSync(parent, { recursive: true });
  visitor = createClient(blog.url);
  admin = await signIn(blog.url, ownerLogin);
});
afterAll(() => blog.close());

const names = async (): Promise<string[]> => JSON.parse(await visitor.page('/guests'));
const outpost = (...words: string[]) => {
  const port = new URL(blog.url).port;
  return runOutpost(words, {
    env: { OUTPOST_DATA: blog.dataFolder, PORT: port, OUTPOST_ALLOW_PRIVATE_NETWORK: '1' },
  });
};

test('its declaration can be listed', async () => {
  expect((await blog.app.plugins.list()).find(({ id }) => id === 'guest-book')).toMatchObject({
    name: 'Guest book',
    version: '1.2.3',
    status: 'enabled',
    source: 'installed',
    error: null,
    permissions: ['posts', 'database'],
  });
});

test('what a visitor sends to its route goes through its queue into its own table', async () => {
  expect((await visitor.post('/guests/window', { name: 'Anna' })).status).toBe(202);
  await until('Anna is there', async () => (await names()).includes('Anna at window'));
});

test('what is wrong with a request is told as it says, also to programs', async () => {
  const answer = await visitor.post('/guests/window', { name: '' }, { accept: 'application/json' });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ code: 'guest.name', fields: { name: 'Say who you are.' } });
});

test.each([
  ['a larger body', { body: `name=${'x'.repeat(2000)}`, type: 'application/x-www-form-urlencoded' }, 413],
  ['another type', { body: '{}', type: 'application/json' }, 415],
])('%s than its route takes is refused', async (_, { body, type }, status) => {
  const answer = await fetch(`${blog.url}/guests/window`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });
  expect(answer.status).toBe(status);
});

test('routes of one shape have names of their own, another method is refused with those that fit', async () => {
  expect(JSON.parse(await visitor.page('/guests/a%20b/card'))).toEqual({ id: 'a b' });
  const csrf = await admin.csrf();
  const removed = await admin.send('/guests/anna/card', {
    method: 'DELETE',
    headers: { 'x-csrf-token': csrf, origin: blog.url },
  });
  expect(await removed.json()).toEqual({ name: 'anna', by: 'alice' });
  const put = await visitor.send('/guests/anna/card', { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, DELETE']);
});

test('a change from a form of another site is refused', async () => {
  const answer = await admin.send('/guests/anna/card', {
    method: 'DELETE',
    headers: { origin: 'https://elsewhere.example' },
  });
  expect(answer.status).toBe(403);
});

test('what only the owner may see is not for others', async () => {
  expect((await visitor.get('/guests/hidden', { accept: 'application/json' })).status).toBe(401);
  expect(await admin.page('/guests/hidden')).toBe('"for the owner"');
});

test('a page of its own stands in the theme, and takes nothing but what a view has made', async () => {
  const answer = await visitor.get('/guests/welcome');
  const html = await answer.text();
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'private, no-store']);
  expect(html).toContain('<h1>Come &lt;in&gt;</h1>');
  expect(html).toContain('<p class="guest-book">Welcome &lt;you&gt;</p>');
  expect(html).toContain('assets/plugins/guest-book/guests.css');
  expect(html).toContain('class="site-foot"');
  expect(html).toContain('<meta name="robots" content="noindex">');
  expect(await admin.page('/guests/welcome')).toContain('Your desk');
  expect((await visitor.get('/guests/bare')).status).toBe(500);
});

test('an answer may come in parts', async () => {
  expect(await visitor.page('/guests/parts')).toBe('one two');
});

test('an action reaches it after a post was published', async () => {
  await blog.publish({ title: 'Hello world', bodyMarkdown: 'The *text*.' });
  await blog.idle();
  await until('it has heard', async () => (await names()).includes('post Hello world'));
});

test('its filters put a stylesheet and an escaped line into the page', async () => {
  await blog.publish({ title: 'Seen', bodyMarkdown: 'Text' });
  const html = await visitor.page('/seen');
  expect(html).toContain('<p class="guest-book">Welcome &lt;you&gt;</p>');
  expect(html).toContain(`href="${blog.url}/assets/plugins/guest-book/guests.css"`);
});

test('its settings are changed in a form made from their schema, and the page follows', async () => {
  await blog.publish({ title: 'Greeted', bodyMarkdown: 'Text' });
  await visitor.page('/greeted');
  expect(await admin.page('/admin/plugins/guest-book')).toContain('Greeting');
  const wrong = await admin.post('/admin/plugins/guest-book/settings', { greeting: '' });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('Say something.')]);

  await admin.post('/admin/plugins/guest-book/settings', { greeting: 'Good morning' });
  expect(await visitor.page('/greeted')).toContain('Good morning');
  await admin.post('/admin/plugins/guest-book/settings', { greeting: 'Welcome <you>' });
});

test('a post’s address answers in its form where that is preferred, and tells caches so', async () => {
  await blog.publish({ title: 'In two forms', bodyMarkdown: '*Text*' });
  const markdown = await visitor.get('/in-two-forms', { accept: 'text/markdown' });
  expect(await markdown.text()).toBe('*Text*');
  expect(Object.fromEntries(markdown.headers)).toMatchObject({
    'content-type': 'text/markdown; charset=utf-8',
    'cache-control': 'no-store',
    vary: 'Accept, Origin',
  });
  const html = await visitor.get('/in-two-forms', { accept: 'text/html, text/markdown;q=0.5' });
  expect(html.headers.get('content-type')).toContain('text/html');
  expect(html.headers.get('vary')).toContain('Accept');
  expect((await visitor.get('/nothing-here', { accept: 'text/markdown' })).status).toBe(404);
});

test('its page stands in the admin’s menu, and does its deeds', async () => {
  await visitor.post('/guests/window', { name: 'Bob' });
  await until('Bob is there', async () => (await names()).includes('Bob at window'));
  expect(await admin.page('/admin')).toContain('href="/admin/guest-book"');
  expect(await admin.page('/admin/guest-book')).toMatch(/<p id="count">\d+ guests<\/p>/);
  expect((await visitor.get('/admin/guest-book')).status).toBe(303);

  const answer = await admin.post('/admin/guest-book?do=clear', {});
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/guest-book']);
  expect(await admin.page('/admin/guest-book')).toContain('All names are gone.');
  expect((await admin.post('/admin/guest-book?do=nothing', {})).status).toBe(404);
});

test('its files are public, and nothing beside them is', async () => {
  const css = await visitor.get('/assets/plugins/guest-book/guests.css');
  expect([css.status, css.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  for (const file of ['.secret', '%2e%2e/plugin.ts', '../plugin.ts', '', 'nothing.css'])
    expect((await visitor.get(`/assets/plugins/guest-book/${file}`)).status).toBe(404);
});

test('its schedule puts its job into the queue', async () => {
  await until('the clock has signed', async () => (await names()).includes('the clock'), 5000);
});

test('what it offers can be asked for, and what is not there is null', async () => {
  const { context } = blog.app.plugins.find('guest-book') ?? {};
  const service = context?.service('guest-book') as { names(): Promise<string[]> };
  expect(await service.names()).toEqual(expect.any(Array));
  expect(context?.service('nothing')).toBeNull();
});

test('at run time it has what it asked for, and nothing else', () => {
  const { context } = blog.app.plugins.find('guest-book') ?? {};
  expect(context).toMatchObject({ posts: expect.anything(), database: expect.anything() });
  for (const name of ['users', 'comments', 'reactions', 'network', 'mail'])
    expect(context).not.toHaveProperty(name);
});

test('its commands run in another process', async () => {
  await visitor.post('/guests/window', { name: 'Cleo' });
  await until('Cleo is there', async () => (await names()).includes('Cleo at window'));
  const ran = await outpost('guest-book', 'names', 'window', '--upper', '--json');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ran.stdout)).toContainEqual({ table: 'window', name: 'CLEO AT WINDOW' });
  expect((await outpost('guest-book', 'names', 'window')).stdout).toMatch(
    /^window +Cleo at window\n[\s\S]*\n\nNow bake a cake for them\.\n$/m,
  );
  expect(await outpost('guest-book', 'names', 'nowhere')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'There is no table nowhere.\n',
  });
  expect((await outpost('guest-book', 'names')).code).toBe(2);
});

test('its checks and failpoints are part of the doctor’s', async () => {
  expect(JSON.parse((await outpost('doctor', '--json')).stdout)).toContainEqual({
    check: 'guest-book: ink',
    status: 'warning',
    detail: 'The ink runs low.',
    remedy: 'Buy some.',
  });
  expect(JSON.parse((await outpost('doctor', '--failpoints', '--json')).stdout)).toContainEqual({
    name: 'sign.before',
  });
});

test('switched off, in another process too, nothing of it is left within a second; switched on again its data is there', async () => {
  await blog.publish({ title: 'Without it', bodyMarkdown: 'Text' });
  expect(await visitor.page('/without-it')).toContain('guest-book');
  await visitor.post('/guests/window', { name: 'Dora' });
  await until('Dora is there', async () => (await names()).includes('Dora at window'));

  expect(JSON.parse((await outpost('plugin', 'disable', 'guest-book', '--json')).stdout)).toMatchObject({
    name: 'guest-book',
    status: 'disabled',
  });
  await until('it is gone', async () => (await visitor.get('/guests')).status === 404, 1000);
  const html = await visitor.page('/without-it');
  expect(html).not.toContain('guest-book');
  expect(await admin.page('/admin')).not.toContain('guest-book');
  expect((await admin.get('/admin/guest-book')).status).toBe(404);
  expect((await visitor.get('/assets/plugins/guest-book/guests.css')).status).toBe(404);
  expect(
    (await visitor.get('/without-it', { accept: 'text/markdown' })).headers.get('content-type'),
  ).toContain('text/html');
  expect((await outpost('guest-book', 'names', 'window')).stderr).toBe(
    'The plugin guest-book is switched off. Switch it on with outpost plugin enable guest-book.\n',
  );

  await outpost('plugin', 'enable', 'guest-book');
  await until('it is back', async () => (await visitor.get('/guests')).status === 200, 1000);
  expect(await names()).toContain('Dora at window');
  await blog.app.plugins.disable('guest-book');
  expect((await visitor.get('/guests')).status).toBe(404);
  await blog.app.plugins.enable('guest-book');
  expect((await visitor.get('/guests')).status).toBe(200);
});
