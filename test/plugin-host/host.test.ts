import { utimesSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { NotFoundError } from '../../src/errors.ts';
import { createPluginHost } from '../../src/plugin-host/host.ts';
import { installedFolder } from '../../src/plugin-host/load.ts';
import { switchPlugin } from '../../src/plugin-host/switch-plugin.ts';
import { openTestCore } from '../support/databases.ts';
import { writeFiles, writePlugin } from '../support/write-plugin.ts';

const failing = {
  throws: "() => { throw new Error('broken on purpose'); }",
  rejects: "() => Promise.reject(new Error('broken on purpose'))",
};

/** A host of plugins without a web server; `add` puts a plugin into the data folder. */
async function openHost() {
  const deps = await openTestCore();
  const plugins = createPluginHost(deps);
  const parent = installedFolder(deps.config);
  const add = (id: string, members = '', above = '') => writePlugin(id, members, { parent, above });
  const listing = async (id: string) => (await plugins.list()).find((plugin) => plugin.id === id);
  return { deps, plugins, parent, add, listing };
}

test.each([
  ['throws', `start: (${failing.throws}) as never`, 'broken on purpose'],
  [
    'names a hook that does not exist',
    "filters: { 'post.htlm': (x: unknown) => x } as never",
    'The plugin broken names the filter post.htlm, which does not exist.',
  ],
  [
    'has a schedule that cannot be read',
    "jobs: { tick: { handler: async () => undefined } }, schedules: [{ cron: 'often', job: 'tick' }]",
    'The plugin broken has a schedule that cannot be read: often.',
  ],
  [
    'schedules a job that it does not have',
    "schedules: [{ cron: '* * * * *', job: 'tick' }]",
    'The plugin broken schedules the job tick, which it does not declare.',
  ],
  ['needs a plugin that is not on', "requires: ['nothing']", 'The plugin broken needs nothing to be on.'],
  [
    'has a migration that fails',
    `migrations: { '001-x': { up: (${failing.rejects}) as never } }`,
    'Migrating broken failed at 001-x: broken on purpose',
  ],
])('a plugin that %s stays off, with the reason, and leaves nothing behind', async (_, members, reason) => {
  const { deps, plugins, add, listing } = await openHost();
  add('broken', members);

  await expect(plugins.enable('broken')).rejects.toThrow(reason);
  expect(await listing('broken')).toMatchObject({
    status: 'failed',
    error: expect.stringContaining(reason),
  });
  expect(plugins.find('broken')).toBeNull();
  expect(deps.hooks.filters.has('post.html')).toBe(false);
});

test.each([
  ['is no TypeScript', 'enum }{', /^broken\/plugin\.ts cannot be read: /],
  ['exports nothing', '', /must export definePlugin/],
  [
    'has another id than its folder',
    "export default { id: 'other', name: 'x', version: '1', apiVersion: 1 };",
    /calls itself other/,
  ],
  [
    'is made for another version',
    "export default { id: 'broken', name: 'x', version: '1', apiVersion: 2 };",
    /version 2 of the plugin API; this Outpost has version 1/,
  ],
  [
    'declares what Outpost does not know',
    "export default { id: 'broken', name: 'x', version: '1', apiVersion: 1, colour: 'red' };",
    /declares colour, which Outpost does not know/,
  ],
  [
    'declares a list as something else',
    "export default { id: 'broken', name: 'x', version: '1', apiVersion: 1, adminPages: {} };",
    /adminPages/,
  ],
  [
    'asks for what there is not',
    "export default { id: 'broken', name: 'x', version: '1', apiVersion: 1, permissions: ['everything'] };",
    /permissions/,
  ],
  [
    'has a setting without a default',
    "import { definePlugin, z } from 'outpost/plugin'; export default definePlugin({ id: 'broken', name: 'x', version: '1', apiVersion: 1, settings: z.object({ a: z.string() }) });",
    /without a default/,
  ],
  ['throws when it is read', "throw new Error('too early');", /too early/],
])('a plugin that %s is listed with the reason, and the others are there', async (_, source, reason) => {
  const { parent, listing } = await openHost();
  writeFiles(parent, { 'broken/plugin.ts': source });

  expect(await listing('broken')).toMatchObject({ status: 'failed', error: expect.stringMatching(reason) });
  expect(await listing('hello')).toMatchObject({ status: 'disabled', error: null });
});

test.each([
  '/',
  '/login',
  '/admin/mine',
  '/assets/x',
  '/media/:file',
  '/:anything',
  '/author/:name',
  '/:slug/comments',
  '/healthz',
  '/robots.txt',
])('the address %s cannot be claimed by a plugin', async (address) => {
  const { plugins, add } = await openHost();
  add('greedy', `routes: [{ method: 'GET', path: '${address}', access: 'public', handler: () => ({}) }]`);
  await expect(plugins.enable('greedy')).rejects.toThrow(
    `The plugin greedy claims GET ${address}, which is an address of Outpost itself.`,
  );
});

test('two plugins cannot claim the same address or the same form of a page; the first stays', async () => {
  const route = (path: string) =>
    `{ method: 'GET', path: '${path}', access: 'public', handler: () => ({ body: 'mine' }) }`;
  const form = "representations: [{ of: 'post', types: ['text/x'], respond: () => null as never }]";
  const { plugins, add } = await openHost();
  add('first', `routes: [${route('/mine/:a')}], ${form}`);
  add('second', `routes: [${route('/mine/:b')}]`);
  add('third', form);
  const owner = () => {
    const found = plugins.routes().find('GET', '/mine/x');
    return found && 'route' in found ? found.route.plugin.definition.id : null;
  };
  await plugins.enable('first');

  await expect(plugins.enable('second')).rejects.toThrow(
    'Two plugins claim GET /mine/:b; switch one of them off.',
  );
  await expect(plugins.enable('third')).rejects.toThrow(
    'The plugins third and first both answer for text/x on the page of a post',
  );
  expect(owner()).toBe('first');
  await plugins.disable('first');
  await plugins.enable('second');
  expect(owner()).toBe('second');
});

test('a plugin that another needs cannot be switched off first, and starts before it', async () => {
  const { plugins, add } = await openHost();
  add('base', "service: () => 'the base'");
  add('above', "requires: ['base']");
  add('a-pinnacle', "requires: ['above']");
  for (const id of ['base', 'above', 'a-pinnacle']) await plugins.enable(id);
  await expect(plugins.disable('base')).rejects.toThrow('above needs it. Switch that off first.');
  await plugins.stop();
  await plugins.start();
  expect(plugins.active().map(({ definition }) => definition.id)).toEqual(['base', 'above', 'a-pinnacle']);
  expect(plugins.find('a-pinnacle')?.context.service('base')).toBe('the base');
});

test.each([
  ['start', 'start: () => new Promise(() => undefined)', 'start of slow took more than 10000 ms'],
  ['import', '', 'slow/plugin.ts cannot be read: import of slow took more than 10000 ms'],
])('a plugin whose %s hangs is left off, and the others are not held up', async (what, members, reason) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { plugins, parent } = await openHost();
  writePlugin('slow', members, {
    parent,
    above: what === 'import' ? 'await new Promise(() => undefined);' : '',
  });
  const enabled = plugins.enable('slow').catch((error: unknown) => error);
  for (let step = 0; step < 50; step += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(await enabled).toMatchObject({ message: reason });
  vi.useRealTimers();
  expect((await plugins.enable('hello')).status).toBe('enabled');
});

test('a plugin whose stop hangs holds up nothing for longer than a moment', async () => {
  const { plugins, add } = await openHost();
  add('slow', 'stop: () => new Promise(() => undefined)');
  await plugins.enable('slow');
  const began = performance.now();
  await plugins.stop();
  expect(performance.now() - began).toBeLessThan(4000);
  expect(plugins.active()).toEqual([]);
});

test('an update is taken over with all its files, without a restart', async () => {
  const { plugins, parent } = await openHost();
  const write = (word: string) =>
    writePlugin('talk', `service: () => word`, { parent, above: "import { word } from './word.ts';" }) &&
    writeFiles(parent, { 'talk/word.ts': `export const word = '${word}';` });
  write('before');
  await plugins.enable('talk');
  const entry = `${parent}/talk/plugin.ts`;
  write('after');
  utimesSync(entry, new Date(), new Date(Date.now() + 10_000));
  await plugins.refresh();

  expect(plugins.find('talk')?.context.service('talk')).toBe('after');
});

test('a package from npm is found beside the owner’s plugins, in JavaScript, under its own name', async () => {
  const { deps, plugins, parent, listing } = await openHost();
  writeFiles(`${parent}/node_modules`, {
    'outpost-plugin-stats/package.json':
      '{ "name": "outpost-plugin-stats", "type": "module", "exports": "./plugin.js" }',
    'outpost-plugin-stats/plugin.js': `import { definePlugin, z } from 'outpost/plugin';
      import { answer } from 'a-library';
      export default definePlugin({ id: 'stats', name: 'Stats', version: '2.0.0', apiVersion: 1, settings: z.object({ n: z.number().default(1) }), service: () => answer });`,
    'a-library/package.json': '{ "name": "a-library", "type": "module", "exports": "./index.js" }',
    'a-library/index.js': "import 'outpost/plugin'; export const answer = 42;",
  });
  expect(await listing('stats')).toMatchObject({ status: 'disabled', source: 'installed', error: null });
  await plugins.enable('stats');
  expect(plugins.find('stats')?.context.service('stats')).toBe(42);
  expect((await plugins.list()).map(({ id }) => id)).not.toContain('node_modules');
  expect(deps.config.dataFolder).not.toContain('node_modules');
});

test('errors of a plugin are those of the core, whichever place it lies in', async () => {
  const { plugins, add } = await openHost();
  add('errors', 'service: () => outpost.NotFoundError');
  await plugins.enable('errors');
  expect(plugins.find('errors')?.context.service('errors')).toBe(NotFoundError);
});

test('the owner’s plugins are those that are on by default, until something else was decided', async () => {
  const { deps, plugins, listing } = await openHost();
  const byDefault = (await plugins.list())
    .filter(({ definition }) => definition?.onByDefault)
    .map(({ id }) => id);
  expect(byDefault.length).toBeGreaterThan(0);
  for (const id of byDefault) expect((await listing(id))?.status).toBe('enabled');
  expect((await listing('hello'))?.status).toBe('disabled');

  const [first = '', ...others] = byDefault;
  await switchPlugin(deps, first, false);
  expect((await listing(first))?.status).toBe('disabled');
  for (const id of others) expect((await listing(id))?.status).toBe('enabled');
});

test('a plugin tells of an action of its own, and of no other’s', async () => {
  const { deps, plugins, add } = await openHost();
  add('bell', "hooks: { 'bell.rung': { kind: 'action', about: 'Somebody rang.' } }");
  add(
    'listener',
    `requires: ['bell'], actions: { 'bell.rung': async ({ who }: { who: string }) => void heard.push(who) } as never, service: () => heard`,
    'const heard: string[] = [];',
  );
  await plugins.enable('bell');
  await plugins.enable('listener');
  const actions = plugins.find('bell')?.context.actions;
  await deps.jobs.start();
  await actions?.add(null, 'bell.rung' as never, { who: 'Anna' } as never);
  await deps.jobs.idle();

  expect(plugins.find('listener')?.context.service('listener')).toEqual(['Anna']);
  await expect(actions?.add(null, 'post.published', { postId: 'a' })).rejects.toThrow(
    'The plugin bell declares no action post.published.',
  );
});
