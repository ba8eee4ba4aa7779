/**
 * The load: raw sockets that send ready bytes and read no more of the answers than their length, so that the servers
 * and not this are what is measured.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { answerParent } from './child.ts';

/** What came of a load. Latencies in milliseconds. */
export type LoadResult = {
  seconds: number;
  count: number;
  statuses: Record<string, number>;
  p50: number;
  p99: number;
};

type Next = () => Buffer | null;

/** Sends on one connection whatever `next` gives, one after the other. */
function work(port: number, next: Next, note: (status: string, ms: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let pending = Buffer.alloc(0);
    let need = -1;
    let status = '';
    let since = 0;
    socket.setNoDelay(true);
    const ask = () => {
      const bytes = next();
      if (!bytes) {
        socket.end();
        return resolve();
      }
      since = performance.now();
      socket.write(bytes);
    };
    socket.on('connect', ask);
    socket.on('data', (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      if (need === -1) {
        const end = pending.indexOf('\r\n\r\n');
        if (end === -1) return;
        const head = pending.toString('latin1', 0, end);
        const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
        status = head.slice(9, 12);
        if (length === undefined && status !== '204' && !/\r\ntransfer-encoding: *chunked/i.test(head)) {
          return reject(new Error(`An answer without a length:\n${head}`));
        }
        if (length === undefined && status !== '204') {
          // Only the end of a chunked answer is looked for.
          if (pending.indexOf('0\r\n\r\n', end) === -1) return;
          need = pending.length;
        } else need = end + 4 + Number(length ?? 0);
      }
      if (pending.length < need) return;
      pending = Buffer.alloc(0);
      need = -1;
      note(status, performance.now() - since);
      ask();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

async function run(port: number, connections: number, next: Next): Promise<LoadResult> {
  const statuses: Record<string, number> = {};
  const times: number[] = [];
  const start = performance.now();
  const note = (status: string, ms: number) => {
    statuses[status] = (statuses[status] ?? 0) + 1;
    times.push(ms);
  };
  await Promise.all(Array.from({ length: connections }, () => work(port, next, note)));
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { seconds, count: times.length, statuses, p50: at(0.5), p99: at(0.99) };
}

answerParent({
  /** Sends each request of a file once. The file: length as four bytes, request, and so on. */
  each({ port, file, connections }: { port: number; file: string; connections: number }) {
    const bytes = readFileSync(file);
    let at = 0;
    return run(port, connections, () => {
      if (at >= bytes.length) return null;
      const end = at + 4 + bytes.readUInt32BE(at);
      const request = bytes.subarray(at + 4, end);
      at = end;
      return request;
    });
  },
  /** Sends requests in turn for that long. */
  repeat({
    port,
    requests,
    connections,
    seconds,
  }: {
    port: number;
    requests: string[];
    connections: number;
    seconds: number;
  }) {
    const ready = requests.map((text) => Buffer.from(text));
    const end = performance.now() + seconds * 1000;
    let count = 0;
    return run(port, connections, () => {
      if (performance.now() > end) return null;
      count += 1;
      return ready[count % ready.length] ?? null;
    });
  },
});
