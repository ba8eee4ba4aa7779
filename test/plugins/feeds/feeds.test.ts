import { parseFeed } from 'feedsmith';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMedia } from '../../../src/media/add-media.ts';
import { createUser } from '../../../src/users/accounts.ts';
import { type FeedBlog, startFeedBlog } from './feed-blog.ts';

let blog: FeedBlog;
let imageUrl: string;

beforeAll(async () => {
  blog = await startFeedBlog();
  const { deps, owner } = blog;
  const bob = await createUser(deps, {
    username: 'bob',
    name: 'Bob <b>Builder</b>',
    email: 'bob@blog.example',
    password: 'correct horse battery',
    role: 'author',
  });
  const bytes = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#7a9' } })
    .png()
    .toBuffer();
  const image = await addMedia(deps, { bytes, alt: 'A green field', userId: owner.id });
  imageUrl = `${blog.url}/media/${image.file}`;
  await blog.publish({
    title: 'Fish & chips <cheap>',
    bodyMarkdown: `Read [the menu](/menu) & eat.\n\n![Field](/media/${image.file})\n\nThe end of CDATA is ]]> for once.`,
    excerpt: 'What we ate & where.',
    imageId: image.id,
    tags: ['Food', 'A & B'],
    categories: ['Travel'],
    language: 'en-GB',
  });
  blog.advance(60);
  await blog.publish({
    authorId: bob.id,
    title: '',
    bodyMarkdown: 'Just a thought without a title.',
    language: 'de',
  });
  await blog.write({ title: 'A secret draft', bodyMarkdown: 'Unfinished.', tags: ['Secret'] });
  await blog.publish({ type: 'page', title: 'About us', bodyMarkdown: 'A page is no post.' });
});
afterAll(() => blog.close());

describe('RSS', () => {
  test('a feed reader finds the posts with their whole text, newest first', async () => {
    const feed = await blog.read('/feed');

    expect(feed).toMatchObject({
      title: 'A test blog',
      link: `${blog.url}/`,
      feedUrl: `${blog.url}/feed`,
      language: 'en',
    });
    expect(feed.items).toHaveLength(2);
    const [, fish] = feed.items;
    expect(fish?.title).toBe('Fish & chips <cheap>');
    expect(fish?.link).toBe(`${blog.url}/fish-and-chips-cheap`);
    expect(fish?.content).toBe('What we ate & where.');
    expect(fish?.contentEncoded).toContain(`href="${blog.url}/menu"`);
    expect(fish?.contentEncoded).toContain(`src="${imageUrl}"`);
    expect(fish?.contentEncoded).toContain(']]&gt;');
    expect(fish?.categories).toEqual(['Travel', 'Food', 'A & B']);
    expect(fish?.creator).toBe('Alice Writer');
  });

  test('the lead image is an enclosure and a medium with its text', async () => {
    const [, fish] = (await blog.read('/feed')).items;
    const xml = await blog.text('/feed');

    expect(fish?.enclosure).toMatchObject({ url: imageUrl, type: 'image/png' });
    expect(Number(fish?.enclosure?.length)).toBeGreaterThan(100);
    expect(xml).toContain('<media:description type="plain">A green field</media:description>');
  });

  test('an entry without a title has none, and its guid is its id and not its address', async () => {
    const [thought] = (await blog.read('/feed')).items;

    expect(thought?.title).toBeUndefined();
    expect(thought?.guid).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(await blog.text('/feed')).toContain('isPermaLink="false"');
  });
});

describe('Atom', () => {
  test('a feed reader finds the posts with author, text and times', async () => {
    const feed = await blog.read('/feed/atom');

    expect(feed).toMatchObject({
      title: 'A test blog',
      link: `${blog.url}/`,
      feedUrl: `${blog.url}/feed/atom`,
    });
    const [thought, fish] = feed.items;
    expect(thought?.title).toBe('Just a thought without a title.');
    expect(thought?.author).toBe('Bob <b>Builder</b>');
    expect(fish?.title).toBe('Fish & chips <cheap>');
    expect(fish?.content).toContain(`href="${blog.url}/menu"`);
    expect(fish?.summary).toBe('What we ate & where.');
    expect(Date.parse(fish?.isoDate ?? '')).toBeGreaterThan(0);
  });

  test('a second reader finds languages, categories and the picture', async () => {
    const { format, feed } = parseFeed(await blog.text('/feed/atom'));
    if (format !== 'atom') throw new Error(format);

    expect(feed.xml?.lang).toBe('en');
    expect(feed.entries?.map((entry) => entry.xml?.lang)).toEqual(['de', 'en-GB']);
    expect(feed.entries?.[1]?.categories?.map(({ term }) => term)).toEqual(['Travel', 'Food', 'A & B']);
    expect(feed.entries?.[1]?.links).toContainEqual(
      expect.objectContaining({ rel: 'enclosure', href: imageUrl, title: 'A green field' }),
    );
    expect(feed.entries?.[0]?.authors).toEqual([
      { name: 'Bob <b>Builder</b>', uri: `${blog.url}/author/bob` },
    ]);
  });
});

