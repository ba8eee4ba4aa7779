import { expect, test } from 'vitest';
import { findAutosave } from '../../src/posts/autosave-store.ts';
import { findPost, listPosts } from '../../src/posts/post-store.ts';
import { publishPost, trashPost } from '../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../src/posts/write-post.ts';
import { createUser } from '../../src/users/accounts.ts';
import type { User } from '../../src/users/user.ts';
import type { Client, TestApp } from '../support/create-test-app.ts';
import { shareBlog } from './share-blog.ts';

const sharedBlog = shareBlog();

const password = 'correct horse battery';

async function withUser(
  blog: TestApp,
  username: string,
  role: User['role'],
): Promise<{ user: User; client: Client }> {
  const user = await createUser(blog.app.deps, {
    username,
    email: `${username}@blog.example`,
    password,
    role,
  });
  return { user, client: await blog.signIn({ username, password }) };
}

const newest = async (blog: TestApp) =>
  (await listPosts(blog.app.deps.db, { limit: 1, order: 'created' }))[0];
const json = { accept: 'application/json' };

test('a post is made, published, changed, taken back, thrown away, restored and deleted with forms alone', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const made = await client.post('/admin/posts', {
    title: 'Bread',
    bodyMarkdown: 'Flour\r\nand water.',
    tags: 'kitchen, bread',
    commentsShown: '1',
  });
  expect(made.status).toBe(303);
  const path = made.headers.get('location') ?? '';
  const post = await newest(blog);
  expect(post).toMatchObject({
    status: 'draft',
    title: 'Bread',
    bodyMarkdown: 'Flour\nand water.',
    commentsOpen: false,
    authorId: blog.owner?.id,
  });
  expect(post?.tags.map((tag) => tag.slug)).toEqual(['kitchen', 'bread']);
  expect(await client.page(path)).toContain('Saved.');

  const fields = { title: 'Bread', bodyMarkdown: 'Flour and water.' };
  await client.post(path, { ...fields, version: '1', intent: 'publish' });
  expect((await fetch(`${blog.url}/bread`)).status).toBe(200);
  const id = post?.id ?? '';
  const changed = await client.post(path, {
    ...fields,
    bodyMarkdown: 'And salt.',
    version: String((await findPost(blog.app.deps.db, id))?.version),
    slug: 'on-bread',
  });
  expect(changed.status).toBe(303);
  expect(await (await fetch(`${blog.url}/on-bread`)).text()).toContain('And salt.');

  await client.post(`${path}/unpublish`, {});
  expect((await fetch(`${blog.url}/on-bread`)).status).toBe(404);
  await client.post(`${path}/trash`, {});
  expect(await client.page('/admin/posts')).toContain('Moved “Bread” to the trash.');
  expect((await client.post(path, { ...fields, version: '99' })).status).toBe(409);
  await client.post(`${path}/restore`, {});
  expect((await findPost(blog.app.deps.db, id))?.status).toBe('draft');
  expect((await client.post(`${path}/delete`, {})).status).toBe(409);
  await client.post(`${path}/trash`, {});
  await client.post(`${path}/delete`, {});
  expect(await findPost(blog.app.deps.db, id)).toBeNull();
});

