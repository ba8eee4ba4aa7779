import { expect, test } from 'vitest';
import { findPost } from '../../src/posts/post-store.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { shareBlog } from './share-blog.ts';

const blog = shareBlog();

test('a form with files changes nothing at an address that takes none', async () => {
  const { app, owner, signIn } = blog();
  const client = await signIn();
  const post = await createPost(app.deps, { authorId: owner?.id ?? '', title: 'Still here' });

  const type = 'multipart/form-data; boundary=edge';
  const answer = await client.post(`/admin/posts/${post.id}/trash`, { csrf: '' }, { 'content-type': type });

  expect(answer.status).toBe(415);
  expect((await findPost(app.deps.db, post.id))?.status).toBe('draft');
});
