import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listComments } from '../../src/comments/comment-store.ts';
import { closeBrowser, openContext } from '../support/browser.ts';
import type { OpenSite } from '../web/open-site.ts';
import { seedSite } from './seed-site.ts';

let site: OpenSite;
let post: string;

beforeAll(async () => {
  const seeded = await seedSite();
  site = seeded.site;
  post = `${site.origin}${seeded.paths.post}`;
});
afterAll(async () => {
  await closeBrowser();
  await site.close();
});

async function open(address: string, options: Parameters<typeof openContext>[0] = {}): Promise<Page> {
  const context = await openContext(options);
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

test('without scripts a reader reads, opens the footnotes, and answers a comment', async () => {
  const page = await open(`${site.origin}/`, { javaScriptEnabled: false, width: 390 });
  await page.getByRole('link', { name: 'The door that would not close' }).click();
  await page.getByRole('heading', { level: 1, name: 'The door that would not close' }).waitFor();
  // A switch that does nothing is not shown.
  expect(await page.locator('[data-scheme-switch]').isVisible()).toBe(false);

  await page.getByRole('link', { name: 'Answer Anna Wielander' }).click();
  await page.getByRole('heading', { name: 'Answer Anna Wielander' }).waitFor();
  await page.getByLabel('Your answer').fill('Mine was less impressed too.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page
    .getByRole('alert')
    .getByRole('link', { name: /Say who you are/ })
    .waitFor();
  expect(await page.getByLabel('Your answer').inputValue()).toBe('Mine was less impressed too.');

  await page.getByLabel('Name').fill('Ruth');
  site.advance(30);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').filter({ hasText: 'your comment has arrived' }).waitFor();
  const [comment] = await listComments(site.deps.db, { limit: 1, status: 'pending' });
  expect(comment).toMatchObject({ author: { name: 'Ruth' }, text: 'Mine was less impressed too.' });
  expect(comment?.parentId).not.toBeNull();
  await page.context().close();
});

test('the first key leads past the bar to the text', async () => {
  const page = await open(post);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the text');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.context().close();
});

test('a choice of dark is remembered, is there before the first paint, and can be taken back', async () => {
  const page = await open(post);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: 'Dark colours' }).press('Enter');
  const dark = await ground();
  expect(dark).not.toBe(light);

  // The colours as they are when the body begins, before anything is painted.
  await page.context().addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (!document.body) return;
      sessionStorage.setItem('first', document.documentElement.dataset.scheme ?? 'none');
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.reload();
  expect(await page.evaluate(() => sessionStorage.getItem('first'))).toBe('dark');
  expect(await ground()).toBe(dark);

  await page.getByRole('button', { name: 'Light colours' }).click();
  expect(await ground()).toBe(light);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  await page.context().close();
});

test('a footnote opens where it stands, and closes, by keyboard alone', async () => {
  const page = await open(post);
  const reference = page.locator('.footnote-ref a').first();
  await reference.focus();
  await page.keyboard.press('Enter');
  const note = page.locator('.footnote-popover').first();
  await expect.poll(() => note.isVisible()).toBe(true);
  expect(await note.textContent()).toContain('which is another thing altogether');
  expect(await reference.getAttribute('aria-expanded')).toBe('true');
  expect(page.url()).toBe(post);
  const [at, size] = [await note.boundingBox(), page.viewportSize()];
  expect(at && at.x >= 0 && at.x + at.width <= (size?.width ?? 0)).toBe(true);

  await page.keyboard.press('Escape');
  await expect.poll(() => note.isVisible()).toBe(false);
  expect(await reference.evaluate((link) => link === document.activeElement)).toBe(true);
  await page.context().close();
});

test('the form comes to the comment that is answered, and goes back', async () => {
  const page = await open(post);
  await page.getByRole('link', { name: 'Answer Anna Wielander' }).click();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('comment-text');
  expect(await page.locator('li > #comment-form').count()).toBe(1);
  expect(await page.locator('input[name="parent_id"]').inputValue()).not.toBe('');

  await page.getByRole('link', { name: 'Answer the post instead' }).click();
  expect(await page.locator('li > #comment-form').count()).toBe(0);
  expect(await page.locator('input[name="parent_id"]').inputValue()).toBe('');
  await page.context().close();
});

test('the table of contents leads to the headings', async () => {
  const page = await open(post);
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'The numbers' }).click();
  await expect
    .poll(() =>
      page
        .locator('h2', { hasText: 'The numbers' })
        .evaluate((heading) => heading.getBoundingClientRect().top < 200),
    )
    .toBe(true);
  await page.context().close();
});

test('at twice the size everything is still there and nothing is cut off', async () => {
  const page = await open(post, { width: 720 });
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  ).toBeLessThanOrEqual(0);
  expect(await page.getByRole('button', { name: 'Send' }).isVisible()).toBe(true);
  await page.context().close();
});
