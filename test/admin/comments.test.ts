import { expect, test } from 'vitest';
import type { Comment } from '../../src/comments/comment.ts';
import { countCommentsByStatus, findComment, listComments } from '../../src/comments/comment-store.ts';
import { moderateComments } from '../../src/comments/moderate-comments.ts';
import { receiveComment } from '../../src/comments/receive-comment.ts';
import { commentAsUser, submitComment } from '../../src/comments/submit-comment.ts';
import { findPost } from '../../src/posts/post-store.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../src/posts/write-post.ts';
import { createUser } from '../../src/users/accounts.ts';
import type { TestApp } from '../support/create-test-app.ts';
import { shareBlog } from './share-blog.ts';

const sharedBlog = shareBlog();

const json = { accept: 'application/json' };

async function withComments(
  names: readonly string[],
): Promise<{ blog: TestApp; comments: Comment[]; postId: string }> {
  const blog = sharedBlog();
  const { deps } = blog.app;
  await deps.db.deleteFrom('comments').execute();
  const draft = await createPost(deps, {
    authorId: blog.owner?.id ?? '',
    title: 'On the ferry',
    bodyMarkdown: 'The ferry leaves on time.',
  });
  const { id: postId } = await publishPost(deps, draft.id);
  const comments = [];
  for (const name of names) {
    comments.push(
      await submitComment(deps, {
        postId,
        parentId: null,
        name,
        email: `${name.replace(/\W/g, '')}@mail.example`,
        url: '',
        text: `${name} says hello.`,
        honeypot: '',
        formAgeMs: 60_000,
      }),
    );
  }
  return { blog, comments, postId };
}

test('the queue shows each comment in full, with its post, its parent, and what is known of its writer', async () => {
  const { blog, comments, postId } = await withComments(['anna']);
  const { deps } = blog.app;
  await moderateComments(
    deps,
    comments.map(({ id }) => id),
    'approve',
  );
  await submitComment(deps, {
    postId,
    parentId: comments[0]?.id ?? null,
    name: 'anna',
    email: 'anna@mail.example',
    url: '',
    text: 'And once more.',
    honeypot: '',
    formAgeMs: 60_000,
  });
  const page = await (await blog.signIn()).page('/admin/comments');
  expect(page).toContain('And once more.');
  expect(page).toContain('In answer to anna');
  expect(page).toContain('anna says hello.');
  expect(page).toContain('On the ferry');
  expect(page).toContain('1 approved before');
  expect(page).toContain('anna@mail.example');
});

test('of a writer is said what is true: a user of the site, so many approved, or nothing', async () => {
  const { blog, comments, postId } = await withComments(['anna', 'anna', 'bruno']);
  const { deps } = blog.app;
  const [first, second] = comments.map(({ id }) => id);
  await moderateComments(deps, [first ?? '', second ?? ''], 'approve');
  await commentAsUser(deps, { postId, parentId: null, userId: blog.owner?.id ?? '', markdown: 'Mine.' });
  await submitComment(deps, {
    postId,
    parentId: null,
    name: 'Nameless',
    email: '',
    url: '',
    text: 'No address.',
    honeypot: '',
    formAgeMs: 60_000,
  });
  const client = await blog.signIn();
  const approved = await client.page('/admin/comments?status=approved');
  expect(approved.match(/Writes here/gi)).toHaveLength(1);
  expect(approved.match(/<li>2 approved<\/li>/g)).toHaveLength(2);
  expect(approved).not.toContain('approved before');
  const pending = await client.page('/admin/comments');
  expect(pending).toContain('Nameless');
  expect(pending.match(/Nothing approved before/g)).toHaveLength(1);
});

test('a post is recalled by its beginning in plain words, as on the home page', async () => {
  const { blog, postId } = await withComments(['anna']);
  await updatePost(blog.app.deps, postId, {
    bodyMarkdown:
      '![A \\[small\\] post](/media/2026/01/post.png)\n\n## Morning\n\nThe *ferry* leaves [on time](https://ferry.example).',
  });
  const page = await (await blog.signIn()).page('/admin/comments');
  expect(page).toContain('The post begins: </span>The ferry leaves on time.</p>');
});

test('without JavaScript a decision leads back to the queue, with a form that takes it back', async () => {
  const { blog, comments } = await withComments(['anna', 'bruno']);
  const { db } = blog.app.deps;
  const client = await blog.signIn();
  const [first] = comments;
  const answer = await client.post(`/admin/comments/${first?.id}/moderate`, {
    do: 'spam',
    returnTo: '/admin/comments?status=pending',
  });
  expect(answer.headers.get('location')).toBe('/admin/comments?status=pending');
  expect(await countCommentsByStatus(db)).toMatchObject({ pending: 1, spam: 1 });
  const page = await client.page('/admin/comments?status=pending');
  expect(page).toContain('Marked as spam.');
  expect(page).toContain('action="/admin/comments/undo"');
  expect(page).toContain(`name="spam.pending" value="${first?.id}"`);
  expect(await client.page('/admin/comments')).not.toContain('Marked as spam.');
  await client.post('/admin/comments/undo', { 'spam.pending': first?.id ?? '' });
  expect(await countCommentsByStatus(db)).toMatchObject({ pending: 2, spam: 0 });
});

