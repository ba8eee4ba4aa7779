import { freePort } from '../support/outpost-process.ts';
import { type Child, startChild } from './child.ts';
import { median, type Row, rate } from './numbers.ts';

/** How many followers, each with an inbox of its own, on how many hosts. */
export type Fanout = { inboxes: number; hosts: number; runs: number };

/**
 * A post on its way to many followers: deliveries a second, from the order to publish until the last inbox has it. The
 * receivers run on the same machine, in a process of their own, and their work is part of every number.
 */
export async function measureDeliveries({ inboxes, hosts, runs }: Fanout): Promise<Row[]> {
  const port = await freePort();
  const receivers = startChild('receivers.ts');
  const blog = startChild('outpost-blog.ts', { BENCH_PORT: String(port) });
  const bare = startChild('bare-sender.ts');
  const fedify = startChild('fedify-sender.ts');
  try {
    const origins = await receivers.ask<string[]>('open', { hosts });
    const list = Array.from({ length: inboxes }, (_, n) => `${origins[n % hosts]}/users/${n}/inbox`);
    await blog.ask('ready');
    await blog.ask('follow', { inboxes: list });

    let body = '';
    const outpost = () =>
      time(receivers, list.length, () =>
        blog.ask<{ startedAt: number }>('publish').then((post) => post.startedAt),
      );
    const loop = () => time(receivers, list.length, () => bare.ask<number>('send', { inboxes: list, body }));
    const peer = () => time(receivers, list.length, () => fedify.ask<number>('send', { inboxes: list }));

    // The first of each warms it up; what Outpost sends there is what the loop sends afterwards.
    body = (await outpost()).sample;
    await blog.ask('idle');
    await loop();
    const rates: { outpost: number[]; loop: number[]; peer: number[]; signing: number[] } = {
      outpost: [],
      loop: [],
      peer: [],
      signing: [],
    };
    for (let run = 0; run < runs; run += 1) {
      rates.signing.push(await bare.ask<number>('signing', { seconds: 2 }));
      rates.loop.push((await loop()).rate);
      rates.outpost.push((await outpost()).rate);
      await blog.ask('idle');
      rates.peer.push((await peer()).rate);
    }
    const ours = median(rates.outpost);
    const what = `Deliveries of one post to ${inboxes.toLocaleString('en-US')} inboxes on ${hosts} hosts`;
    return [
      rate(what, ours, { name: 'signing alone (RSA-2048, every core)', rate: median(rates.signing) }),
      rate(what, ours, { name: 'bare loop (sign, POST with node:http)', rate: median(rates.loop) }, 0.5),
      rate(what, ours, { name: 'Fedify 2.3', rate: median(rates.peer) }, 4),
    ];
  } finally {
    await Promise.all([receivers, blog, bare, fedify].map((child) => child.stop()));
  }
}

async function time(
  receivers: Child,
  inboxes: number,
  begin: () => Promise<number>,
): Promise<{ rate: number; sample: string }> {
  await receivers.ask('expect', { inboxes });
  const [startedAt, { lastAt, copies, sample }] = await Promise.all([
    begin(),
    receivers.ask<{ lastAt: number; copies: number; sample: string }>('finish'),
  ]);
  if (copies > 0) throw new Error(`${copies} inboxes got the post more than once.`);
  return { rate: inboxes / ((lastAt - startedAt) / 1000), sample };
}
