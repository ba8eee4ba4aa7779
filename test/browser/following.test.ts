import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeBrowser, findBarriers, openContext } from '../support/browser.ts';
import { type FederatedApp, startFederatedApp } from '../support/federated-app.ts';
import { signInOnPage } from './sign-in-page.ts';

let app: FederatedApp;
beforeAll(async () => {
  app = await startFederatedApp();
});
afterAll(async () => {
  await closeBrowser();
  await app.close();
});

test('an author follows a community with the keyboard on a phone, and leaves it', async () => {
  const peer = app.peer('community.example');
  peer.actor('blogs', { type: 'Group', displayName: 'Blogs and essays of a rather long name' });
  const context = await openContext({ width: 390, scheme: 'dark' });
  const page = await context.newPage();
  await signInOnPage(page, app.url);
  await page.goto(`${app.url}/admin/federation/following`);
  await page.getByLabel('Follow').fill('!blogs@community.example');
  await page.keyboard.press('Enter');
  await page.getByText('@blogs@community.example is asked.').waitFor();
  await page.getByText('Asked, no answer yet').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);

  const fields = { communities: ['!blogs@community.example', '!nobody@community.example'] };
  const { post } = await app.publish({ title: 'Shared', fields });
  await page.goto(`${app.url}/admin/federation/deliveries/${post.id}`);
  await page.getByRole('region', { name: 'Communities' }).getByText('Sent there').waitFor();
  expect(await findBarriers(page)).toEqual([]);

  await page.goto(`${app.url}/admin/federation/following`);
  await page.getByRole('button', { name: 'Leave @blogs@community.example' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('You follow nobody yet.').waitFor();
  await context.close();
});
