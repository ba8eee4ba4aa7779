import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FederationContext } from '../../plugins/federation/context.ts';
import { decideQuote } from '../../plugins/federation/quotes/decide-quote.ts';
import { closeBrowser, findBarriers, openContext, photograph } from '../support/browser.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  noteOf,
  startFederatedApp,
} from '../support/federated-app.ts';
import { signInOnPage } from './sign-in-page.ts';

let app: FederatedApp;

beforeAll(async () => {
  app = await startFederatedApp();
  for (const name of ['anna', 'annika', 'bob']) {
    const actor = app.peer('good.example').actor(name);
    await actor.send(app.url, followOf(actor, app.author));
  }
  await app.idle();
});
afterAll(async () => {
  await closeBrowser();
  await app.close();
});

test('who is mentioned is chosen by keyboard, below the cursor', async () => {
  const context = await openContext({ width: 390 });
  const page = await context.newPage();
  await signInOnPage(page, app.url);
  await page.goto(`${app.url}/admin/posts/new`);
  const text = page.getByRole('textbox', { name: 'Text', exact: true });
  await text.click();
  await page.keyboard.type('Hello @an');
  const list = page.getByRole('listbox', { name: 'People' });
  await list.getByRole('option').nth(1).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await photograph(page, 'admin-mentions-390-light');
  const first = await list.getByRole('option', { selected: true }).textContent();
  await page.keyboard.press('ArrowDown');
  const second = await list.getByRole('option', { selected: true }).textContent();
  expect(second).not.toBe(first);
  await page.keyboard.press('Enter');
  const handle = /@ann(?:a|ika)@good\.example/.exec(second ?? '')?.[0];
  expect(await text.inputValue()).toBe(`Hello ${handle} `);
  expect(await list.isVisible()).toBe(false);

  await page.keyboard.type('@bo');
  await list.waitFor();
  await page.keyboard.press('Escape');
  expect(await list.isVisible()).toBe(false);
  await page.keyboard.type('b@good.example and nobody else');
  expect(await text.inputValue()).toContain('@bob@good.example and nobody else');
  await context.close();
});

test('quotes are looked at and decided about by everybody, on every screen', async () => {
  const plugin = app.app.plugins.find('federation')?.context as unknown as FederationContext;
  await plugin.settings.set({ canQuote: 'ask' });
  const post = await app.publish({ title: 'Quoted', slug: 'quoted' });
  const actor = app.peer('good.example').actor('quoter', { displayName: 'Quinn' });
  const notes = ['Do read this, it is about doors.', 'And again.'].map((words) =>
    noteOf(actor, { quoteUrl: post.id, content: `<p>${words}</p>` }),
  );
  for (const note of notes) await actor.send(app.url, activityOf(actor, 'Create', note));
  await app.idle();
  await decideQuote(plugin, {
    objectId: String(notes[1]?.id),
    by: { id: post.post.authorId, role: 'author' },
    allowed: true,
  });
  for (const [scheme, width] of [
    ['light', 1440],
    ['dark', 390],
  ] as const) {
    const context = await openContext({ width, scheme });
    const page = await context.newPage();
    await signInOnPage(page, app.url);
    for (const path of ['quotes', `posts/${post.post.id}`]) {
      await page.goto(`${app.url}/admin/federation/${path}`);
      await page.getByRole('article', { name: 'Quote by Quinn' }).first().waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await photograph(page, `admin-${path === 'quotes' ? path : 'reactions'}-${width}-${scheme}`);
    }
    await context.close();
  }
});