test('scripts are told what left the queue, the new counts, and how to take it back', async () => {
  const { blog, comments } = await withComments(['anna', 'bruno']);
  const client = await blog.signIn();
  const ids = comments.map(({ id }) => id);
  const answer = await client.post('/admin/comments/bulk', { do: 'approve', ids }, json);
  expect(await answer.json()).toMatchObject({
    text: 'Approved: 2 comments.',
    left: ids,
    counts: { pending: 0, approved: 2 },
    undo: { action: '/admin/comments/undo' },
  });
});

test('what was in different states goes back to different states', async () => {
  const { blog, comments } = await withComments(['anna', 'bruno']);
  const { deps } = blog.app;
  const [anna, bruno] = comments;
  await moderateComments(deps, [bruno?.id ?? ''], 'approve');
  const client = await blog.signIn();
  const answer = await client.post(
    '/admin/comments/bulk',
    { do: 'trash', ids: comments.map(({ id }) => id) },
    json,
  );
  const { undo } = (await answer.json()) as { undo: { fields: { name: string; value: string }[] } };
  const fields: Record<string, string> = Object.fromEntries(
    undo.fields.map(({ name, value }) => [name, value]),
  );
  await client.post('/admin/comments/undo', fields, json);
  expect((await findComment(deps.db, anna?.id ?? ''))?.status).toBe('pending');
  expect((await findComment(deps.db, bruno?.id ?? ''))?.status).toBe('approved');
});

test('taking back does not undo what another moderator has decided since', async () => {
  const { blog, comments } = await withComments(['anna', 'bruno', 'cleo']);
  const { deps } = blog.app;
  const ids = comments.map(({ id }) => id);
  const client = await blog.signIn();
  const answer = await client.post('/admin/comments/bulk', { do: 'approve', ids }, json);
  const { undo } = (await answer.json()) as { undo: { fields: { name: string; value: string }[] } };
  expect(undo.fields.filter(({ name }) => name === 'approved.pending')).toHaveLength(3);
  await moderateComments(deps, [ids[0] ?? ''], 'spam');
  await moderateComments(deps, [ids[1] ?? ''], 'delete');
  const back = await client.post('/admin/comments/undo', { 'approved.pending': ids }, json);
  expect(await back.json()).toMatchObject({
    text: 'Taken back, but for 2 about which somebody else has decided since.',
    left: [ids[2]],
  });
  expect((await findComment(deps.db, ids[0] ?? ''))?.status).toBe('spam');
  expect((await findComment(deps.db, ids[2] ?? ''))?.status).toBe('pending');
});

test('with 50,000 waiting the queue opens soon, and a thousand are decided about and taken back at once', async () => {
  const { blog, comments } = await withComments(['anna']);
  const { db } = blog.app.deps;
  const row = await db.selectFrom('comments').selectAll().executeTakeFirstOrThrow();
  const numbers = Array.from({ length: 50_000 }, (_, index) => index);
  for (let start = 0; start < numbers.length; start += 500) {
    const rows = numbers.slice(start, start + 500).map((number) => ({
      ...row,
      id: `${comments[0]?.id}-${String(number).padStart(5, '0')}`,
      author_email: `${number}@mail.example`,
    }));
    await db.insertInto('comments').values(rows).execute();
  }
  const client = await blog.signIn();
  const took = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const openings = [];
  for (let time = 0; time < 3; time += 1) openings.push(await took(() => client.page('/admin/comments')));
  expect(Math.min(...openings)).toBeLessThan(500);
  const ids = numbers.slice(0, 1000).map((number) => `${comments[0]?.id}-${String(number).padStart(5, '0')}`);
  const csrf = await client.csrf();
  const bulk = () => client.post('/admin/comments/bulk', { do: 'spam', ids, csrf }, json);
  expect(await took(bulk)).toBeLessThan(2000);
  expect(await countCommentsByStatus(db)).toMatchObject({ spam: 1000, pending: 49_001 });
  await client.post('/admin/comments/undo', { 'spam.pending': ids, csrf }, json);
  expect(await countCommentsByStatus(db)).toMatchObject({ spam: 0, pending: 50_001 });
  await db.deleteFrom('comments').execute();
}, 60_000);

