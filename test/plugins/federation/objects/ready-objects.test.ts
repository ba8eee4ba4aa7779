import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { updatePost } from '../../../../src/posts/write-post.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

let blog: FederatedBlog;
beforeAll(async () => {
  blog = await startFederatedBlog({ untilTestEnds: false });
});
afterAll(() => blog.close());

test('hundreds of servers that ask for a post at once have it made once, and a change is seen at once', async () => {
  const post = await blog.publish({ title: 'Fresh', bodyMarkdown: 'Words.' });
  const address = `/ap/posts/${post.id}`;
  const reads = vi.spyOn(blog.deps.db, 'selectFrom');
  const ofPosts = () => reads.mock.calls.filter(([table]) => String(table).startsWith('posts')).length;
  await blog.document(address);
  const once = ofPosts();
  expect(once).toBeGreaterThan(0);

  const answers = await Promise.all(Array.from({ length: 100 }, () => blog.ask(address)));
  expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(1);
  expect(ofPosts()).toBe(once);
  reads.mockRestore();

  await updatePost(blog.deps, post.id, { title: 'Fresher' });
  expect(await blog.document(address)).toMatchObject({ name: 'Fresher' });
});
