import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { submitComment } from '../../src/comments/submit-comment.ts';
import { buryJob } from '../../src/jobs/job-store.ts';
import { startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { createUser } from '../../src/users/accounts.ts';
import { closeBrowser, findBarriers, openContext, photograph } from '../support/browser.ts';
import { signInOnPage } from './sign-in-page.ts';

const longTitle =
  'A very long title about the history of ferries on the Danube, their captains, their timetables and the extraordinary persistence of river fog';
const rightToLeft = 'مرحبا بكم في المدونة';

let blog: TestBlog;
let pages: Record<string, string>;

beforeAll(async () => {
  blog = await startTestBlog({ plugins: [] });
  const { deps } = blog.app;
  const authorId = blog.owner?.id ?? '';
  const titles = ['On the ferry', longTitle, rightToLeft];
  const posts = [];
  for (const title of titles) {
    const post = await createPost(deps, {
      authorId,
      title,
      bodyMarkdown: 'The ferry leaves on time. *Always.*',
      tags: ['rivers', 'autumn'],
    });
    posts.push(await publishPost(deps, post.id));
  }
  for (const [index, post] of posts.entries()) {
    const text =
      index === 1
        ? `${'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(4)} https://example.org/${'a'.repeat(120)}`
        : 'Thank you for this.';
    await submitComment(deps, {
      postId: post.id,
      parentId: null,
      name: index === 2 ? rightToLeft : 'A reader',
      email: 'reader@example.org',
      url: 'https://example.org',
      text,
      honeypot: '',
      formAgeMs: 60_000,
    });
  }
  await deps.jobs.add(deps.db, { kind: 'mail', payload: null, runAt: new Date(Date.now() + 3_600_000) });
  const { id } = await deps.db
    .selectFrom('jobs')
    .select('id')
    .where('kind', '=', 'mail')
    .executeTakeFirstOrThrow();
  await buryJob(deps.db, id, `https://${'long'.repeat(30)}.example said no.`);
  const other = await createUser(deps, {
    username: 'bela',
    email: 'bela@blog.example',
    password: 'correct horse battery',
    role: 'author',
    name: 'Maximiliane Wolfeschlegelsteinhausenbergerdorff',
  });
  pages = {
    home: '/admin',
    posts: '/admin/posts',
    'posts-empty': '/admin/posts?status=trash',
    editor: `/admin/posts/${posts[1]?.id}`,
    'editor-new': '/admin/posts/new',
    pages: '/admin/pages',
    media: '/admin/media',
    comments: '/admin/comments',
    'comments-empty': '/admin/comments?status=spam',
    profile: '/admin/profile',
    users: '/admin/users',
    user: `/admin/users/${other.id}`,
    settings: '/admin/settings',
    plugins: '/admin/plugins',
    tasks: '/admin/tasks',
    missing: '/admin/posts/nothing',
  };
});
afterAll(async () => {
  await closeBrowser();
  await blog.close();
});

/** How many CSS pixels a page is wider than the screen. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

const widths = [390, 834, 1440];

/** Pages whose colours are looked at in the dark as well; between them they have everything that has a colour. */
const inTheDark = ['login', 'editor', 'comments', 'settings', 'media'];

/** Looks for barriers and for what is too wide; with OUTPOST_PICTURES set it takes pictures at every width, light and dark, for people to look at. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
      expect(await overflow(page), `${name} is too wide at ${width}`).toBeLessThanOrEqual(0);
      await photograph(page, `admin-${name}-${width}-${scheme}`);
      const isAsked =
        (scheme === 'light' && width === 390) ||
        (scheme === 'dark' && width === 1440 && inTheDark.includes(name));
      if (!isAsked) continue;
      const barriers = await findBarriers(page, scheme === 'dark' ? 'colours' : 'all');
      expect(barriers, `${name} at ${width}, ${scheme}`).toEqual([]);
    }
  }
}

test('every page of the admin is without barriers, fits the screen, and runs nothing that the policy forbids', async () => {
  const context = await openContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404'))
      complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  await page.goto(`${blog.url}/login`);
  await inspect(page, 'login');
  await signInOnPage(page, blog.url);
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(`${blog.url}${path}`);
    await inspect(page, name);
  }
  expect(complaints).toEqual([]);
  await context.close();
}, 90_000);

test('the sheets of the editor and of the phone are without barriers', async () => {
  const context = await openContext({ width: 390 });
  const page = await context.newPage();
  await signInOnPage(page, blog.url);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('navigation', { name: 'More' }).getByRole('link', { name: 'Settings' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.goto(`${blog.url}${pages['editor-new']}`);
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('dialog', { name: 'Details' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('dialog', { name: 'Publish' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await context.close();
});

test('a new blog is set up on its page, which keeps what was typed and says which field is wrong', async () => {
  const fresh = await startTestBlog({ withoutSetup: true, plugins: [] });
  const context = await openContext({ width: 390 });
  const page = await context.newPage();
  await page.goto((await fresh.app.setupUrl()) ?? '');
  expect(await findBarriers(page)).toEqual([]);
  await page.getByLabel('Name of the blog').fill('Slow Walks');
  await page.getByLabel('Username').fill('ada moreau');
  await page.getByLabel('E-mail').fill('ada@slow.example');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('alert').getByText('The password needs at least 8 characters.').waitFor();
  expect(await page.getByLabel('Name of the blog').inputValue()).toBe('Slow Walks');
  expect(await page.getByLabel('Username').getAttribute('aria-invalid')).toBe('true');
  expect(await findBarriers(page)).toEqual([]);
  await photograph(page, 'admin-setup-wrong-390-light');
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password').fill('a whole sentence is good');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.getByText('A draft is waiting that explains itself.').waitFor();
  await page.getByRole('link', { name: 'A first post' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await photograph(page, 'admin-home-new-390-light');
  await context.close();
  await fresh.close();
});
