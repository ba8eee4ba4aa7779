import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FederatedApp, followOf, startFederatedApp } from '../../../support/federated-app.ts';
import type { Json } from '../../../support/remote-peer.ts';

const software = {
  'good.example': 'mastodon 4.7.2',
  'other.example': 'Misskey 2026.3.1',
  'friend.example': 'pixelfed 0.12',
};
let app: FederatedApp;
beforeAll(async () => {
  app = await startFederatedApp();
  for (const [host, runs] of Object.entries(software)) {
    const actor = app.peer(host).actor('bob');
    await actor.send(app.url, followOf(actor, app.author));
    await app.idle();
    await app.app.deps.db
      // The plugin's own table, which the core's types do not name.
      .updateTable('plugin_federation_hosts' as never)
      .set({ software: runs } as never)
      .where('host' as never, '=', host as never)
      .execute();
  }
});
afterAll(() => app.close());

const got = (host: string, id: string) =>
  app
    .peer(host)
    .delivered.map(({ activity }) => activity.object as Json)
    .find((object) => object.id === id);

test('each server gets the form for its software, and everybody finds the canonical object at the id', async () => {
  const { id } = await app.publish({ title: 'Bread', bodyMarkdown: 'Some bread.' });

  expect(got('good.example', id)).toMatchObject({ type: 'Article', name: 'Bread', summary: 'Some bread.' });
  const misskey = got('other.example', id);
  expect(misskey).toMatchObject({
    type: 'Article',
    content: '<p><strong>Bread</strong></p><p>Some bread.</p>',
  });
  expect(misskey).not.toHaveProperty('summary');
  expect(got('friend.example', id)).toMatchObject({
    type: 'Note',
    content: expect.stringContaining('Bread'),
  });
  const answer = await fetch(id, { headers: { accept: 'application/activity+json' } });
  expect(await answer.json()).toMatchObject({ type: 'Article', name: 'Bread', summary: 'Some bread.' });
});

test('an owner who wants no forms sends the canonical object to all', async () => {
  const plugin = app.app.plugins.find('federation');
  await plugin?.context.settings.set({ adaptToSoftware: false });
  const { id } = await app.publish({ title: 'Plain', bodyMarkdown: 'Words.' });

  for (const host of Object.keys(software))
    expect(got(host, id)).toMatchObject({ type: 'Article', name: 'Plain', summary: 'Words.' });
});
