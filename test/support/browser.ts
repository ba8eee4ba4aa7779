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

/** Ends the browser; call it after the last test of a file. */
export async function closeBrowser(): Promise<void> {
  const browser = await launched;
  launched = null;
  await browser?.close();
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

/** Takes a picture of the whole page, for people to look at. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (!existsSync(pictureFolder)) mkdirSync(pictureFolder, { recursive: true });
  await page.screenshot({ path: path.join(pictureFolder, `${name}.png`), fullPage: true });
}

/** What axe finds wrong with a page, in words; nothing for a page that is in order. */
export async function findBarriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} at ${node.target.join(' ')}`),
  );
}