test('no change is made without the session’s token, from another site, or by a GET', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const post = await createPost(blog.app.deps, { authorId: blog.owner?.id ?? '', title: 'Kept' });
  const paths = [
    '/admin/posts',
    `/admin/posts/${post.id}`,
    '/admin/posts/bulk',
    '/admin/posts/autosave',
    `/admin/posts/${post.id}/trash`,
    `/admin/posts/${post.id}/unpublish`,
    `/admin/posts/${post.id}/preview`,
    '/admin/comments/bulk',
    '/admin/comments/undo',
    '/admin/profile',
    '/admin/profile/password',
    '/admin/sessions/end-others',
    '/admin/users',
    '/admin/settings',
    '/admin/plugins/x/enable',
    '/admin/plugins/x/settings',
    '/admin/media/x',
    '/admin/media/x/delete',
    '/logout',
  ];
  for (const path of paths) {
    expect(
      (await client.post(path, { title: 'Stolen', ids: post.id, do: 'trash', csrf: '' })).status,
      path,
    ).toBe(403);
    expect(
      (
        await client.post(
          path,
          { title: 'Stolen', ids: post.id, do: 'trash' },
          { origin: 'https://evil.example' },
        )
      ).status,
      path,
    ).toBe(403);
  }
  for (const path of [`/admin/posts/${post.id}/trash`, '/admin/plugins/x/enable', '/admin/posts/bulk']) {
    expect((await client.get(path)).status, path).toBe(404);
  }
  const upload = new FormData();
  upload.append('file', new Blob(['x']), 'x.png');
  const cross = await fetch(`${blog.url}/admin/media`, {
    method: 'POST',
    body: upload,
    headers: { origin: 'https://evil.example' },
  });
  expect(cross.status).toBe(401);
  expect(await findPost(blog.app.deps.db, post.id)).toMatchObject({
    title: 'Kept',
    status: 'draft',
    version: 1,
  });
});

test('authors keep to their own posts; somebody else’s answers as if it did not exist', async () => {
  const blog = sharedBlog();
  const { client: bela } = await withUser(blog, 'bela', 'author');
  const secret = await createPost(blog.app.deps, { authorId: blog.owner?.id ?? '', title: 'A secret plan' });
  const missing = await bela.get('/admin/posts/01900000-0000-7000-8000-000000000000');
  const hidden = await bela.get(`/admin/posts/${secret.id}`);
  expect(hidden.status).toBe(404);
  expect(await hidden.text()).toBe(await missing.text());
  for (const deed of ['', '/trash', '/unpublish', '/restore', '/delete', '/preview', '/autosave']) {
    expect(
      (await bela.post(`/admin/posts/${secret.id}${deed}`, { title: 'Mine now', version: '1' })).status,
      deed,
    ).toBe(404);
  }
  expect((await bela.post('/admin/posts/bulk', { do: 'trash', ids: secret.id })).status).toBe(404);
  expect(await bela.page('/admin/posts')).not.toContain('A secret plan');
  expect(await findPost(blog.app.deps.db, secret.id)).toMatchObject({
    title: 'A secret plan',
    status: 'draft',
    version: 1,
  });
});

test('a contributor writes drafts and cannot publish, schedule, or reach what an editor does', async () => {
  const blog = sharedBlog();
  const { client } = await withUser(blog, 'cora', 'contributor');
  expect((await client.post('/admin/posts', { title: 'Draft' })).status).toBe(303);
  const post = await newest(blog);
  for (const intent of ['publish', 'schedule']) {
    expect(
      (
        await client.post(`/admin/posts/${post?.id}`, {
          title: 'Draft',
          version: '1',
          intent,
          scheduledAt: '2999-01-01T00:00',
        })
      ).status,
    ).toBe(403);
  }
  for (const path of [
    '/admin/pages',
    '/admin/comments',
    '/admin/media',
    '/admin/users',
    '/admin/settings',
    '/admin/plugins',
  ]) {
    expect((await client.get(path)).status, path).toBe(403);
  }
  expect((await findPost(blog.app.deps.db, post?.id ?? ''))?.status).toBe('draft');
});

test('a contributor puts back a draft of their own, and nothing that an editor took back', async () => {
  const blog = sharedBlog();
  const { client } = await withUser(blog, 'nora', 'contributor');
  await client.post('/admin/posts', { title: 'Thrown away' });
  const id = (await newest(blog))?.id ?? '';
  expect((await client.post(`/admin/posts/${id}/trash`, {})).status).toBe(303);
  expect((await client.post(`/admin/posts/${id}/restore`, {})).status).toBe(303);
  await publishPost(blog.app.deps, id);
  await trashPost(blog.app.deps, id);
  expect((await client.post(`/admin/posts/${id}/restore`, {})).status).toBe(404);
});

