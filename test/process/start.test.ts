import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';
import { until } from '../support/until.ts';
import { beginServer, openServer } from './server.ts';

describe('setting up', () => {
  test.each(['info', 'error', 'silent'])(
    'at the log level %s the link is the last that is said',
    async (level) => {
      const server = await openServer({ LOG_LEVEL: level });
      expect(server.log()).toMatch(
        new RegExp(`(^|\\n)Set up your blog at ${server.url}/setup\\?token=[\\w-]+\\n$`),
      );
      if (level === 'silent') expect(server.log().trim().split('\n')).toHaveLength(1);
      for (const line of server.log().trim().split('\n').slice(0, -1))
        expect(JSON.parse(line)).toMatchObject({ msg: expect.any(String) });
    },
  );

  test('until it is done every page says so, but for what a server needs', async () => {
    const server = await openServer();
    for (const address of ['/', '/login', '/admin', '/a-post', '/feed', '/search']) {
      const answer = await fetch(server.url + address, { headers: { accept: 'text/html' } });
      expect([address, answer.status, answer.headers.get('set-cookie')]).toEqual([address, 503, null]);
      expect(await answer.text()).toMatch(/not been set up|set up/i);
    }
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/assets/theme/essay.css`)).status).toBe(200);
  });

  test('the link opens a form, as often as one likes; without its token the door is shut; once done it is gone', async () => {
    const server = await openServer();
    const link = /http\S+token=\S+/.exec(server.log())?.[0] ?? '';
    for (const times of [1, 2]) expect([times, (await fetch(link)).status]).toEqual([times, 200]);
    expect((await fetch(`${server.url}/setup`)).status).toBe(403);
    expect((await fetch(`${link}x`)).status).toBe(403);

    const form = {
      title: 'My blog',
      username: 'marit',
      name: 'Marit',
      email: 'marit@mail.example',
      password: 'long enough',
    };
    const send = (change: object) =>
      fetch(link, {
        method: 'POST',
        body: new URLSearchParams({ ...form, ...change }),
        headers: { origin: server.url },
        redirect: 'manual',
      });
    const wrong = await send({ email: 'nothing' });
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('value="marit"')]);
    const done = await send({});
    expect([done.status, done.headers.get('location')]).toEqual([303, '/admin']);
    for (const address of [link, `${server.url}/setup`]) expect((await fetch(address)).status).toBe(404);
    expect((await fetch(server.url)).status).toBe(200);
    await server.restart();
    expect(server.log().match(/Set up your blog/g)).toHaveLength(1);
  });

  test('the link stays the same until it was used, and a set-up on the command line uses it', async () => {
    const server = await openServer();
    const link = /http\S+token=\S+/.exec(server.log())?.[0] ?? '';
    await server.restart();
    expect(server.log().split(link)).toHaveLength(3);
    await server.setUp();
    await until('the server knows', async () => (await fetch(server.url)).status === 200, 1000);
    expect((await fetch(link)).status).toBe(404);
  });
});

describe('a value that cannot be used stops the start, with one line that names it', () => {
  test.each([
    ['PORT', 'eighty', 'give a number from 1 to 65535'],
    ['PORT', '70000', 'give a number from 1 to 65535'],
    [
      'OUTPOST_URL',
      'blog.example',
      'give the public address of the blog without a path, such as https://blog.example',
    ],
    [
      'OUTPOST_URL',
      'https://blog.example/path',
      'give the public address of the blog without a path, such as https://blog.example',
    ],
    [
      'OUTPOST_URL',
      'ftp://blog.example',
      'give the public address of the blog without a path, such as https://blog.example',
    ],
    [
      'DATABASE_URL',
      'mysql://user:secret@host/db',
      'give postgres://user:password@host/database, or leave it empty for SQLite',
    ],
    [
      'OUTPOST_TRUST_PROXY',
      'everybody',
      'give none, loopback, linklocal, uniquelocal, a number of proxies, or addresses separated by commas',
    ],
    [
      'OUTPOST_TRUST_PROXY',
      '10.0.0.0/99',
      'give none, loopback, linklocal, uniquelocal, a number of proxies, or addresses separated by commas',
    ],
    ['OUTPOST_TRACE_HOOKS', 'yes', 'give 0 or 1'],
    ['LOG_LEVEL', 'loud', 'give one of fatal, error, warn, info, debug, trace, silent'],
    ['OUTPOST_FAULTS', 'post.save=throw', 'it is for tests of faults and needs NODE_ENV=test'],
    ['OUTPOST_CLOCK_OFFSET', '60', 'it is for tests of faults and needs NODE_ENV=test'],
    ['OUTPOST_HOSTS', 'a.example=127.0.0.1', 'it is for tests of faults and needs NODE_ENV=test'],
  ])('%s=%s', (name, value, allowed) => {
    const refusal = () => readConfig({ [name]: value });
    expect(refusal).toThrow(ConfigError);
    const message = String(
      (() => {
        try {
          return refusal();
        } catch (error) {
          return error instanceof Error ? error.message : '';
        }
      })(),
    );
    expect(message).toContain(
      `${name}=${name === 'DATABASE_URL' ? 'mysql://…@host/db' : value} cannot be used: ${allowed}`,
    );
    expect(message).not.toContain('secret');
    expect(message.split('\n')).toHaveLength(1);
  });

  test.each([
    ['OUTPOST_FAULTS', 'post.save'],
    ['OUTPOST_CLOCK_OFFSET', 'soon'],
  ])('%s=%s in tests', (name, value) => {
    expect(() => readConfig({ NODE_ENV: 'test', [name]: value })).toThrow(
      `${name}=${value} cannot be used: `,
    );
  });

  test.each([
    ['OUTPOST_ALLOW_PRIVATE_NETWORK', 'yes'],
    ['OUTPOST_HOSTS', 'a.example'],
  ])('%s=%s, in the words of what reads it', (name, value) => {
    expect(() => readConfig({ NODE_ENV: 'test', [name]: value })).toThrow(
      new RegExp(`^${name}.*${value}.*cannot be used: .*separated by commas\\.$`),
    );
  });

  test('what was not said has its default', () => {
    expect(readConfig({})).toMatchObject({
      origin: 'http://localhost:8080',
      port: 8080,
      host: '0.0.0.0',
      databaseUrl: null,
      trustProxy: ['loopback'],
      logLevel: 'info',
      traceHooks: false,
    });
    expect(readConfig({ PORT: '9000' }).origin).toBe('http://localhost:9000');
    expect(readConfig({ OUTPOST_TRUST_PROXY: 'none' }).trustProxy).toBe(false);
  });

  test('the program ends with 1 and says nothing else', async () => {
    const server = beginServer({ LOG_LEVEL: 'loud' });
    expect(await server.ended).toBe(1);
    expect(server.log()).toBe(
      'LOG_LEVEL=loud cannot be used: give one of fatal, error, warn, info, debug, trace, silent.\n',
    );
  });

  test('so does a data folder that is none, and a database that does not answer', async () => {
    const blocked = beginServer({});
    mkdirSync(path.dirname(blocked.dataFolder), { recursive: true });
    writeFileSync(blocked.dataFolder, 'a file');
    expect(await blocked.ended).toBe(1);
    expect(blocked.log()).toBe(
      `OUTPOST_DATA=${blocked.dataFolder} cannot be used: it is no folder; give the path of one.\n`,
    );

    const alone = beginServer({ DATABASE_URL: 'postgres://user:secret@127.0.0.1:9/blog' });
    expect(await alone.ended).toBe(1);
    expect(alone.log()).toMatch(
      /^DATABASE_URL=postgres:\/\/…@127\.0\.0\.1:9\/blog cannot be used: [^\n]+\n$/,
    );
  });
});
