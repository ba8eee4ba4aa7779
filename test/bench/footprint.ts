import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startOutpost } from '../support/outpost-process.ts';
import { startChild } from './child.ts';
import type { LoadResult } from './load.ts';
import { median, type Row } from './numbers.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** How soon it starts, how much memory it takes, and how much of the disk. Less is better in every row. */
export async function measureFootprint({ runs }: { runs: number }): Promise<Row[]> {
  const blog = await startOutpost({ LOG_LEVEL: 'warn' });
  const load = startChild('load.ts');
  const bare = startChild('bare-page.ts');
  try {
    const bareStart = timesOf(runs * 2, () => spawnSync(process.execPath, ['-e', '0']));
    await blog.run('post', 'create', '--author', 'alice', '--title', 'A letter', '--publish');
    const command = [];
    for (let run = 0; run < runs; run += 1) {
      const since = performance.now();
      await blog.run('post', 'list');
      command.push(performance.now() - since);
    }
    const ready = [];
    for (let run = 0; run < runs; run += 1) {
      await blog.kill();
      const since = performance.now();
      await blog.restart();
      ready.push(performance.now() - since);
    }
    const barePort = await bare.ask<number>('listen', { headers: [], body: 'x' });
    const get = (port: number) =>
      `GET /a-letter HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: text/html\r\n\r\n`;
    const visit = (port: number) =>
      load.ask<LoadResult>('repeat', {
        port,
        requests: [get(port), get(port).replace('/a-letter', '/')],
        connections: 32,
        seconds: 5,
      });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const [idle, bareIdle] = [memoryOf(blog.process.pid), memoryOf(bare.process.pid)];
    await visit(blog.port);
    await visit(barePort);
    const [busy, bareBusy] = [memoryOf(blog.process.pid), memoryOf(bare.process.pid)];
    const installed = sizeOf(path.join(root, 'node_modules'));
    const node = sizeOf(path.join(root, 'node_modules/node'));
    return [
      less('Start until it answers', ready, { name: 'node -e 0', values: bareStart }, 'ms'),
      less('A command (`outpost post list`)', command, { name: 'node -e 0', values: bareStart }, 'ms'),
      less('Memory when idle', [idle], { name: 'bare node:http', values: [bareIdle] }, 'MiB'),
      less('Memory after 5 s of visits', [busy], { name: 'bare node:http', values: [bareBusy] }, 'MiB'),
      less(
        'Installed with `npm install --omit=dev`',
        [installed],
        { name: 'of it the Node that it brings', values: [node] },
        'MiB',
      ),
    ];
  } finally {
    await Promise.all([blog.close(), load.stop(), bare.stop()]);
  }
}

function less(
  what: string,
  ours: readonly number[],
  other: { name: string; values: readonly number[] },
  unit: string,
): Row {
  const [mine, theirs] = [median(ours), median(other.values)];
  return {
    what,
    value: `${Math.round(mine)} ${unit}`,
    against: `${other.name}: ${Math.round(theirs)} ${unit}`,
    ratio: mine / theirs,
    wanted: null,
  };
}

function timesOf(runs: number, work: () => unknown): number[] {
  return Array.from({ length: runs }, () => {
    const since = performance.now();
    work();
    return performance.now() - since;
  });
}

/** Resident memory of a process, in MiB. */
function memoryOf(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  const kib = existsSync(status)
    ? Number(/VmRSS:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1])
    : Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString());
  return kib / 1024;
}

/** What the files of a folder take on the disk, in MiB; a file with two names counts once. */
function sizeOf(folder: string): number {
  const sizes = new Map<number, number>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, size } = lstatSync(path.join(entry.parentPath, entry.name));
    sizes.set(ino, size);
  }
  return sizes.values().reduce((sum, size) => sum + size, 0) / 1024 / 1024;
}
