import type { Page } from 'playwright-core';
import { ownerLogin } from '../../src/plugin-host/testing.ts';

/** Signs in as a person would, on the page. */
export async function signInOnPage(page: Page, url: string, login = ownerLogin): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel('Username or e-mail').fill(login.username);
  await page.getByLabel('Password').fill(login.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
}
