import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import { closeBrowser, findBarriers, openContext } from '../support/browser.ts';
import { signInOnPage } from './sign-in-page.ts';

const gardener = `
import { definePlugin, z } from 'outpost/plugin';

export default definePlugin({
  id: 'gardener',
  name: 'Gardener',
  version: '1.2.3',
  apiVersion: 1,
  description: 'Looks after the hedges.',
  permissions: ['mail'],
  views: 'views',
  settings: z.object({
    greeting: z.string().max(20).default('Hello').meta({ title: 'Greeting', description: 'Said at the gate.' }),
    hedges: z.int().min(1, 'At least one.').max(9).default(3).describe('How many there are.'),
    waterAtNight: z.boolean().default(false),
    tool: z.enum(['rake', 'spade']).default('rake'),
    catalogue: z.url('Give an address.').default('https://example.org/'),
    notes: z.string().default('').meta({ title: 'Notes', format: 'textarea' }),
  }),
  routes: [{ method: 'GET', path: '/hedges', access: 'public', handler: () => ({ headers: { 'Content-Type': 'text/plain' }, body: 'Trimmed.' }) }],
  adminPages: [
    {
      path: '',
      title: 'Garden',
      menu: true,
      access: 'admin',
      load: async (_request, context) => ({ view: 'garden', data: { greeting: (await context.settings.get()).greeting } }),
      deeds: { water: async (request) => ({ notice: 'Watered the ' + request.form.what + '.' }) },
    },
  ],
});
`;

const view = `<p>The gardener says {{ greeting }}.</p>
<form method="post" action="?do=water"><input type="hidden" name="csrf" value="{{ csrf }}"><input type="hidden" name="what" value="roses"><button class="button">Water</button></form>`;

const broken = `
import { definePlugin } from 'outpost/plugin';
export default definePlugin({ id: 'broken', name: 'Broken', version: '1.0.0', apiVersion: 1, start() { throw new Error('There is no gate.'); } });
`;

let blog: TestBlog;
let page: Page;

beforeAll(async () => {
  blog = await startTestBlog({ plugins: [] });
  for (const [id, source] of Object.entries({ gardener, broken })) {
    const folder = path.join(blog.dataFolder, 'plugins', id);
    mkdirSync(path.join(folder, 'views'), { recursive: true });
    writeFileSync(path.join(folder, 'plugin.ts'), source);
    writeFileSync(path.join(folder, 'views/garden.liquid'), view);
  }
  const context = await openContext();
  context.setDefaultTimeout(20_000);
  page = await context.newPage();
  await signInOnPage(page, blog.url);
});
afterAll(async () => {
  await closeBrowser();
  await blog.close();
});

const menu = () => page.getByRole('navigation', { name: 'Admin' });

test('a plugin is switched on, set up, used and switched off without a restart', async () => {
  await menu().getByRole('link', { name: 'Plugins' }).click();
  expect((await fetch(`${blog.url}/hedges`)).status).toBe(404);
  const row = page.locator('#plugin-gardener');
  expect(await row.getByRole('list', { name: 'Asks to:' }).textContent()).toBe(
    'Send mail to people of this site',
  );
  expect(await page.locator('#plugin-broken').getByText('Asks for nothing.').isVisible()).toBe(true);
  expect(await page.getByRole('link', { name: 'Settings of Broken' }).count()).toBe(0);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Switch on Gardener' }).click();
  await page.getByText('Gardener is on.').waitFor();
  expect(await (await fetch(`${blog.url}/hedges`)).text()).toBe('Trimmed.');

  await page.getByRole('link', { name: 'Settings of Gardener' }).click();
  await page.getByText('Said at the gate.').waitFor();
  expect(await page.getByLabel('Hedges').getAttribute('type')).toBe('number');
  expect(await page.getByLabel('Catalogue').getAttribute('type')).toBe('url');
  await page.getByLabel('Hedges').fill('0');
  await page.getByLabel('Notes').fill('Mind the hedgehog.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Hedges: At least one.').waitFor();
  expect(await page.getByLabel('Notes').inputValue()).toBe('Mind the hedgehog.');
  expect(await page.getByLabel('Hedges').inputValue()).toBe('0');

  await page.getByLabel('Greeting').fill('Good morning');
  await page.getByLabel('Hedges').fill('5');
  await page.getByLabel('Water at night').check();
  await page.getByLabel('Tool').selectOption('Spade');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  expect(await blog.app.plugins.find('gardener')?.context.settings.get()).toMatchObject({
    greeting: 'Good morning',
    hedges: 5,
    waterAtNight: true,
    tool: 'spade',
    notes: 'Mind the hedgehog.',
  });
  expect(await findBarriers(page)).toEqual([]);

  await menu().getByRole('link', { name: 'Garden', exact: true }).click();
  await page.getByText('The gardener says Good morning.').waitFor();
  await page.getByRole('button', { name: 'Water' }).click();
  await page.getByText('Watered the roses.').waitFor();
  expect(await findBarriers(page)).toEqual([]);

  await menu().getByRole('link', { name: 'Plugins' }).click();
  await page.getByRole('button', { name: 'Switch off Gardener' }).click();
  await page.getByText('Gardener is off.').waitFor();
  expect(await menu().getByRole('link', { name: 'Garden', exact: true }).count()).toBe(0);
  expect((await fetch(`${blog.url}/hedges`)).status).toBe(404);
});

test('a plugin that cannot be started stays off and says why', async () => {
  await page.goto(`${blog.url}/admin/plugins`);
  await page.getByRole('button', { name: 'Switch on Broken' }).click();
  await page.getByText('Broken could not be switched on. There is no gate.').waitFor();
  await page.locator('#plugin-broken').getByText('There is no gate.').waitFor();
});
