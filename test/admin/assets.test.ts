import { expect, test } from 'vitest';
import { shareBlog } from './share-blog.ts';

const blog = shareBlog();

test('what a page names by its fingerprint is kept for ever, what a script imports is asked for again', async () => {
  const page = await blog().visitor.page('/login');
  const [style] = /\/assets\/admin\/tokens\.css\?v=[\w-]+/.exec(page) ?? [];
  expect((await blog().visitor.get(style ?? '')).headers.get('cache-control')).toBe(
    'public, max-age=31536000, immutable',
  );
  const script = await blog().visitor.get('/assets/admin/upload.js');
  expect(script.headers.get('cache-control')).toBe('no-cache');
  expect(script.headers.get('etag')).not.toBeNull();
});

test('the toolbar’s script comes from the installed package', async () => {
  const script = await blog().visitor.get('/assets/markdown-toolbar.js');
  expect(script.status).toBe(200);
  expect(script.headers.get('content-type')).toContain('javascript');
  expect(await script.text()).toContain('markdown-toolbar');
});
