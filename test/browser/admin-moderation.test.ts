import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { countCommentsByStatus, listComments } from '../../src/comments/comment-store.ts';
import { submitComment } from '../../src/comments/submit-comment.ts';
import { startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { closeBrowser, openContext } from '../support/browser.ts';
import { signInOnPage } from './sign-in-page.ts';

let blog: TestBlog;
let page: Page;
let postId: string;

beforeAll(async () => {
  blog = await startTestBlog({ plugins: [] });
  const post = await createPost(blog.app.deps, {
    authorId: blog.owner?.id ?? '',
    title: 'On the ferry',
    bodyMarkdown: 'The ferry leaves on time.',
  });
  postId = (await publishPost(blog.app.deps, post.id)).id;
  const context = await openContext();
  context.setDefaultTimeout(20_000);
  page = await context.newPage();
  await signInOnPage(page, blog.url);
});
afterAll(async () => {
  await closeBrowser();
  await blog.close();
});

/** Three readers write; the newest stands first in the queue: Carla, Bruno, Anna. */
beforeEach(async () => {
  const { deps } = blog.app;
  await deps.db.deleteFrom('comments').execute();
  for (const name of ['Anna', 'Bruno', 'Carla']) {
    await submitComment(deps, {
      postId,
      parentId: null,
      name,
      email: '',
      url: '',
      text: `${name} says hello.`,
      honeypot: '',
      formAgeMs: 60_000,
    });
  }
  await page.goto(`${blog.url}/admin/comments`);
});

const card = (name: string) => page.getByRole('article', { name: `Comment by ${name}` });
const counts = () => countCommentsByStatus(blog.app.deps.db);

test('keys move through the queue, decide, and take back', async () => {
  await page.keyboard.press('j');
  await expect.poll(() => card('Bruno').evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('a');
  await page.getByText('Approved.', { exact: true }).waitFor();
  expect(await counts()).toMatchObject({ pending: 2, approved: 1 });
  expect(await card('Bruno').count()).toBe(0);
  expect(await page.locator('[data-badge="comments"]').textContent()).toBe('2 waiting');

  await page.keyboard.press('s');
  await page.getByText('Marked as spam.').waitFor();
  expect(await counts()).toMatchObject({ pending: 1, approved: 1, spam: 1 });

  await page.keyboard.press('u');
  await page.getByText('Taken back.').waitFor();
  await page.keyboard.press('u');
  await card('Bruno').waitFor();
  await expect.poll(counts).toMatchObject({ pending: 3, approved: 0, spam: 0 });
  expect(await page.getByRole('article').count()).toBe(3);
  const names = await page
    .getByRole('article')
    .evaluateAll((cards) => cards.map((element) => element.getAttribute('aria-label')));
  expect(names).toEqual(['Comment by Carla', 'Comment by Bruno', 'Comment by Anna']);
});

test('the list of keys opens with a question mark', async () => {
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
});

test('an answer is written in place and approves what it answers', async () => {
  await page.keyboard.press('r');
  await page.keyboard.type('Hello Carla.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Answered and approved.').waitFor();
  await expect.poll(() => card('Carla').count()).toBe(0);
  const [answer] = await listComments(blog.app.deps.db, { status: 'approved', limit: 1 });
  expect(answer).toMatchObject({ text: 'Hello Carla.', authorUserId: blog.owner?.id });
});

test('several are decided at once, and taken back at once', async () => {
  await page.getByRole('checkbox', { name: 'All' }).check();
  await page.locator('#bulk').getByRole('button', { name: 'Trash' }).click();
  await page.getByText('Moved to the trash: 3 comments.').waitFor();
  expect(await counts()).toMatchObject({ pending: 0, trash: 3 });
  await page.getByText('That was the last one here.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back.').waitFor();
  expect(await counts()).toMatchObject({ pending: 3, trash: 0 });
  expect(await page.getByRole('article').count()).toBe(3);
});

test('with a selection a key decides about all that is selected, and one undo takes it back', async () => {
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.getByText('Approved: 2 comments.').waitFor();
  expect(await counts()).toMatchObject({ pending: 1, approved: 2 });
  expect(await card('Anna').count()).toBe(1);
  expect(await page.getByRole('article').count()).toBe(1);
  await page.keyboard.press('u');
  await page.getByText('Taken back.').waitFor();
  expect(await counts()).toMatchObject({ pending: 3, approved: 0 });
  expect(await page.getByRole('article').count()).toBe(3);

  await page.keyboard.press('s');
  await page.getByText('Marked as spam.').waitFor();
  expect(await counts()).toMatchObject({ pending: 2, spam: 1 });
});

test('keys are letters while somebody writes', async () => {
  await page.keyboard.press('r');
  await page.keyboard.type('a s t u');
  expect(await counts()).toMatchObject({ pending: 3 });
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await page.getByText('Moved to the trash.').waitFor();
});

test('when the server cannot be reached, nothing leaves the page and that is said', async () => {
  await page.context().setOffline(true);
  await page.keyboard.press('a');
  await page.getByText('Nothing was changed. There is no connection to the blog.').waitFor();
  expect(await page.getByRole('article').count()).toBe(3);
  await page.context().setOffline(false);
});
