import { expect, test } from 'vitest';
import { changeSettings } from '../../src/settings/site-settings.ts';
import { updateProfile } from '../../src/users/accounts.ts';
import { openSite } from './open-site.ts';

test('the home page of an empty blog says so, and its owner can begin', async () => {
  const site = await openSite();
  expect(await site.page('/')).toContain('Nothing has been published here yet.');
  expect(await site.page('/', await site.signIn(site.owner))).toContain('href="/admin/posts/new"');
});

test('the home page shows titled posts with their beginning and untitled ones whole, and nothing that is not public', async () => {
  const site = await openSite();
  await site.publish({ title: 'Titled', bodyMarkdown: `${'Words and words. '.repeat(60)}THE END` });
  await site.publish({ bodyMarkdown: `A short one, ${'and more '.repeat(60)}and its end.` });
  await site.write({ title: 'Secret draft', bodyMarkdown: 'x' });
  await site.publish({ title: 'About', bodyMarkdown: 'x', type: 'page' });

  const html = await site.page('/');
  expect(html).toContain('<a href="/titled">Titled</a>');
  expect(html).not.toContain('THE END');
  expect(html).toContain('and its end.');
  expect(html).not.toContain('Secret draft');
  // A page stands in the bar, not in the stream.
  expect(html).toContain('<li><a href="/about">About</a></li>');
  expect(html).not.toMatch(/class="entry-title"[^>]*><a href="\/about"/);
});

test('the home page changes when something is published', async () => {
  const site = await openSite();
  await site.page('/');
  await site.publish({ title: 'News', bodyMarkdown: 'x' });
  expect(await site.page('/')).toContain('News');
});

test('a long list is split over pages that lead to each other; a page beyond the last does not exist', async () => {
  const site = await openSite();
  await changeSettings(site.deps, { postsPerPage: 2 });
  for (const title of ['One', 'Two', 'Three']) await site.publish({ title, bodyMarkdown: 'x' });

  const first = await site.page('/');
  expect(first).toContain('rel="next" href="/?page=2"');
  expect(first).not.toContain('>One<');
  const second = await site.page('/?page=2');
  expect(second).toContain('>One<');
  expect(second).toContain('rel="prev" href="/"');
  expect(second).toContain(`<link rel="canonical" href="${site.origin}/?page=2">`);
  for (const wrong of ['3', '0', '-1', '01', '2x', '99999999999999999999', '1e1']) {
    expect((await site.get(`/?page=${wrong}`)).status, wrong).toBe(404);
  }
});

test('an unknown query changes nothing about the page', async () => {
  const site = await openSite();
  const plain = await site.get('/');
  const tracked = await site.get('/?utm_source=x&fbclid=y');
  expect(tracked.headers.get('etag')).toBe(plain.headers.get('etag'));
});

test('a tag or category has a page while a public post has it', async () => {
  const site = await openSite();
  await site.publish({ title: 'Cold', bodyMarkdown: 'x', tags: ['Deep Winter'], categories: ['House'] });
  await site.write({ title: 'Hidden', bodyMarkdown: 'x', tags: ['secret'] });

  expect(await site.page('/tag/deep-winter')).toMatch(/<h1><bdi>Deep Winter<\/bdi><\/h1>[\s\S]*Cold/);
  expect(await site.page('/category/house')).toContain('Cold');
  expect((await site.get('/tag/house')).status).toBe(404);
  expect(await (await site.get('/tag/secret')).text()).toBe(await (await site.get('/tag/never')).text());
});

test('an author has a page with profile and posts; links say that they lead to the same person', async () => {
  const site = await openSite();
  await updateProfile(site.deps, site.owner.id, {
    bio: 'Bookbinder, **slowly**.',
    links: [{ label: 'Workshop', url: 'https://workshop.example/' }],
  });
  await site.publish({ title: 'By me', bodyMarkdown: 'x' });

  const html = await site.page('/author/alice');
  expect(html).toMatch(/<h1><bdi>Alice Writer<\/bdi><\/h1>/);
  expect(html).toContain('<strong>slowly</strong>');
  expect(html).toContain('<a rel="me noopener" href="https://workshop.example/"><bdi>Workshop</bdi></a>');
  expect(html).toContain('By me');
  expect(html).toContain('<meta property="og:type" content="profile">');
  expect(html).not.toContain('alice@blog.example');

  const otherwise = await site.get('/author/ALICE');
  expect(otherwise.status).toBe(301);
  expect(otherwise.headers.get('location')).toBe('/author/alice');
});

test('whoever cannot publish has no page, and answers like nobody', async () => {
  const site = await openSite();
  await site.addUser('reader', 'subscriber');
  const answer = await site.get('/author/reader');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toBe(await (await site.get('/author/nobody')).text());
});

test('authors are named in the stream once there are several', async () => {
  const site = await openSite();
  await site.publish({ title: 'Alone', bodyMarkdown: 'x' });
  expect(await site.page('/')).not.toContain('by <a href="/author/alice">');
  const other = await site.addUser('jo', 'author');
  await site.publish({ title: 'Together', bodyMarkdown: 'x', authorId: other.id });
  expect(await site.page('/')).toContain('by <a href="/author/jo">');
});

test('a site is laid out in the direction of its language', async () => {
  const site = await openSite();
  await changeSettings(site.deps, { language: 'he' });
  expect(await site.page('/')).toContain('<html lang="he" dir="rtl">');
});
