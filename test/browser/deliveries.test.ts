import type { Kysely } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FederationTables } from '../../plugins/federation/tables.ts';
import { closeBrowser, findBarriers, openContext, photograph } from '../support/browser.ts';
import { type FederatedApp, followOf, startFederatedApp } from '../support/federated-app.ts';
import { signInOnPage } from './sign-in-page.ts';

const long = 'a-server-with-a-very-long-name.of-somebody-who-likes-long-names.example';

let app: FederatedApp;
let pages: Record<string, string>;
beforeAll(async () => {
  app = await startFederatedApp({ hosts: ['good.example', 'other.example', 'friend.example'] });
  for (const host of ['good.example', 'other.example', 'friend.example']) {
    const actor = app.peer(host).actor('fan', { displayName: `A fan on ${host}` });
    await actor.send(app.url, followOf(actor, app.author));
  }
  await app.idle();
  app.peer('other.example').answerInbox(() => 503);
  app.peer('friend.example').answerInbox(() => 404);
  const { post } = await app.publish({ title: 'On the ferry' });
  const db = app.app.deps.db as unknown as Kysely<FederationTables>;
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  await db
    .updateTable('plugin_federation_hosts')
    .set({
      held_since: ago(20),
      failing_since: ago(30),
      failures: 9,
      not_before: ago(-3),
      software: 'mastodon 4.7.1',
    })
    .where('host', '=', 'other.example')
    .execute();
  await db
    .insertInto('plugin_federation_hosts')
    .values({ host: long, failures: 0, hold: 'owner' } as FederationTables['plugin_federation_hosts'])
    .execute();
  const at = '/admin/federation';
  pages = {
    deliveries: `${at}/deliveries`,
    delivery: `${at}/deliveries/${post.id}`,
    servers: `${at}/servers`,
    server: `${at}/servers/other.example`,
    'server-stopped': `${at}/servers/${long}`,
  };
});
afterAll(async () => {
  await closeBrowser();
  await app.close();
});

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

test('the pages of deliveries and servers are without barriers and fit the screen, light and dark', async () => {
  const context = await openContext();
  const page = await context.newPage();
  await signInOnPage(page, app.url);
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(`${app.url}${path}`);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overflow(page), `${name} at ${width}`).toBeLessThanOrEqual(0);
        await photograph(page, `federation-${name}-${width}-${scheme}`);
        const isAsked = (scheme === 'light') === (width === 390);
        if (!isAsked) continue;
        const barriers = await findBarriers(page, scheme === 'dark' ? 'colours' : 'all');
        expect(barriers, `${name} at ${width}, ${scheme}`).toEqual([]);
      }
    }
  }
  await context.close();
}, 60_000);
