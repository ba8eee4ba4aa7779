import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runOutpost } from '../support/command-line.ts';
import { beginServer, openServer, type Server } from './server.ts';

const posts = Array.from({ length: 40 }, (_, index) => `${index} ${'A text of some length. '.repeat(200)}`);

/** A blog with some pages in its database, stopped. */
async function stoppedBlog(): Promise<{ server: Server; file: string; backup: string }> {
  const server = await openServer();
  await server.setUp();
  for (const [index, text] of posts.slice(0, 3).entries())
    await runOutpost(['post', 'create', '--author', 'marit', '--title', `Post ${index}`, '--file', '-'], {
      env: { OUTPOST_DATA: server.dataFolder, PORT: new URL(server.url).port },
      input: text.repeat(30),
    });
  const backup = path.join(path.dirname(server.dataFolder), 'blog.tar.gz');
  const made = await server.run('backup', backup);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  await server.end('SIGTERM');
  return { server, file: path.join(server.dataFolder, 'outpost.sqlite'), backup };
}

const damages: [name: string, damage: (file: string) => void][] = [
  [
    'a page that holds something else',
    (file) => {
      const bytes = readFileSync(file);
      bytes.fill(0x5a, 4096, 4096 * 6);
      writeFileSync(file, bytes);
    },
  ],
  ['a file that ends too soon', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ['a log of something else', (file) => writeFileSync(`${file}-wal`, 'garbage '.repeat(2000))],
];

test('a damaged database is left as it is, and the start names the newest good backup, which then mends it', async () => {
  const { server, file, backup } = await stoppedBlog();
  const whole = readFileSync(file);
  const env = { OUTPOST_DATA: server.dataFolder, PORT: new URL(server.url).port };
  for (const [name, damage] of damages) {
    writeFileSync(file, whole);
    damage(file);
    const before = readFileSync(file);
    const log = existsSync(`${file}-wal`) ? readFileSync(`${file}-wal`, 'utf8') : '';
    const started = beginServer(env);
    expect([name, await started.ended]).toEqual([name, 1]);
    const line = started.log().trim();
    expect(line.split('\n')).toHaveLength(1);
    expect(line).toContain(`The database ${file} is damaged (`);
    expect(line).toContain(`The newest good backup is ${backup} of `);
    expect(readFileSync(file).equals(before)).toBe(true);
    if (log !== '') expect(readFileSync(`${file}-wal`, 'utf8')).toBe(log);
  }
  const restored = await runOutpost(['restore', backup, '--json'], { env });
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse((await runOutpost(['post', 'list', '--json'], { env })).stdout).length).toBeGreaterThan(
    2,
  );
}, 60_000);
