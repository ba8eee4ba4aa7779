import { expect, test } from 'vitest';
import { findPost } from '../../src/posts/post-store.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { siteSettings } from '../../src/settings/site-settings.ts';
import { createUser } from '../../src/users/accounts.ts';
import { roles } from '../../src/users/user.ts';
import { findUser, findUserByUsername } from '../../src/users/user-store.ts';
import { createTestApp } from '../support/create-test-app.ts';

const password = 'correct horse battery';
const bela = { username: 'bela', email: 'bela@blog.example', password, role: 'author' as const };

test('the owner adds somebody, changes what they may do, switches them off and deletes them; the posts stay', async () => {
  const blog = await createTestApp({ plugins: [] });
  const { deps } = blog.app;
  const owner = await blog.signIn();
  const wrong = await owner.post('/admin/users', { ...bela, username: 'be la', name: 'Béla' });
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain('value="Béla"');
  expect((await owner.post('/admin/users', bela)).status).toBe(303);
  expect((await owner.post('/admin/users', { ...bela, email: 'other@blog.example' })).status).toBe(422);
  const user = await findUserByUsername(deps.db, 'bela');
  const client = await blog.signIn(bela);
  const post = await createPost(deps, { authorId: user?.id ?? '', title: 'By Béla' });

  await owner.post(`/admin/users/${user?.id}`, { role: 'editor' });
  expect((await client.get('/admin')).status).toBe(303);
  const editor = await blog.signIn(bela);
  expect((await editor.get('/admin/comments')).status).toBe(200);
  await owner.post(`/admin/users/${user?.id}`, { role: 'editor', disabled: 'on' });
  expect((await editor.get('/admin')).status).toBe(303);
  await expect(blog.signIn(bela)).rejects.toThrow('401');

  await owner.post(`/admin/users/${user?.id}/delete`, { reassignTo: blog.owner?.id ?? '' });
  expect(await findUser(deps.db, user?.id ?? '')).toBeNull();
  expect((await findPost(deps.db, post.id))?.authorId).toBe(blog.owner?.id);
});

test('roles are called what the command line calls them, with what they may do', async () => {
  const blog = await createTestApp({ plugins: [] });
  await createUser(blog.app.deps, { ...bela, role: 'subscriber' });
  const page = await (await blog.signIn()).page('/admin/users');
  for (const role of roles) expect(page).toMatch(new RegExp(`<option value="${role}"[^>]*>${role}: \\w`));
  expect(page).toContain('<span>admin</span>');
  expect(page).toContain('<span>subscriber</span>');
});

test('nobody raises themselves: the profile takes no role, and people and settings are the owner’s', async () => {
  const blog = await createTestApp({ plugins: [] });
  const { deps } = blog.app;
  const user = await createUser(deps, bela);
  const client = await blog.signIn(bela);
  await client.post('/admin/profile', {
    name: 'Béla Őri',
    email: bela.email,
    bio: '',
    role: 'admin',
    username: 'root',
    disabled: '',
    id: blog.owner?.id ?? '',
  });
  expect(await findUser(deps.db, user.id)).toMatchObject({
    name: 'Béla Őri',
    role: 'author',
    username: 'bela',
  });
  expect((await findUser(deps.db, blog.owner?.id ?? ''))?.name).toBe('Alice Writer');
  for (const path of [
    '/admin/users',
    `/admin/users/${user.id}`,
    `/admin/users/${user.id}/delete`,
    '/admin/settings',
    '/admin/plugins/feeds/disable',
  ]) {
    expect(
      (await client.post(path, { role: 'admin', title: 'Mine', reassignTo: user.id })).status,
      path,
    ).toBe(403);
  }
  expect((await findUser(deps.db, user.id))?.role).toBe('author');
});

test('the owner cannot lock themselves out', async () => {
  const blog = await createTestApp({ plugins: [] });
  const owner = await blog.signIn();
  expect((await owner.post(`/admin/users/${blog.owner?.id}`, { role: 'subscriber' })).status).toBe(409);
  expect(
    (await owner.post(`/admin/users/${blog.owner?.id}/delete`, { reassignTo: blog.owner?.id ?? '' })).status,
  ).toBe(409);
  expect((await findUser(blog.app.deps.db, blog.owner?.id ?? ''))?.role).toBe('admin');
});

test('a profile takes links, and says which of them is wrong', async () => {
  const blog = await createTestApp({ plugins: [] });
  const owner = await blog.signIn();
  const fields = { name: 'Alice', email: 'alice@blog.example', bio: 'Hello.' };
  const wrong = await owner.post('/admin/profile', {
    ...fields,
    linkLabel: ['Site', 'Code'],
    linkUrl: ['https://alice.example', 'javascript:alert(1)'],
  });
  expect(wrong.status).toBe(422);
  const page = await wrong.text();
  expect(page).toContain('value="https://alice.example"');
  expect(page).toContain('javascript:alert(1) is no web address');
  await owner.post('/admin/profile', {
    ...fields,
    linkLabel: ['Site', ''],
    linkUrl: ['https://alice.example', ''],
  });
  expect((await findUser(blog.app.deps.db, blog.owner?.id ?? ''))?.links).toEqual([
    { label: 'Site', url: 'https://alice.example' },
  ]);
});

test('settings are kept, checked, and never print the mail server’s password', async () => {
  const blog = await createTestApp({ plugins: [] });
  const { db } = blog.app.deps;
  const owner = await blog.signIn();
  const fields = {
    title: 'Slow Walks',
    tagline: 'On foot.',
    language: 'pt-BR',
    timeZone: 'Europe/Budapest',
    accentHue: '200',
    postsPerPage: '12',
    commentsOpen: 'on',
    mailFrom: '',
    smtpUrl: 'smtps://user:canary@mail.example',
  };
  const wrong = await owner.post('/admin/settings', {
    ...fields,
    timeZone: 'Mars/Olympus',
    postsPerPage: '0',
  });
  expect(wrong.status).toBe(422);
  const page = await wrong.text();
  expect(page).toContain('Give a time zone such as Europe/Berlin.');
  expect(page).toContain('At least one.');
  expect(page).toContain('value="On foot."');
  expect((await siteSettings(db)).title).toBe('A test blog');

  expect((await owner.post('/admin/settings', fields)).status).toBe(303);
  expect(await siteSettings(db)).toMatchObject({
    title: 'Slow Walks',
    language: 'pt-BR',
    timeZone: 'Europe/Budapest',
    accentHue: 200,
    postsPerPage: 12,
    commentsOpen: true,
    smtpUrl: fields.smtpUrl,
  });
  expect(await owner.page('/admin/settings')).not.toContain('canary');
  await owner.post('/admin/settings', { ...fields, smtpUrl: '', commentsOpen: '' });
  expect(await siteSettings(db)).toMatchObject({ smtpUrl: fields.smtpUrl, commentsOpen: false });
  await owner.post('/admin/settings', { ...fields, smtpUrl: '', smtpRemove: 'on' });
  expect((await siteSettings(db)).smtpUrl).toBe('');
});
