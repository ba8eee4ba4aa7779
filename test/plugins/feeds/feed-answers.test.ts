import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestBlogOptions } from '../../../src/plugin-host/testing.ts';
import { publishPost, unpublishPost } from '../../../src/posts/publish-post.ts';
import { updatePost } from '../../../src/posts/write-post.ts';
import { startFeedBlog } from './feed-blog.ts';

async function open(options: TestBlogOptions = {}) {
  const blog = await startFeedBlog(options);
  onTestFinished(() => blog.close());
  return blog;
}

describe('A feed that was read before', () => {
  test('is not sent again while nothing has changed, and is once something has', async () => {
    const blog = await open();
    const post = await blog.publish({ title: 'One', bodyMarkdown: 'First.' });
    const first = await blog.get('/feed');
    const etag = first.headers.get('etag') ?? '';
    const lastModified = first.headers.get('last-modified') ?? '';

    expect(first.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const again = await blog.get('/feed', { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect(again.headers.has('content-length')).toBe(false);
    expect((await blog.get('/feed', { headers: { 'if-modified-since': lastModified } })).status).toBe(304);

    blog.advance(5);
    await updatePost(blog.deps, post.id, { bodyMarkdown: 'Second.' });
    expect((await blog.get('/feed', { headers: { 'if-none-match': etag } })).status).toBe(200);
    expect((await blog.get('/feed', { headers: { 'if-modified-since': lastModified } })).status).toBe(200);
    // The tag decides where both are sent.
    const both = { 'if-none-match': etag, 'if-modified-since': new Date(Date.now() + 1e9).toUTCString() };
    expect((await blog.get('/feed', { headers: both })).status).toBe(200);
  });

  test('is sent again when its newest post was taken back', async () => {
    const blog = await open();
    await blog.publish({ title: 'One', bodyMarkdown: 'First.' });
    blog.advance(60);
    const newest = await blog.publish({ title: 'Two', bodyMarkdown: 'Second.' });
    const lastModified = (await blog.get('/feed')).headers.get('last-modified') ?? '';

    await unpublishPost(blog.deps, newest.id);

    const answer = await blog.get('/feed', { headers: { 'if-modified-since': lastModified } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain('Second.');
  });

  test('keeps the id of a post that gets another address and is published again', async () => {
    const blog = await open();
    const post = await blog.publish({ title: 'One', bodyMarkdown: 'First.' });
    const [before] = (await blog.read('/feed')).items;

    await updatePost(blog.deps, post.id, { slug: 'another', title: 'Another' });
    await unpublishPost(blog.deps, post.id);
    await publishPost(blog.deps, post.id);

    const [after] = (await blog.read('/feed')).items;
    expect(after?.link).toBe(`${blog.url}/another`);
    expect(after?.guid).toBe(before?.guid);
  });
});

describe('How a feed answers', () => {
  test('HEAD gives the header fields alone, and a POST is told what is possible', async () => {
    const blog = await open();
    await blog.publish({ title: 'One', bodyMarkdown: 'First.' });

    for (const address of ['/feed', '/feed/atom', '/feed/json']) {
      const [get, head] = [await blog.get(address), await blog.get(address, { method: 'HEAD' })];
      expect(head.status).toBe(200);
      for (const name of ['content-type', 'content-length', 'etag', 'last-modified', 'link'])
        expect(head.headers.get(name)).toBe(get.headers.get(name));
      expect(await head.text()).toBe('');
      expect(get.headers.getSetCookie()).toEqual([]);
    }
    const answer = await blog.get('/feed', { method: 'POST' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET');
  });

  test('an empty blog has empty feeds that stay the same', async () => {
    const blog = await open();

    for (const address of ['/feed', '/feed/atom']) expect((await blog.read(address)).items).toEqual([]);
    expect((await blog.readJson('/feed/json')).items).toEqual([]);
    expect(await blog.text('/feed/atom')).toBe(await blog.text('/feed/atom'));
  });

  test('it has as many posts as the setting says, and names the hub that the setting names', async () => {
    const blog = await open();
    for (const title of ['One', 'Two', 'Three']) await blog.publish({ title, bodyMarkdown: 'Text.' });
    const settings = blog.app.plugins.find('feeds')?.context.settings;
    expect((await blog.get('/feed')).headers.get('link')).toBe(`<${blog.url}/feed>; rel="self"`);

    await expect(settings?.set({ hub: 'javascript:alert(1)' })).rejects.toThrow('https://');
    await settings?.set({ entries: 2, hub: 'https://hub.example/in?a=1&b=2' });

    for (const address of ['/feed', '/feed/atom']) {
      expect((await blog.read(address)).items).toHaveLength(2);
      expect(await blog.text(address)).toMatch(
        /<(?:atom:)?link href="https:\/\/hub\.example\/in\?a=1&amp;b=2" rel="hub"\/>/,
      );
    }
    expect(await blog.readJson('/feed/json')).toMatchObject({
      hubs: [{ type: 'WebSub', url: 'https://hub.example/in?a=1&b=2' }],
    });
    expect((await blog.get('/feed')).headers.get('link')).toBe(
      `<${blog.url}/feed>; rel="self", <https://hub.example/in?a=1&b=2>; rel="hub"`,
    );
  });
});

describe('Hostile content', () => {
  /** All that XML 1.0 forbids, and everything that has a meaning in it. */
  const forbidden = `${[...Array(32).keys()].map((code) => String.fromCharCode(code)).join('')}\uFFFE\uFFFF\uD800`;
  const signs = `<b>&amp;&nbsp;"'</title><![CDATA[x]]>]]>-->${forbidden}`;

  test('every form stays well-formed and gives the text back', async () => {
    const blog = await open();
    await blog.publish({
      title: `T${signs}`,
      bodyMarkdown: `Code: \`${signs}\``,
      excerpt: `E${signs}`,
      tags: [`G${signs}`],
    });

    for (const address of ['/feed', '/feed/atom']) {
      const xml = await blog.text(address);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
      const [item] = (await blog.read(address)).items;
      expect(item?.title).toContain(`T<b>&amp;&nbsp;"'</title><![CDATA[x]]>]]>-->`);
    }
    const [item] = (await blog.readJson('/feed/json')).items;
    expect(item?.title).toContain(`</title><![CDATA[x]]>]]>-->`);
    expect(item?.content_html).not.toMatch(/<title|CDATA\[/);
  });
});

/** A plugin in a folder of its own, written here. */
function pluginFolder(id: string, declaration: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'outpost-plugin-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, id));
  writeFileSync(
    path.join(folder, id, 'plugin.js'),
    `import { definePlugin } from 'outpost/plugin';
     let made = 0;
     export default definePlugin({ id: '${id}', name: '${id}', version: '1.0.0', apiVersion: 1, ${declaration} });`,
  );
  return path.join(folder, id);
}

describe('Other plugins', () => {
  test('may change an entry through feed.item', async () => {
    const signed = pluginFolder(
      'signed',
      `filters: { 'feed.item': (item) =>
         ({ title: item.title + ' *', html: item.html + '<p>Signed.\\u0001</p>', categories: ['signed'] }) }`,
    );
    const blog = await open({ pluginFolders: [signed] });
    await blog.publish({ title: 'One', bodyMarkdown: 'First.', tags: ['gone'] });

    const [item] = (await blog.read('/feed')).items;

    expect(item).toMatchObject({ title: 'One *', categories: ['signed'] });
    expect(item?.contentEncoded).toContain('<p>Signed.</p>');
  });
});

describe('Many readers', () => {
  test('cause one feed to be made, until something changes', async () => {
    const counting = pluginFolder(
      'counting',
      `filters: { 'feed.item': (item) => ({ ...item, title: 'made ' + (made += 1) }) }`,
    );
    const blog = await open({ pluginFolders: [counting] });
    const post = await blog.publish({ title: 'One', bodyMarkdown: 'First.' });
    const titles = async () =>
      (await Promise.all([1, 2, 3].map(() => blog.read('/feed')))).map((feed) => feed.items[0]?.title);

    expect(await titles()).toEqual(['made 1', 'made 1', 'made 1']);
    await updatePost(blog.deps, post.id, { bodyMarkdown: 'Second.', quiet: true });
    expect(await titles()).toEqual(['made 2', 'made 2', 'made 2']);
    await blog.app.plugins.disable('counting');
    expect(await titles()).toEqual(['One', 'One', 'One']);
  });
});

describe('Switched off', () => {
  test('feeds leave no trace on any page, header or address', async () => {
    const blog = await open();
    const post = await blog.publish({ title: 'One', bodyMarkdown: 'First.', tags: ['food'] });
    const pages = ['/', `/${post.slug}`, '/author/alice', '/tag/food'];
    expect(await blog.text('/')).toContain('/feed');

    await blog.app.plugins.disable('feeds');

    for (const page of pages) {
      const answer = await blog.get(page);
      expect(await answer.text()).not.toMatch(/feed|rss\+xml|atom\+xml/i);
      expect(answer.headers.get('link') ?? '').not.toContain('feed');
    }
    for (const address of ['/feed', '/feed/atom', '/feed/json', '/author/alice/feed', '/tag/food/feed'])
      expect((await blog.get(address)).status).toBe(404);
  });
});
