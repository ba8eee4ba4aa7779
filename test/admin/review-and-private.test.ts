import { expect, test } from 'vitest';
import { findPost, listPosts } from '../../src/posts/post-store.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { createUser } from '../../src/users/accounts.ts';
import type { Role } from '../../src/users/user.ts';
import { runOutpost } from '../support/command-line.ts';
import type { Client, TestApp } from '../support/create-test-app.ts';
import { shareBlog } from './share-blog.ts';

const sharedBlog = shareBlog();

async function withRole(
  blog: TestApp,
  username: string,
  role: Role,
): Promise<{ id: string; client: Client }> {
  const login = { username, password: 'correct horse battery' };
  const { id } = await createUser(blog.app.deps, { ...login, email: `${username}@blog.example`, role });
  return { id, client: await blog.signIn(login) };
}

const newest = async (blog: TestApp) =>
  (await listPosts(blog.app.deps.db, { limit: 1, order: 'created' }))[0];
const statusOf = async (blog: TestApp, id: string) => (await findPost(blog.app.deps.db, id))?.status;
const texts = { title: 'From the desk', bodyMarkdown: 'Text' };

test('a contributor submits a draft for review, an editor sends it back, then publishes it', async () => {
  const blog = sharedBlog();
  const { client: carl } = await withRole(blog, 'carl', 'contributor');
  const { client: edna } = await withRole(blog, 'edna', 'editor');
  expect(await carl.page('/admin/posts/new')).toContain('Submit for review');
  await carl.post('/admin/posts', { ...texts, intent: 'review' });
  const { id = '', status } = (await newest(blog)) ?? {};
  expect(status).toBe('review');
  expect(await edna.page('/admin/posts?status=review')).toContain('From the desk');
  expect((await fetch(`${blog.url}/from-the-desk`)).status).toBe(404);

  expect(await edna.page(`/admin/posts/${id}`)).toContain('Send it back');
  await edna.post(`/admin/posts/${id}/unpublish`, {});
  expect(await edna.page(`/admin/posts/${id}`)).toContain('Sent back. It is a draft again.');
  const version = String((await findPost(blog.app.deps.db, id))?.version);
  await carl.post(`/admin/posts/${id}`, { ...texts, version, intent: 'review' });
  expect(await statusOf(blog, id)).toBe('review');
  await carl.post(`/admin/posts/${id}/unpublish`, {});
  expect(await statusOf(blog, id)).toBe('draft');
  const again = String((await findPost(blog.app.deps.db, id))?.version);
  await carl.post(`/admin/posts/${id}`, { ...texts, version: again, intent: 'review' });
  const last = String((await findPost(blog.app.deps.db, id))?.version);
  await edna.post(`/admin/posts/${id}`, { ...texts, version: last, intent: 'publish' });
  expect((await fetch(`${blog.url}/from-the-desk`)).status).toBe(200);
  expect((await carl.post(`/admin/posts/${id}/unpublish`, {})).status).toBe(404);
});

test('a contributor publishes neither publicly nor privately', async () => {
  const blog = sharedBlog();
  const { client } = await withRole(blog, 'cleo', 'contributor');
  for (const intent of ['publish', 'private', 'schedule'])
    expect((await client.post('/admin/posts', { ...texts, title: 'Forced', intent })).status).toBe(403);
  expect(await blog.visitor.page('/')).not.toContain('Forced');
});

test('a private post is seen by those who may change it, and by nobody else anywhere', async () => {
  const blog = sharedBlog();
  const { client: anna } = await withRole(blog, 'anna', 'author');
  const { client: other } = await withRole(blog, 'otto', 'author');
  const { client: reader } = await withRole(blog, 'rita', 'subscriber');
  await anna.post('/admin/posts', { ...texts, title: 'Zanzibar diary', tags: 'zanzibar', intent: 'private' });
  expect((await newest(blog))?.status).toBe('private');
  for (const client of [anna, await blog.signIn()]) {
    const seen = await client.get('/zanzibar-diary');
    expect([seen.status, seen.headers.get('cache-control')]).toEqual([
      200,
      expect.stringContaining('no-store'),
    ]);
  }
  for (const client of [blog.visitor, other, reader]) {
    expect((await client.get('/zanzibar-diary')).status).toBe(404);
    for (const path of ['/', '/sitemap.xml', '/search?q=zanzibar', '/author/anna', '/feed', '/feed/json'])
      expect([
        path,
        (await client.page(path)).replaceAll(/q=zanzibar|value="zanzibar"|“zanzibar”/gi, '').toLowerCase(),
      ]).toEqual([path, expect.not.stringContaining('zanzibar diary')]);
    expect((await client.get('/tag/zanzibar')).status).toBe(404);
    expect((await client.post('/zanzibar-diary/comments', { text: 'Hm', name: 'R' })).status).toBe(404);
  }
  expect(await anna.page('/admin/posts?status=private')).toContain('Zanzibar diary');
});

test('a public post that becomes private is taken back everywhere, and can become public again', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const post = await blog.publish({ title: 'Withdrawn', bodyMarkdown: 'Text' });
  expect((await fetch(`${blog.url}/withdrawn`)).status).toBe(200);
  const form = { title: 'Withdrawn', bodyMarkdown: 'Text' };
  await client.post(`/admin/posts/${post.id}`, { ...form, version: String(post.version), intent: 'private' });
  expect(await statusOf(blog, post.id)).toBe('private');
  expect((await fetch(`${blog.url}/withdrawn`)).status).toBe(404);
  const version = String((await findPost(blog.app.deps.db, post.id))?.version);
  await client.post(`/admin/posts/${post.id}`, { ...form, version, intent: 'publish' });
  expect((await findPost(blog.app.deps.db, post.id))?.publication).toBe(2);
});

test('the command line submits for review and publishes privately', async () => {
  const blog = sharedBlog();
  const outpost = (...words: string[]) =>
    runOutpost([...words, '--json'], {
      env: { OUTPOST_DATA: blog.dataFolder, PORT: new URL(blog.url).port },
    });
  const words = ['post', 'create', '--author', 'alice', '--file', '/dev/null', '--title'];
  expect(JSON.parse((await outpost(...words, 'By word', '--private')).stdout)).toMatchObject({
    status: 'private',
  });
  const sent = JSON.parse((await outpost(...words, 'For them', '--review')).stdout);
  expect(sent.status).toBe('review');
  expect(JSON.parse((await outpost('post', 'unpublish', sent.id)).stdout).status).toBe('draft');
  const post = await createPost(blog.app.deps, { title: 'Now private', authorId: blog.owner?.id ?? '' });
  expect(JSON.parse((await outpost('post', 'update', post.id, '--private')).stdout).status).toBe('private');
  expect(JSON.parse((await outpost('post', 'list', '--status', 'private')).stdout).length).toBeGreaterThan(1);
});
