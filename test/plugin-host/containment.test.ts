import { expect, test } from 'vitest';
import { listPosts } from '../../src/posts/post-store.ts';
import { createTestApp } from '../support/create-test-app.ts';
import { until } from '../support/until.ts';
import { writePlugin } from '../support/write-plugin.ts';

const failing = {
  throws: "() => { throw new Error('broken on purpose'); }",
  'throws null': '() => { throw null; }',
  rejects: "() => Promise.reject(new Error('broken on purpose'))",
  'gives nothing': '() => undefined',
};

async function openWith(id: string, members: string, above = '') {
  const app = await createTestApp({ plugins: [], pluginFolders: [writePlugin(id, members, { above })] });
  const listing = async () => (await app.app.plugins.list()).find((plugin) => plugin.id === id);
  return { ...app, listing };
}

test.each(Object.entries(failing))(
  'a route that %s answers 500 in a fixed sentence, and the rest goes on',
  async (_, handler) => {
    const { visitor, listing } = await openWith(
      'broken',
      `routes: [{ method: 'GET', path: '/broken', access: 'public', handler: (${handler}) as never }]`,
    );
    const answer = await visitor.get('/broken', { accept: 'application/json' });
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining('on purpose')]);
    expect((await visitor.get('/')).status).toBe(200);
    expect((await listing())?.status).toBe('enabled');
  },
);

test.each([
  ['a header field of two lines', "{ headers: { Link: 'a\\r\\nb' }, body: 'x' }"],
  ['a status that is none', '{ status: 42 }'],
  ['a body that is none', '{ body: 42 as never }'],
])('a route that answers with %s is its fault', async (_, answer) => {
  const { visitor, app } = await openWith(
    'broken',
    `routes: [{ method: 'GET', path: '/broken', access: 'public', handler: () => (${answer}) }]`,
  );
  const failed: string[] = [];
  const { log } = app.deps;
  log.error = ((about: { plugin?: string }) => failed.push(about.plugin ?? 'nobody')) as never;
  expect((await visitor.get('/broken')).status).toBe(500);
  expect(failed).toContain('broken');
});

test('an answer that fails on the way is cut, and the rest goes on', async () => {
  const body = "(async function* () { yield 'a beginning'; throw new Error('broken on purpose'); })()";
  const { visitor } = await openWith(
    'broken',
    `routes: [{ method: 'GET', path: '/broken', access: 'public', handler: () => ({ body: ${body} }) }]`,
  );
  await expect(visitor.page('/broken')).rejects.toThrow();
  expect((await visitor.get('/')).status).toBe(200);
});

test.each(Object.entries(failing))('a filter that %s is left out of the page', async (_, listener) => {
  const { visitor, publish } = await openWith(
    'broken',
    `filters: { 'post.html': (${listener}) as never, 'page.slot': (${listener}) as never, 'page.head': (${listener}) as never, 'page.headers': (${listener}) as never }`,
  );
  await publish({ title: 'Shown all the same', bodyMarkdown: 'The text' });
  expect(await visitor.page('/shown-all-the-same')).toContain('The text');
});

test('an admin page and a representation that fail are their plugin’s failure', async () => {
  const { visitor, signIn, publish } = await openWith(
    'broken',
    `adminPages: [{ path: '', title: 'Broken', menu: true, access: 'admin', load: (${failing.throws}) as never }],
     representations: [{ of: 'post', types: ['text/broken'], respond: (${failing.rejects}) as never }]`,
  );
  await publish({ title: 'Whole', bodyMarkdown: 'Text' });
  const admin = await signIn();
  expect((await admin.get('/admin/broken')).status).toBe(500);
  expect(await admin.page('/admin')).toContain('/admin/broken');
  expect((await visitor.get('/whole', { accept: 'text/broken' })).status).toBe(500);
  expect((await visitor.get('/whole')).status).toBe(200);
});

test('a plugin that keeps failing is switched off, and the owner is told why', async () => {
  const { visitor, signIn, listing } = await openWith(
    'broken',
    `routes: [{ method: 'GET', path: '/broken', access: 'public', handler: (${failing.throws}) as never }]`,
  );
  const admin = await signIn();
  for (let times = 0; times < 20; times += 1) await admin.get('/broken');
  await until('it is off', async () => (await visitor.get('/broken')).status === 404);

  expect(await listing()).toMatchObject({
    status: 'failed',
    error:
      'It was switched off after 20 failures within ten minutes; the last, in GET /broken: broken on purpose',
  });
  expect(await admin.page('/admin/plugins')).toContain('switched off after 20 failures');
});

test('strangers, who can have a plugin fail as often as they like, do not get it switched off', async () => {
  const { visitor, listing, idle } = await openWith(
    'broken',
    `routes: [{ method: 'GET', path: '/broken', access: 'public', handler: (${failing.throws}) as never }]`,
  );
  for (let times = 0; times < 25; times += 1) expect((await visitor.get('/broken')).status).toBe(500);
  await idle();
  expect(await listing()).toMatchObject({ status: 'enabled' });
  expect((await visitor.get('/broken')).status).toBe(500);
});

test('publishing succeeds whatever a plugin does with the news', async () => {
  const { app, publish, idle } = await openWith(
    'broken',
    `actions: { 'post.published': (${failing.throws}) as never }`,
  );
  await publish({ title: 'Published', bodyMarkdown: 'Text' });
  await idle();
  expect(await listPosts(app.deps.db, { status: 'published', limit: 9 })).toHaveLength(1);
});