test('fields that the form does not have change nothing', async () => {
  const blog = sharedBlog();
  const { client, user } = await withUser(blog, 'dora', 'contributor');
  await client.post('/admin/posts', {
    title: 'Draft',
    status: 'published',
    authorId: blog.owner?.id ?? '',
    publishedAt: '2020-01-01',
    id: 'x',
    type: 'page',
  });
  expect(await newest(blog)).toMatchObject({
    status: 'draft',
    authorId: user.id,
    publishedAt: null,
    type: 'post',
  });
});

test('a second writer’s version is shown beside one’s own and never overwritten', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  await client.post('/admin/posts', { title: 'Shared', bodyMarkdown: 'First.' });
  const post = await newest(blog);
  const path = `/admin/posts/${post?.id}`;
  expect((await client.post(path, { title: 'Shared', bodyMarkdown: 'Theirs.', version: '1' })).status).toBe(
    303,
  );
  const late = await client.post(path, { title: 'Shared', bodyMarkdown: 'Mine.', version: '1' });
  expect(late.status).toBe(409);
  const page = await late.text();
  expect(page).toContain('This was changed meanwhile');
  expect(page).toContain('Theirs.');
  expect(page).toMatch(/<textarea class="page-text"[^>]*>\s*Mine\.<\/textarea>/);
  expect((await findPost(blog.app.deps.db, post?.id ?? ''))?.bodyMarkdown).toBe('Theirs.');
  expect(
    (await client.post(path, { title: 'Shared', bodyMarkdown: 'Mine.', version: '1', over: '2' })).status,
  ).toBe(303);
  expect((await findPost(blog.app.deps.db, post?.id ?? ''))?.bodyMarkdown).toBe('Mine.');
});

test('what is typed beside a public post is kept apart until the writer updates it', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  await client.post('/admin/posts', { title: 'Public', bodyMarkdown: 'Old.', intent: 'publish' });
  const post = await newest(blog);
  const id = post?.id ?? '';
  const version = String(post?.version);
  const answer = await client.post(
    `/admin/posts/${id}/autosave`,
    { title: 'Public', bodyMarkdown: 'New.', version },
    json,
  );
  expect(await answer.json()).toMatchObject({ id, version: post?.version });
  expect((await findPost(blog.app.deps.db, id))?.bodyMarkdown).toBe('Old.');
  expect(await client.page(`/admin/posts/${id}`)).toContain('There is a newer text from');
  expect(await client.page(`/admin/posts/${id}?text=autosave`)).toMatch(/>\s*New\.<\/textarea>/);
  await client.post(`/admin/posts/${id}`, { title: 'Public', bodyMarkdown: 'New.', version });
  expect((await findPost(blog.app.deps.db, id))?.bodyMarkdown).toBe('New.');
  expect(await findAutosave(blog.app.deps.db, id, blog.owner?.id ?? '')).toBeNull();
});

test('a text that was not saved outlives what another writer saves, and does not overwrite it unseen', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  await client.post('/admin/posts', { title: 'Both', bodyMarkdown: 'Old.', intent: 'publish' });
  const post = await newest(blog);
  const path = `/admin/posts/${post?.id}`;
  const typed = { title: 'Both', bodyMarkdown: 'Mine.', version: String(post?.version) };
  await client.post(`${path}/autosave`, typed, json);
  await updatePost(blog.app.deps, post?.id ?? '', { bodyMarkdown: 'Theirs.' });

  const page = await client.page(`${path}?text=autosave`);
  const version = /name="version" value="(\d+)"/.exec(page)?.[1] ?? '';
  expect(page).toMatch(/>\s*Mine\.<\/textarea>/);
  expect((await client.post(path, { title: 'Both', bodyMarkdown: 'Mine.', version })).status).toBe(409);
});

test('what is new is called a draft once it has been saved by itself', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  expect(await client.page('/admin/posts/new')).toMatch(/data-state>New</);
  const first = await client.post('/admin/posts/autosave', { title: 'Begun' }, json);
  expect(await first.json()).toMatchObject({ statusText: 'Draft' });
});

