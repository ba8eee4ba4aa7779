import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import chromium from '@sparticuz/chromium';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium as playwright,
} from 'playwright-core';

/** Where pictures of pages are put, outside the repository's history. */
export const pictureFolder = path.resolve(import.meta.dirname, '../.artifacts');

let launched: Promise<Browser> | null = null;

/** The real browser from npm, started once for each test process. */
export function openBrowser(): Promise<Browser> {
  launched ??= launch();
  return launched;
}

async function launch(): Promise<Browser> {
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--disable-dev-shm-usage',
  ];
  return playwright.launch({ executablePath: await chromium.executablePath(), headless: true, args: quiet });
}

/**
 * Ends what a file of tests has open in the browser; call it after its last test. The browser itself serves the next file
 * of the same process, and ends with it: starting one costs more than many tests.
 */
export async function closeBrowser(): Promise<void> {
  const browser = await launched;
  if (!browser) return;
  if (process.env.VITEST) {
    await Promise.all(browser.contexts().map((context) => context.close()));
    return;
  }
  launched = null;
  await browser.close();
}

/** A fresh profile at a width of the screen, light or dark. */
export async function openContext(
  options: BrowserContextOptions & { width?: number; scheme?: 'light' | 'dark' } = {},
): Promise<BrowserContext> {
  const { width = 1440, scheme = 'light', ...rest } = options;
  const browser = await openBrowser();
  return browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    ...rest,
  });
}

/** Takes a picture of the whole page, for people to look at, where OUTPOST_PICTURES is set. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (!process.env.OUTPOST_PICTURES) return;
  if (!existsSync(pictureFolder)) mkdirSync(pictureFolder, { recursive: true });
  await page.screenshot({ path: path.join(pictureFolder, `${name}.png`), fullPage: true });
}

/**
 * What axe finds wrong with a page, in words; nothing for a page that is in order.
 * @param what `colours` for a page that was looked at whole in its other colours: the rest is the same there
 */
export async function findBarriers(page: Page, what: 'all' | 'colours' = 'all'): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  const { violations } = await (what === 'colours' ? axe.withRules(['color-contrast']) : axe).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} at ${node.target.join(' ')}`),
  );
}