test('only those who moderate see the queue or decide', async () => {
  const { blog, comments } = await withComments(['anna']);
  await createUser(blog.app.deps, {
    username: 'bela',
    email: 'bela@blog.example',
    password: 'correct horse battery',
    role: 'author',
  });
  const bela = await blog.signIn({ username: 'bela', password: 'correct horse battery' });
  const [anna] = comments;
  expect((await bela.get('/admin/comments')).status).toBe(403);
  for (const path of [
    '/admin/comments/bulk',
    `/admin/comments/${anna?.id}/moderate`,
    `/admin/comments/${anna?.id}/reply`,
    '/admin/comments/undo',
  ]) {
    expect(
      (await bela.post(path, { do: 'approve', ids: anna?.id ?? '', approve: anna?.id ?? '', text: 'x' }))
        .status,
      path,
    ).toBe(403);
  }
  expect((await blog.visitor.post(`/admin/comments/${anna?.id}/moderate`, { do: 'approve' })).status).toBe(
    401,
  );
  expect((await findComment(blog.app.deps.db, anna?.id ?? ''))?.status).toBe('pending');
});

test('answering a waiting comment approves it, and the answer stands below it', async () => {
  const { blog, comments, postId } = await withComments(['anna']);
  const client = await blog.signIn();
  const [anna] = comments;
  expect((await client.post(`/admin/comments/${anna?.id}/reply`, { text: '' }, json)).status).toBe(422);
  expect((await findComment(blog.app.deps.db, anna?.id ?? ''))?.status).toBe('pending');
  await client.post(`/admin/comments/${anna?.id}/reply`, { text: 'Hello *Anna*.' }, json);
  expect(await countCommentsByStatus(blog.app.deps.db)).toMatchObject({ pending: 0, approved: 2 });
  const [answer] = await listComments(blog.app.deps.db, { limit: 1 });
  expect(answer).toMatchObject({ parentId: anna?.id, authorUserId: blog.owner?.id, text: 'Hello Anna.' });
  expect(await blog.visitor.page(`/${(await findPost(blog.app.deps.db, postId))?.slug}`)).toContain(
    'Hello <em>Anna</em>.',
  );
});

test('a stranger’s markup does nothing in the queue', async () => {
  const { blog, postId } = await withComments(['<img src=x onerror=alert(1)>']);
  await receiveComment(blog.app.deps, {
    postId,
    source: 'elsewhere',
    author: {
      name: '<script>alert(2)</script>',
      url: 'https://x.example',
      handle: '@x"><b>@evil.example',
      avatarUrl: null,
    },
    html: '<p onclick="alert(3)">Hi <a href="javascript:alert(4)">there</a><script>alert(5)</script></p>',
    externalId: 'https://x.example/1',
    externalAuthorId: 'https://x.example/me',
  });
  const page = await (await blog.signIn()).page('/admin/comments');
  expect(page).not.toMatch(/<script>alert|<img src=x|onclick=|javascript:|"><b>/);
});

test('an unknown deed, nothing selected, and a comment that is gone are answered in a sentence', async () => {
  const { blog, comments } = await withComments(['anna']);
  const client = await blog.signIn();
  const id = comments[0]?.id ?? '';
  expect((await client.post('/admin/comments/bulk', { do: 'burn', ids: id }, json)).status).toBe(400);
  expect((await client.post('/admin/comments/bulk', { do: 'approve' }, json)).status).toBe(400);
  expect((await client.post('/admin/comments/bulk', { do: 'approve', ids: ['gone', id] }, json)).status).toBe(
    404,
  );
  expect((await findComment(blog.app.deps.db, id))?.status).toBe('pending');
});

test('one’s own answer can be changed where it stands in the queue, and nobody else’s', async () => {
  const { blog, comments } = await withComments(['anna']);
  const { deps } = blog.app;
  const client = await blog.signIn();
  const [anna] = comments;
  await client.post(`/admin/comments/${anna?.id}/reply`, { text: 'So *it* is.' });
  const own = (await listComments(deps.db, { status: 'approved', limit: 10 })).find(
    (one) => one.authorUserId,
  );
  const queue = await client.page('/admin/comments?status=approved');
  expect(queue.match(/action="[^"]+\/edit"/g)).toEqual([`action="/admin/comments/${own?.id}/edit"`]);
  expect(queue).toContain('So *it* is.</textarea>');

  const answer = await client.post(`/admin/comments/${own?.id}/edit`, {
    text: 'So it **was**.',
    returnTo: '/admin/comments?status=approved',
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/comments?status=approved']);
  expect(await client.page('/admin/comments?status=approved')).toContain('Your answer was changed.');
  expect((await findComment(deps.db, own?.id ?? ''))?.html).toContain('<strong>was</strong>');
  expect((await client.post(`/admin/comments/${anna?.id}/edit`, { text: 'Mine now' })).status).toBe(404);
  expect((await client.post(`/admin/comments/${own?.id}/edit`, { text: ' ' })).status).toBe(422);
});
