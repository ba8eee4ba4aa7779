import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { writePlugin } from '../support/write-plugin.ts';
import { openServer, type Server } from './server.ts';

/** A server, set up, with a plugin of the test's own that is on. */
async function openWith(id: string, members: string, { above = '', env = {} } = {}): Promise<Server> {
  const server = await openServer({ NODE_ENV: 'test', ...env });
  await server.setUp();
  const parent = path.join(server.dataFolder, 'plugins');
  mkdirSync(parent, { recursive: true });
  writePlugin(id, members, { parent, above });
  const { code, stderr } = await server.run('plugin', 'enable', id);
  if (code !== 0) throw new Error(stderr);
  await until('the plugin is on', () => server.log().includes(`${id} is on`), 2000);
  return server;
}

const says = (id: string) => `start: ({ log }) => void log.info('${id} is on'),`;
const slow = `jobs: { slow: { deadlineMs: 60_000, handler: (payload, { log }, { signal }) => new Promise((resolve) => {
  log.info('begun ' + payload);
  if (payload === 'heedless') return;
  signal.addEventListener('abort', () => resolve());
}) } },
routes: [{ method: 'POST', path: '/slow/:how', access: 'public', handler: async ({ params }, { jobs }) => {
  await jobs.add(null, 'slow', params.how);
  return { status: 202 };
} }],`;

test('SIGTERM ends it in order within eight seconds, a second one does not cut that short, and the work is taken up again', async () => {
  const server = await openWith('slow', says('slow') + slow);
  await fetch(`${server.url}/slow/heedless`, { method: 'POST' });
  await until('the work is begun', () => server.log().includes('begun heedless'));
  const pid = server.process().pid ?? 0;
  setTimeout(() => process.kill(pid, 'SIGTERM'), 300);
  const { code, tookMs } = await server.end('SIGTERM');

  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(8000);
  expect(server.log()).not.toContain('"level":50');
  await server.restart();
  await until('it is begun again', () => server.log().split('begun heedless').length === 3, 5000);
});

test('without work it ends at once, also with a connection that is kept open', async () => {
  const server = await openServer();
  await server.setUp();
  await fetch(server.url, { headers: { connection: 'keep-alive' } });
  const { code, tookMs } = await server.end('SIGTERM');
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(2500);
});

test('after kill -9 a start on the same machine takes up the queue within five seconds', async () => {
  const server = await openWith('slow', says('slow') + slow);
  await fetch(`${server.url}/slow/heedless`, { method: 'POST' });
  await until('the work is begun', () => server.log().includes('begun heedless'));
  await server.end('SIGKILL');
  await server.restart();
  await until('it is begun again', () => server.log().split('begun heedless').length === 3, 5000);
});

test('what a plugin throws in a timer or forgets to catch is its failure; the blog goes on, and switches it off', async () => {
  const server = await openWith(
    'wild',
    `${says('wild')}
    routes: [{ method: 'GET', path: '/wild/:how', access: 'public', handler({ params }) {
      if (params.how === 'timer') setTimeout(() => { throw new Error('in a timer'); });
      if (params.how === 'null') setTimeout(() => { throw null; });
      if (params.how === 'promise') void Promise.reject(new Error('uncaught'));
      if (params.how === 'event') setTimeout(() => void new EventEmitter().emit('error', new Error('an event')));
      return { body: 'begun' };
    } }],`,
    { above: "import { EventEmitter } from 'node:events';" },
  );
  const failures = () => server.log().split('"msg":"plugin failed"').length - 1;
  const ways = ['timer', 'null', 'promise', 'event'];
  for (const [index, way] of ways.entries()) {
    expect(await (await fetch(`${server.url}/wild/${way}`)).text()).toBe('begun');
    await until(`${way} is noted`, () => failures() === index + 1);
  }
  for (let times = 0; times < 16; times += 1) await fetch(`${server.url}/wild/null`);
  await until('it is off', async () => (await fetch(`${server.url}/wild/null`)).status === 404);

  const { stdout } = await server.run('plugin', 'list', '--json');
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({
      name: 'wild',
      status: 'failed',
      error: expect.stringContaining('switched off after 20 failures'),
    }),
  );
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('what is done on the command line is seen within a second', async () => {
  const server = await openServer();
  await server.setUp();
  await fetch(server.url);
  const words = [
    'post',
    'create',
    '--author',
    'marit',
    '--title',
    'From the command line',
    '--publish',
    '--json',
  ];
  const { stdout } = await server.run(...words);
  const { id, slug } = JSON.parse(stdout);
  const page = async (address: string) => (await fetch(server.url + address)).text();
  await until('home shows it', async () => (await page('/')).includes('From the command line'), 1000);
  expect(await page(`/${slug}`)).toContain('From the command line');

  await server.run('post', 'update', id, '--title', 'Another title');
  await until('the page follows', async () => (await page(`/${slug}`)).includes('Another title'), 1000);
  await server.run('settings', 'set', 'title', 'Renamed');
  await until('the title follows', async () => (await page('/')).includes('Renamed'), 1000);
  await server.run('post', 'trash', id);
  await until('it is gone', async () => (await fetch(`${server.url}/${slug}`)).status !== 200, 1000);
});

test('a post whose saving fails is told of in a fixed sentence, and nothing is kept of it', async () => {
  const server = await openServer({ NODE_ENV: 'test' });
  await server.setUp();
  const env = { OUTPOST_FAULTS: 'post.save=throw' };
  const before = await server.run('post', 'list', '--json');
  const { runOutpost } = await import('../support/command-line.ts');
  const words = ['post', 'create', '--author', 'marit', '--title', 'Lost', '--file', '/dev/null'];
  const { code, stderr } = await runOutpost(words, {
    env: { OUTPOST_DATA: server.dataFolder, OUTPOST_URL: server.url, ...env },
  });
  expect([code, stderr]).toEqual([1, 'failpoint post.save\n']);
  expect(await server.run('post', 'list', '--json')).toEqual(before);
});
