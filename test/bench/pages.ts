import { freePort } from '../../src/plugin-host/free-port.ts';
import { startChild } from './child.ts';
import type { LoadResult } from './load.ts';
import { median, type Row, rate } from './numbers.ts';

const connections = 32;

/** Pages of posts a second, against node:http that has the same bytes ready. */
export async function measurePages({ seconds, runs }: { seconds: number; runs: number }): Promise<Row[]> {
  const port = await freePort();
  const blog = startChild('outpost-blog.ts', { BENCH_PORT: String(port) });
  const bare = startChild('bare-page.ts');
  const load = startChild('load.ts');
  try {
    await blog.ask('ready');
    const { slug } = await blog.ask<{ slug: string }>('publish');
    await blog.ask('idle');
    const page = await fetch(`http://127.0.0.1:${port}/${slug}`, {
      headers: { 'accept-encoding': 'identity', accept: 'text/html' },
    });
    const body = await page.text();
    const headers = [...page.headers].filter(
      ([name]) => !['date', 'connection', 'keep-alive'].includes(name),
    );
    const barePort = await bare.ask<number>('listen', { headers, body });
    const request = `GET /${slug} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: text/html,*/*;q=0.8\r\nUser-Agent: bench\r\n\r\n`;
    const send = async (to: number) => {
      const result = await load.ask<LoadResult>('repeat', {
        port: to,
        requests: [request],
        connections,
        seconds,
      });
      if (result.statuses['200'] !== result.count)
        throw new Error(`Not every page came: ${JSON.stringify(result.statuses)}`);
      return result.count / result.seconds;
    };
    await send(port);
    await send(barePort);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      theirs.push(await send(barePort));
      ours.push(await send(port));
    }
    return [
      rate(`Pages of a post (${Math.round(body.length / 1024)} KiB)`, median(ours), {
        name: 'node:http with the same bytes',
        rate: median(theirs),
      }),
    ];
  } finally {
    await Promise.all([blog, bare, load].map((child) => child.stop()));
  }
}
