import { createHash, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/plugin-host/free-port.ts';
import { type Child, startChild } from './child.ts';
import type { LoadResult } from './load.ts';
import { median, perSecond, type Row, rate } from './numbers.ts';
import { makeKeyPair } from './sample.ts';

const accounts = 40;
const hosts = 10;
const connections = 64;

type Account = { id: string; privateKey: KeyObject };
type Target = { port: number; path: string; inReplyTo: string; to: string };

/**
 * Answers to a post, signed beforehand by forty accounts on ten servers, sent as fast as they are taken: those that
 * were verified and answered 202 a second. Outpost's 202 means that the answer is safe on the disk; that each became a
 * comment is counted afterwards.
 */
export async function measureReplies({ count, runs }: { count: number; runs: number }): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'outpost-bench-'));
  const port = await freePort();
  const children = {
    receivers: startChild('receivers.ts'),
    blog: startChild('outpost-blog.ts', { BENCH_PORT: String(port) }),
    fedify: startChild('fedify-inbox.ts'),
    bare: startChild('bare-inbox.ts'),
    load: startChild('load.ts'),
  };
  const { receivers, blog, fedify, bare, load } = children;
  try {
    const senders = await openAccounts(receivers);
    const { origin, authorId } = await blog.ask<{ origin: string; authorId: string }>('ready');
    await blog.ask('openWide');
    const { objectId } = await blog.ask<{ objectId: string }>('publish');
    const keys = senders.map(({ id, publicPem }) => ({ keyId: `${id}#main-key`, publicPem }));
    const fedifyPort = await fedify.ask<number>('listen');
    const targets = {
      outpost: { port, path: '/ap/inbox', inReplyTo: objectId, to: `${origin}/ap/users/${authorId}` },
      fedify: {
        port: fedifyPort,
        path: '/inbox',
        inReplyTo: `http://localhost:${fedifyPort}/posts/1`,
        to: `http://localhost:${fedifyPort}/users/alice`,
      },
      bare: {
        port: await bare.ask<number>('listen', { keys }),
        path: '/inbox',
        inReplyTo: objectId,
        to: `${origin}/ap/users/${authorId}`,
      },
    };
    let batch = 0;
    let sent = 0;
    const send = async (target: Target, number: number) => {
      batch += 1;
      const file = path.join(folder, `batch-${batch}`);
      writeFileSync(file, await signAll(senders, target, { batch, count: number }));
      const result = await load.ask<LoadResult>('each', { port: target.port, file, connections });
      const taken = result.statuses['202'] ?? 0;
      if (taken !== number)
        throw new Error(
          `Of ${number} answers to ${target.path} ${taken} were taken: ${JSON.stringify(result.statuses)}`,
        );
      if (target === targets.outpost) sent += number;
      return result;
    };

    // Keys and accounts are fetched once; what is measured is the time after that.
    await send(targets.outpost, accounts * 50);
    await send(targets.fedify, accounts * 10);
    await send(targets.bare, accounts * 50);
    await blog.ask('idle');

    const rates: { outpost: number[]; fedify: number[]; bare: number[]; handled: number[]; p99: number[] } = {
      outpost: [],
      fedify: [],
      bare: [],
      handled: [],
      p99: [],
    };
    for (let run = 0; run < runs; run += 1) {
      rates.bare.push(rateOf(await send(targets.bare, count)));
      const startedAt = Date.now();
      const result = await send(targets.outpost, count);
      const handledAt = await blog.ask<number>('idle');
      rates.outpost.push(rateOf(result));
      rates.p99.push(result.p99);
      rates.handled.push(count / ((handledAt - startedAt) / 1000));
      rates.fedify.push(rateOf(await send(targets.fedify, Math.ceil(count / 4))));
    }
    const comments = await blog.ask<number>('comments');
    if (comments !== sent) throw new Error(`${sent} answers were taken, and ${comments} comments wait.`);
    const ours = median(rates.outpost);
    const what = 'Replies verified and safe on the disk before the 202';
    return [
      rate(what, ours, { name: 'bare server (read, digest, verify)', rate: median(rates.bare) }),
      rate(what, ours, { name: 'Fedify 2.3 (nothing stored)', rate: median(rates.fedify) }, 6),
      {
        what: 'Replies until each is a waiting comment',
        value: perSecond(median(rates.handled)),
        against: null,
        ratio: null,
        wanted: null,
      },
      {
        what: 'Slowest answer of a hundred under that load',
        value: `${Math.round(median(rates.p99))} ms`,
        against: null,
        ratio: null,
        wanted: null,
      },
    ];
  } finally {
    await Promise.all(Object.values(children).map((child: Child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

function rateOf({ count, seconds }: LoadResult): number {
  return count / seconds;
}

async function openAccounts(receivers: Child): Promise<(Account & { publicPem: string })[]> {
  const origins = await receivers.ask<string[]>('open', { hosts });
  const senders = Array.from({ length: accounts }, (_, n) => {
    const origin = origins[n % hosts] ?? '';
    return { origin, path: `/users/reader${n}`, id: `${origin}/users/reader${n}`, ...makeKeyPair() };
  });
  const list = senders.map(({ origin, path: where, publicPem }) => ({ origin, path: where, publicPem }));
  await receivers.ask('addActors', { list });
  return senders;
}

/** Ready requests, each with its length before it. */
async function signAll(
  senders: readonly Account[],
  target: Target,
  { batch, count }: { batch: number; count: number },
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let start = 0; start < count; start += 200) {
    const numbers = Array.from({ length: Math.min(200, count - start) }, (_, n) => start + n);
    const requests = await Promise.all(
      numbers.map((number) =>
        signOne(senders[number % senders.length] as Account, target, `${batch}-${number}`),
      ),
    );
    for (const request of requests) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(request.length);
      parts.push(length, request);
    }
  }
  return Buffer.concat(parts);
}

async function signOne(
  { id, privateKey }: Account,
  { port, path: where, inReplyTo, to }: Target,
  name: string,
): Promise<Buffer> {
  const note = `${new URL(id).origin}/notes/${name}`;
  const published = new Date().toISOString();
  const audience = { to: ['https://www.w3.org/ns/activitystreams#Public'], cc: [to, `${id}/followers`] };
  const body = JSON.stringify({
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${note}/activity`,
    type: 'Create',
    actor: id,
    published,
    ...audience,
    object: {
      id: note,
      type: 'Note',
      attributedTo: id,
      inReplyTo,
      published,
      ...audience,
      content: `<p><span class="h-card"><a href="${to}" class="u-url mention">@<span>alice</span></a></span> Answer ${name}: the boat was late, and so the letter was.</p>`,
      tag: [{ type: 'Mention', href: to, name: '@alice' }],
    },
  });
  const host = `localhost:${port}`;
  const date = new Date().toUTCString();
  const digest = createHash('sha256').update(body).digest('base64');
  const text = `(request-target): post ${where}\nhost: ${host}\ndate: ${date}\ndigest: SHA-256=${digest}`;
  const signature = await new Promise<Buffer>((resolve, reject) => {
    sign('sha256', Buffer.from(text), privateKey, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
  const head = [
    `POST ${where} HTTP/1.1`,
    `Host: ${host}`,
    `Date: ${date}`,
    `Digest: SHA-256=${digest}`,
    `Signature: keyId="${id}#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${signature.toString('base64')}"`,
    'Content-Type: application/activity+json',
    'User-Agent: bench',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
