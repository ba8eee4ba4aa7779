import { expect, test } from 'vitest';
import { addMedia } from '../../src/media/add-media.ts';
import { startTestBlog } from '../../src/plugin-host/testing.ts';
import { wav } from '../support/sounds.ts';

test('a sound of the blog is written like a picture, and played in the post, from any place in it', async () => {
  const blog = await startTestBlog();
  try {
    const { deps } = blog.app;
    const userId = blog.owner?.id ?? null;
    const sound = await addMedia(deps, { bytes: wav(2), alt: '', userId });
    const bodyMarkdown = `![A “word”](/media/${sound.file} "Said slowly")\n\n![Not ours](https://far.example/a.mp3)`;
    const post = await blog.publish({ title: 'Said', bodyMarkdown });

    const html = await (await fetch(`${blog.url}/${post.slug}`)).text();
    const src = `/media/${sound.file}`;
    expect(html).toContain(
      `<figure><audio src="${src}" controls="" preload="metadata" aria-label="A “word”"></audio><figcaption>Said slowly</figcaption></figure>`,
    );
    expect(html).toContain('<img src="https://far.example/a.mp3"');

    const part = await fetch(`${blog.url}${src}`, { headers: { range: 'bytes=4-7' } });
    expect([part.status, part.headers.get('content-type')]).toEqual([206, 'audio/wav']);
    expect((await part.arrayBuffer()).byteLength).toBe(4);
    expect(part.headers.get('x-content-type-options')).toBe('nosniff');
  } finally {
    await blog.close();
  }
});
