import { freePort } from '../../src/plugin-host/free-port.ts';
import { type Child, startChild } from './child.ts';
import { median, type Row, rate } from './numbers.ts';

/** How many followers, each with an inbox of its own, on how many hosts. */
export type Fanout = { inboxes: number; hosts: number; runs: number };

const workers = 20;

/**
 * A post on its way to many followers: deliveries a second, from the order to publish until the last inbox has it. The
 * receivers run on the same machine, in a process of their own, and their work is part of every number.
 */
export async function measureDeliveries({ inboxes, hosts, runs }: Fanout): Promise<Row[]> {
  const port = await freePort();
  const receivers = startChild('receivers.ts');
  const blog = startChild('outpost-blog.ts', { BENCH_PORT: String(port) });
  const bare = startChild('bare-sender.ts');
  const single = startChild('fedify-sender.ts', { BENCH_WORKERS: '1' });
  const several = startChild('fedify-sender.ts', { BENCH_WORKERS: String(workers) });
  try {
    const origins = await receivers.ask<string[]>('open', { hosts });
    const list = Array.from({ length: inboxes }, (_, n) => `${origins[n % hosts]}/users/${n}/inbox`);
    // One after the other takes long, and no longer for each when there are more.
    const few = list.slice(0, Math.min(inboxes, 1000));
    await blog.ask('ready');
    await blog.ask('follow', { inboxes: list });

    let body = '';
    const send = (sender: Child, to: string[]) =>
      time(receivers, to.length, () => sender.ask<number>('send', { inboxes: to, body }));
    const publish = async () => {
      const order = () => blog.ask<{ startedAt: number }>('publish').then((post) => post.startedAt);
      const measured = await time(receivers, list.length, order);
      await blog.ask('idle');
      return measured;
    };

    // The first ones warm up; what Outpost sends there is what the loop sends afterwards.
    body = (await publish()).sample;
    await publish();
    for (const sender of [bare, several]) await send(sender, list);
    await send(single, few);
    const rates: Record<'outpost' | 'bare' | 'single' | 'several' | 'signing', number[]> = {
      outpost: [],
      bare: [],
      single: [],
      several: [],
      signing: [],
    };
    for (let run = 0; run < runs; run += 1) {
      rates.signing.push(await bare.ask<number>('signing', { seconds: 2 }));
      rates.bare.push((await send(bare, list)).rate);
      rates.outpost.push((await publish()).rate);
      rates.single.push((await send(single, few)).rate);
      rates.several.push((await send(several, list)).rate);
    }
    const ours = median(rates.outpost);
    const what = `Deliveries of one post to ${inboxes.toLocaleString('en-US')} inboxes on ${hosts} hosts`;
    return [
      rate(what, ours, { name: 'signing alone (RSA-2048, every core)', rate: median(rates.signing) }),
      rate(what, ours, { name: 'bare loop (sign, POST with node:http)', rate: median(rates.bare) }, 0.5),
      rate(what, ours, { name: 'Fedify 2.3, its queue as it comes', rate: median(rates.single) }, 4),
      rate(what, ours, { name: `Fedify 2.3, ${workers} workers`, rate: median(rates.several) }),
    ];
  } finally {
    await Promise.all([receivers, blog, bare, single, several].map((child) => child.stop()));
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
