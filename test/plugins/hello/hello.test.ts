import { expect, test } from 'vitest';
import { publishPost } from '../../../src/posts/publish-post.ts';
import { createPost } from '../../../src/posts/write-post.ts';
import { createTestApp } from '../../support/create-test-app.ts';

async function openWithPost() {
  const blog = await createTestApp({ plugins: [] });
  const { deps } = blog.app;
  const draft = await createPost(deps, {
    authorId: blog.owner?.id ?? '',
    title: 'One',
    bodyMarkdown: 'First.',
  });
  await publishPost(deps, draft.id);
  return blog;
}

test('hello is off on a new blog, and leaves nothing when it is switched off again', async () => {
  const { app, visitor } = await openWithPost();
  const before = await visitor.page('/one');
  expect(before).not.toContain('hello');

  await app.plugins.enable('hello');
  expect(await visitor.page('/one')).toContain('<p class="hello" dir="auto">Thank you for reading.</p>');
  expect(await visitor.page('/')).not.toContain('hello.css');

  await app.plugins.disable('hello');
  expect(await visitor.page('/one')).toContain('First.');
  expect(await visitor.page('/one')).not.toContain('hello');
  expect((await visitor.get('/assets/plugins/hello/hello.css')).status).toBe(404);
});

test('the line is the one that the owner set, as text and not as markup', async () => {
  const { app, visitor } = await openWithPost();
  await app.plugins.enable('hello');
  const settings = app.plugins.find('hello')?.context.settings;

  await settings?.set({ greeting: 'Write to <me> {{ 7 | times: 7 }}' });
  expect(await visitor.page('/one')).toContain('Write to &lt;me&gt; {{ 7 | times: 7 }}</p>');

  await settings?.set({ greeting: '' });
  expect(await visitor.page('/one')).not.toContain('class="hello"');
  await expect(settings?.set({ greeting: 'x'.repeat(201) })).rejects.toMatchObject({ status: 422 });
});

test('the page names a stylesheet that is there', async () => {
  const { app, visitor, url } = await openWithPost();
  await app.plugins.enable('hello');

  const [, href] = /<link rel="stylesheet" href="([^"]*hello\.css)">/.exec(await visitor.page('/one')) ?? [];
  expect(href).toBe(`${url}/assets/plugins/hello/hello.css`);
  const answer = await visitor.get('/assets/plugins/hello/hello.css');
  expect(answer.headers.get('content-type')).toContain('text/css');
});
