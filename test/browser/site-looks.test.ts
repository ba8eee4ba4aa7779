import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeBrowser, findBarriers, openContext, photograph } from '../support/browser.ts';
import type { OpenSite } from '../web/open-site.ts';
import { seedSite } from './seed-site.ts';

let site: OpenSite;
let paths: Readonly<Record<string, string>>;

beforeAll(async () => {
  ({ site, paths } = await seedSite());
});
afterAll(async () => {
  await closeBrowser();
  await site.close();
});

/** How far the page is wider than its window, in pixels. */
function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}

for (const scheme of ['light', 'dark'] as const) {
  test(`every page can be used by everybody and fits every screen, ${scheme}`, async () => {
    const context = await openContext({ scheme });
    const page = await context.newPage();
    const said: string[] = [];
    // A page that is not there is itself an error to the browser, and the only one expected.
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404'))
        said.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => said.push(`${page.url()}: ${error.message}`));
    const wrong: string[] = [];

    for (const [name, path] of Object.entries(paths)) {
      await page.goto(`${site.origin}${path}`);
      for (const width of [1440, 834, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = await overflowOf(page);
        if (overflow > 0) wrong.push(`${name} is ${overflow} px too wide at ${width}`);
        await photograph(page, `site-${name}-${width}-${scheme}`);
      }
      const barriers = await findBarriers(page, scheme === 'dark' ? 'colours' : 'all');
      wrong.push(...barriers.map((barrier) => `${name}: ${barrier}`));
    }
    await context.close();
    expect(wrong).toEqual([]);
    expect(said).toEqual([]);
  }, 120_000);
}

test('what can be pressed is large enough for a finger', async () => {
  const context = await openContext({ width: 390 });
  const page = await context.newPage();
  await page.goto(`${site.origin}${paths.post}`);
  const small = await page.evaluate(() =>
    [
      ...document.querySelectorAll(
        'button, summary, textarea, input:not([type="hidden"], [type="checkbox"]), nav a, .tags a, .comment-deeds a',
      ),
    ]
      .filter((element) => element.checkVisibility() && !element.closest('.trap'))
      .filter((element) => element.getBoundingClientRect().height < 43.5)
      .map((element) => `${element.tagName} ${element.textContent?.trim().slice(0, 30)}`),
  );
  await context.close();
  expect(small).toEqual([]);
});

test('on paper there is the text and nothing to press', async () => {
  const context = await openContext();
  const page = await context.newPage();
  await page.goto(`${site.origin}${paths.post}`);
  await page.emulateMedia({ media: 'print' });
  await photograph(page, 'site-post-print');
  expect(await page.locator('.post-title').isVisible()).toBe(true);
  for (const absent of ['.masthead-nav', '.scheme-switch', '.conversation', '.contents', '.site-foot nav']) {
    expect(await page.locator(absent).isVisible(), absent).toBe(false);
  }
  await context.close();
});