test('an autosave that comes late is refused with a sentence', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  await client.post('/admin/posts', { title: 'Draft' });
  const post = await newest(blog);
  await client.post(`/admin/posts/${post?.id}`, { title: 'Draft', bodyMarkdown: 'Newer.', version: '1' });
  const late = await client.post(
    `/admin/posts/${post?.id}/autosave`,
    { title: 'Draft', bodyMarkdown: 'Older.', version: '1' },
    json,
  );
  expect(late.status).toBe(409);
  expect(await late.json()).toMatchObject({ code: 'post.changed_meanwhile' });
});

test('a form that cannot be used comes back with what was typed and what is wrong', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const answer = await client.post('/admin/posts', {
    title: 'Later',
    bodyMarkdown: 'A text that took an hour.',
    intent: 'schedule',
    scheduledAt: '2001-01-01T09:00',
  });
  expect(answer.status).toBe(422);
  const page = await answer.text();
  expect(page).toContain('Give a time in the future.');
  expect(page).toContain('A text that took an hour.');
  expect(page).toContain('value="2001-01-01T09:00"');
});

test('publishing or scheduling nothing saves nothing', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const { id: newestBefore } = await createPost(blog.app.deps, {
    authorId: blog.owner?.id ?? '',
    title: 'Has words',
  });
  for (const intent of ['publish', 'schedule']) {
    const fields = { title: ' ', bodyMarkdown: '\r\n', intent, scheduledAt: '2999-01-01T09:00' };
    const answer = await client.post('/admin/posts', fields);
    expect(answer.status, intent).toBe(422);
    expect(await answer.text()).toContain('Write a title or some text.');
    expect((await newest(blog))?.id, intent).toBe(newestBefore);

    const emptied = await client.post(`/admin/posts/${newestBefore}`, { ...fields, version: '1' });
    expect(emptied.status, intent).toBe(422);
    expect(await findPost(blog.app.deps.db, newestBefore)).toMatchObject({ title: 'Has words', version: 1 });
  }
});

test('a time is read on the owner’s clock', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  await client.post('/admin/settings', {
    title: 'Blog',
    language: 'en',
    timeZone: 'Asia/Tokyo',
    accentHue: '200',
    postsPerPage: '10',
    commentsOpen: 'on',
  });
  await client.post('/admin/posts', { title: 'Later', intent: 'schedule', scheduledAt: '2099-01-01T09:00' });
  expect(await newest(blog)).toMatchObject({ status: 'scheduled', scheduledAt: '2099-01-01T00:00:00.000Z' });
  await client.post('/admin/settings', {
    title: 'Blog',
    language: 'en',
    timeZone: 'UTC',
    accentHue: '200',
    postsPerPage: '10',
    commentsOpen: 'on',
  });
});

test('the preview is made with the theme, is not stored, and runs no script', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const answer = await client.post('/admin/posts/preview', {
    title: 'As it will look',
    bodyMarkdown: '## Inside\n\n<script>alert(1)</script>\n\n[x](javascript:alert)',
  });
  expect(answer.status).toBe(200);
  const page = await answer.text();
  expect(page).toContain('As it will look');
  expect(page).toMatch(/<h2[^>]*>Inside/);
  expect(page).not.toMatch(/<script>|href="javascript:/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(
    await listPosts(blog.app.deps.db, { search: 'As it will look', limit: 1, order: 'created' }),
  ).toEqual([]);
});

test('several posts go to the trash together and come back together', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const ids = [];
  for (const title of ['One', 'Two'])
    ids.push((await createPost(blog.app.deps, { authorId: blog.owner?.id ?? '', title })).id);
  await client.post('/admin/posts/bulk', { do: 'trash', ids, from: 'all' });
  const page = await client.page('/admin/posts');
  expect(page).toContain('Moved 2 of them to the trash.');
  expect(page.match(/name="ids" value="[^"]+">/g)?.length).toBeGreaterThanOrEqual(2);
  await client.post('/admin/posts/bulk', { do: 'restore', ids });
  for (const id of ids) expect((await findPost(blog.app.deps.db, id))?.status).toBe('draft');
});
