import { expect, test } from 'vitest';
import { findPost, listPosts } from '../../src/posts/post-store.ts';
import { deletePost, trashPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { createUser } from '../../src/users/accounts.ts';
import { removeSessionsOf } from '../../src/users/session-store.ts';
import type { Client, TestApp } from '../support/create-test-app.ts';
import { shareBlog } from './share-blog.ts';

const sharedBlog = shareBlog();

const hidden = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`)
    .exec(html)?.[1]
    ?.replaceAll('&#34;', '"')
    .replaceAll('&amp;', '&') ?? '';

async function newForm(client: Client): Promise<Record<string, string>> {
  return { key: hidden(await client.page('/admin/posts/new'), 'key'), version: '0' };
}

async function withTitle(blog: TestApp, title: string) {
  const posts = await listPosts(blog.app.deps.db, { limit: 100, order: 'created' });
  return posts.filter((post) => post.title === title);
}

const ownerOf = (blog: TestApp) => blog.owner?.id ?? '';

test('a form for a new post that is sent twice makes one post, also where both are sent at once', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const form = { ...(await newForm(client)), title: 'Sent twice', bodyMarkdown: 'Text', intent: 'publish' };
  const answers = await Promise.all([client.post('/admin/posts', form), client.post('/admin/posts', form)]);
  const again = await client.post('/admin/posts', form);
  const places = [...answers, again].map((answer) => [answer.status, answer.headers.get('location')]);
  const [post, ...more] = await withTitle(blog, 'Sent twice');
  expect(more).toEqual([]);
  expect(places).toEqual(Array(3).fill([303, `/admin/posts/${post?.id}`]));
  expect(post?.publication).toBe(1);
});

test('sent again with another text, the form changes the post that it made, and overwrites nobody', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const form = { ...(await newForm(client)), title: 'Sent on', bodyMarkdown: 'First' };
  await client.post('/admin/posts', form);
  expect((await client.post('/admin/posts', { ...form, bodyMarkdown: 'Second' })).status).toBe(303);
  expect((await withTitle(blog, 'Sent on')).map((post) => post.bodyMarkdown)).toEqual(['Second']);
  const third = await client.post('/admin/posts', { ...form, bodyMarkdown: 'Third' });
  expect(third.status).toBe(409);
  expect(await third.text()).toContain('Third</textarea>');
});

test('somebody else’s form makes a post of its own', async () => {
  const blog = sharedBlog();
  const login = { username: 'cora', password: 'correct horse battery' };
  await createUser(blog.app.deps, { ...login, email: 'cora@blog.example', role: 'author' });
  const form = { ...(await newForm(await blog.signIn())), title: 'Whose', bodyMarkdown: 'Text' };
  await (await blog.signIn()).post('/admin/posts', form);
  await (await blog.signIn(login)).post('/admin/posts', { ...form, bodyMarkdown: 'Other' });
  expect((await withTitle(blog, 'Whose')).map((post) => post.bodyMarkdown)).toEqual(['Other', 'Text']);
});

test('what is sent after the session has ended comes back after the sign-in, unsaved until it is sent again', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const post = await createPost(blog.app.deps, {
    title: 'Long',
    bodyMarkdown: 'Old',
    authorId: ownerOf(blog),
  });
  const csrf = await client.csrf();
  await removeSessionsOf(blog.app.deps.db, ownerOf(blog));
  const typed = `Typed "quoted" & <b>kept</b>\n\n${'word '.repeat(20_000)}`;
  const sent = await client.post(`/admin/posts/${post.id}`, {
    title: 'Long',
    bodyMarkdown: typed,
    version: '1',
    csrf,
  });
  const door = await sent.text();
  expect(sent.status).toBe(401);
  expect(door).toContain('what you typed is there again');
  const kept = hidden(door, 'kept').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  const login = { login: 'alice', kept, next: hidden(door, 'next') };

  const wrong = await client.post('/login', { ...login, password: 'wrong', csrf });
  expect([wrong.status, hidden(await wrong.text(), 'kept')]).toEqual([401, hidden(door, 'kept')]);
  const right = await client.post('/login', { ...login, password: 'correct horse battery', csrf });
  const editor = await right.text();
  expect(right.status).toBe(200);
  expect(editor).toContain('Nothing is saved yet');
  expect(editor).toContain('Typed &#34;quoted&#34; &amp; &lt;b&gt;kept&lt;/b&gt;');
  expect(editor).not.toContain(csrf);
  expect((await findPost(blog.app.deps.db, post.id))?.bodyMarkdown).toBe('Old');

  const own = hidden(editor, 'csrf');
  await client.post(`/admin/posts/${post.id}`, {
    title: 'Long',
    bodyMarkdown: typed,
    version: '1',
    csrf: own,
  });
  expect((await findPost(blog.app.deps.db, post.id))?.bodyMarkdown).toContain('Typed "quoted"');
});

test('what comes from another site is not carried through the sign-in', async () => {
  const blog = sharedBlog();
  const answer = await blog.visitor.post(
    '/admin/posts',
    { title: 'Forged', csrf: '' },
    { origin: 'https://elsewhere.example' },
  );
  expect([answer.status, await answer.text()]).toEqual([401, expect.not.stringContaining('Forged')]);
});

test('a form of the session before is shown again with what was typed, and changes nothing', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const answer = await client.post('/admin/posts', { title: 'Of before', bodyMarkdown: 'Kept', csrf: 'old' });
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('Kept</textarea>')]);
  expect(await withTitle(blog, 'Of before')).toEqual([]);
});

test('a text that is sent for a post in the trash is kept, and can be used once the post is put back', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const post = await createPost(blog.app.deps, {
    title: 'Binned',
    bodyMarkdown: 'Old',
    authorId: ownerOf(blog),
  });
  await trashPost(blog.app.deps, post.id);
  const path = `/admin/posts/${post.id}`;
  const answer = await client.post(path, { title: 'Binned', bodyMarkdown: 'Newer', version: '1' });
  const html = await answer.text();
  expect([answer.status, html]).toEqual([409, expect.stringContaining('Newer</textarea>')]);
  expect(html).toContain('It is in the trash meanwhile.');
  expect((await findPost(blog.app.deps.db, post.id))?.bodyMarkdown).toBe('Old');

  await client.post(`${path}/restore`, {});
  expect(await client.page(path)).toContain('There is a newer text');
  const offered = await client.page(`${path}?text=autosave`);
  expect(offered).toContain('Newer</textarea>');
  const saved = await client.post(path, {
    title: 'Binned',
    bodyMarkdown: 'Newer',
    version: hidden(offered, 'version'),
  });
  expect(saved.status).toBe(303);
  expect((await findPost(blog.app.deps.db, post.id))?.bodyMarkdown).toBe('Newer');
});

test('a text that is sent for a post that was deleted is offered as a new one', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const post = await createPost(blog.app.deps, {
    title: 'Gone',
    bodyMarkdown: 'Old',
    authorId: ownerOf(blog),
  });
  await trashPost(blog.app.deps, post.id);
  await deletePost(blog.app.deps, post.id);
  const answer = await client.post(`/admin/posts/${post.id}`, {
    title: 'Gone',
    bodyMarkdown: 'Mine',
    version: '1',
  });
  const html = await answer.text();
  expect([answer.status, html]).toEqual([404, expect.stringContaining('Mine</textarea>')]);
  await client.post('/admin/posts', {
    key: hidden(html, 'key'),
    title: 'Gone',
    bodyMarkdown: 'Mine',
    version: '1',
  });
  expect((await withTitle(blog, 'Gone')).map((one) => one.bodyMarkdown)).toEqual(['Mine']);
});

test('a save that was refused for another reason does not overwrite what was saved meanwhile', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const post = await createPost(blog.app.deps, {
    title: 'Both',
    bodyMarkdown: 'Old',
    authorId: ownerOf(blog),
  });
  const path = `/admin/posts/${post.id}`;
  await client.post(path, { title: 'Both', bodyMarkdown: 'Theirs', version: '1' });
  const refused = await client.post(path, { title: 'x'.repeat(301), bodyMarkdown: 'Mine', version: '1' });
  expect(refused.status).toBe(422);
  const version = hidden(await refused.text(), 'version');
  expect((await client.post(path, { title: 'Both', bodyMarkdown: 'Mine', version })).status).toBe(409);
});