describe('JSON Feed', () => {
  test('it names the posts, their authors and their pictures', async () => {
    const feed = await blog.readJson('/feed/json');

    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'A test blog',
      home_page_url: `${blog.url}/`,
      feed_url: `${blog.url}/feed/json`,
      language: 'en',
    });
    expect(feed.items[1]).toMatchObject({
      url: `${blog.url}/fish-and-chips-cheap`,
      title: 'Fish & chips <cheap>',
      summary: 'What we ate & where.',
      image: imageUrl,
      tags: ['Travel', 'Food', 'A & B'],
      language: 'en-GB',
      authors: [{ name: 'Alice Writer', url: `${blog.url}/author/alice` }],
      attachments: [{ url: imageUrl, mime_type: 'image/png', title: 'A green field' }],
    });
    expect(feed.items[0]).not.toHaveProperty('title');
    expect(parseFeed(JSON.stringify(feed)).format).toBe('json');
  });

  test('the three forms give a post the same id', async () => {
    const ids = (await blog.readJson('/feed/json')).items.map((item) => item.id);

    expect((await blog.read('/feed')).items.map((item) => item.guid)).toEqual(ids);
    expect((await blog.read('/feed/atom')).items.map((item) => item.id)).toEqual(ids);
  });
});

describe('Feeds of a part', () => {
  test.each([
    ['/author/bob', 'Bob <b>Builder</b> – A test blog', ['Just a thought without a title.']],
    ['/author/alice', 'Alice Writer – A test blog', ['Fish & chips <cheap>']],
    ['/tag/food', '#Food – A test blog', ['Fish & chips <cheap>']],
    ['/category/travel', 'Travel – A test blog', ['Fish & chips <cheap>']],
  ])('%s has its own, in three forms', async (page, title, titles) => {
    const atom = await blog.read(`${page}/feed/atom`);

    expect(atom.title).toBe(title);
    expect(atom.items.map((item) => item.title)).toEqual(titles);
    expect((await blog.read(`${page}/feed`)).items).toHaveLength(titles.length);
    expect((await blog.readJson(`${page}/feed/json`)).items).toHaveLength(titles.length);
  });

  test.each(['/author/nobody/feed', '/tag/nothing/feed/atom', '/category/nothing/feed/json'])(
    '%s is not there',
    async (path) => {
      expect((await blog.get(path)).status).toBe(404);
    },
  );

  test('a tag that only a draft has is not there', async () => {
    expect((await blog.get('/tag/secret/feed')).status).toBe(404);
  });
});

describe('What is private', () => {
  test.each(['/feed', '/feed/atom', '/feed/json', '/author/bob/feed'])(
    '%s shows no draft, page or e-mail address',
    async (path) => {
      const text = await blog.text(path);

      expect(text).not.toContain('secret draft');
      expect(text).not.toContain('About us');
      expect(text).not.toContain('@blog.example');
    },
  );
});

describe('Discovery', () => {
  const alternates = (html: string) =>
    [
      ...html.matchAll(
        /<link rel="alternate" type="(application\/(?:rss|atom|feed)\+\w+)" title="([^"]*)" href="([^"]*)">/g,
      ),
    ].map(([, type, , href]) => [type, href]);

  test.each([
    ['/', ''],
    ['/fish-and-chips-cheap', ''],
    ['/author/bob', '/author/bob'],
    ['/tag/food', '/tag/food'],
    ['/category/travel', '/category/travel'],
  ])('the head of %s names the feeds of %s', async (page, scope) => {
    expect(alternates(await blog.text(page))).toEqual([
      ['application/rss+xml', `${blog.url}${scope}/feed`],
      ['application/atom+xml', `${blog.url}${scope}/feed/atom`],
      ['application/feed+json', `${blog.url}${scope}/feed/json`],
    ]);
  });
});
