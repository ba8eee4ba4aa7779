import { getEventListeners } from 'node:events';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { FetchFailedError, FetchTimeoutError, FetchTooLargeError } from '../../src/net/fetch-errors.ts';
import { fetchWith } from './fetch-with.ts';
import { serveHttp, serveRaw } from './loopback.ts';

describe('a body', () => {
  const text = 'Outpost '.repeat(1_000);

  test.each([
    ['gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['identity', Buffer.from(text)],
  ])('in %s is decompressed', async (encoding, bytes) => {
    const server = await serveHttp((request, response) => {
      response.setHeader('x-accepted', request.headers['accept-encoding'] ?? '');
      response.setHeader('content-encoding', encoding).end(bytes);
    });
    const answer = await fetchWith()(server.origin);
    expect(answer.body.toString()).toBe(text);
    expect(answer.headers['x-accepted']).toBe('gzip, deflate, br');
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000))],
    ['deflate', deflateSync(Buffer.alloc(2_000_000))],
  ])('in %s that inflates beyond the ceiling is cut', async (encoding, bytes) => {
    const server = await serveHttp((_request, response) =>
      response.setHeader('content-encoding', encoding).end(bytes),
    );
    await expect(fetchWith()(server.origin)).rejects.toThrow(FetchTooLargeError);
  });

  test.each(['zstd', 'gzip, gzip', '__proto__', 'toString'])(
    'in "%s", not asked for, is a failure',
    async (encoding) => {
      const server = await serveHttp((_request, response) =>
        response.setHeader('content-encoding', encoding).end('x'),
      );
      await expect(fetchWith()(server.origin)).rejects.toMatchObject({ reason: 'response' });
    },
  );

  test('damaged or cut short in its compression is a failure', async () => {
    const bytes = gzipSync(text);
    for (const damaged of [bytes.subarray(0, 40), Buffer.from('not gzip at all')]) {
      const server = await serveHttp((_request, response) =>
        response.setHeader('content-encoding', 'gzip').end(damaged),
      );
      await expect(fetchWith()(server.origin)).rejects.toMatchObject({ reason: 'response' });
    }
  });

  test('may be as large as the ceiling and not a byte larger', async () => {
    const server = await serveHttp((request, response) => {
      response.write(Buffer.alloc(1));
      response.end(Buffer.alloc(Number(request.url?.slice(1)) - 1));
    });
    const safeFetch = fetchWith();
    expect((await safeFetch(`${server.origin}/1048576`)).body).toHaveLength(1_048_576);
    expect((await safeFetch(`${server.origin}/100`, { maxBytes: 100 })).body).toHaveLength(100);
    await expect(safeFetch(`${server.origin}/1048577`)).rejects.toThrow(FetchTooLargeError);
    await expect(safeFetch(`${server.origin}/101`, { maxBytes: 100 })).rejects.toThrow(FetchTooLargeError);
  });

  test('that declares ten gigabytes is not read', async () => {
    const server = await serveRaw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n'),
    );
    await expect(fetchWith()(server.origin)).rejects.toThrow(FetchTooLargeError);
    await vi.waitFor(() => expect(server.open.size).toBe(0));
  });

  test('without end is cut at the ceiling', async () => {
    let sent = 0;
    const server = await serveHttp((_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const more = () => {
        do sent += chunk.length;
        while (response.write(chunk) && !response.destroyed);
      };
      response.on('drain', more);
      more();
    });
    await expect(fetchWith()(server.origin)).rejects.toThrow(FetchTooLargeError);
    await vi.waitFor(() => expect(server.open.size).toBe(0));
    expect(sent).toBeLessThan(32 * 1_048_576);
  });

  test('in a million chunks of one byte takes no more memory than its size', async () => {
    const chunks = Buffer.from('1\r\nx\r\n'.repeat(10_000));
    const server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const more = (left: number) => {
        if (left === 0) socket.write('0\r\n\r\n');
        else socket.write(chunks, () => more(left - 1));
      };
      more(100);
    });
    expect((await fetchWith()(server.origin)).body).toHaveLength(1_000_000);
  });

  test('longer than declared is cut at what was declared, and its connection is not used again', async () => {
    const server = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n${'x'.repeat(100_000)}`);
    });
    const safeFetch = fetchWith();
    expect((await safeFetch(server.origin)).body.toString()).toBe('x'.repeat(10));
    expect((await safeFetch(server.origin)).body.toString()).toBe('x'.repeat(10));
    expect(server.connections).toBe(2);
  });

  test('shorter than declared is a failure', async () => {
    const server = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nxxx'));
    await expect(fetchWith()(server.origin)).rejects.toThrow(FetchFailedError);
  });
});

describe('time', () => {
  const impatient = { timeoutMs: 150 };

  test('ends for a peer that says nothing', async () => {
    const server = await serveRaw(() => undefined);
    await expect(fetchWith()(server.origin, impatient)).rejects.toThrow(FetchTimeoutError);
    await vi.waitFor(() => expect(server.open.size).toBe(0));
  });

  test.each([
    ['header', 'HTTP/1.1 200 OK\r\n', 'x-a: 1\r\n'],
    ['informational answers', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['body', 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n', 'x'],
  ])('ends for a peer that drips its %s', async (_what, start, drip) => {
    const server = await serveRaw((socket) => {
      socket.write(start);
      const timer = setInterval(() => socket.write(drip), 10);
      socket.on('close', () => clearInterval(timer));
    });
    await expect(fetchWith()(server.origin, impatient)).rejects.toThrow(FetchTimeoutError);
    await vi.waitFor(() => expect(server.open.size).toBe(0));
  });

  test('is one for all hops together', async () => {
    const server = await serveHttp((request, response) => {
      setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 100);
    });
    await expect(fetchWith()(server.origin, { timeoutMs: 250, maxRedirects: 100 })).rejects.toThrow(
      FetchTimeoutError,
    );
  });

  test('ends for a name that does not resolve and for a signature that does not come', async () => {
    const server = await serveHttp((_request, response) => response.end());
    const never = () => new Promise<never>(() => undefined);
    await expect(fetchWith({ resolve: never })('https://slow.example/', impatient)).rejects.toThrow(
      FetchTimeoutError,
    );
    await expect(fetchWith()(server.origin, { ...impatient, sign: never })).rejects.toThrow(
      FetchTimeoutError,
    );
  });

  test('that ran out in the queue does not disturb the requests before and after', async () => {
    const held: (() => void)[] = [];
    const server = await serveHttp((request, response) => {
      if (request.url === '/held') held.push(() => response.end('late'));
      else response.end('now');
    });
    const safeFetch = fetchWith();
    const first = Array.from({ length: 16 }, () => safeFetch(`${server.origin}/held`));
    await vi.waitFor(() => expect(held).toHaveLength(16));
    await expect(safeFetch(server.origin, impatient)).rejects.toThrow(FetchTimeoutError);
    const after = safeFetch(server.origin);
    for (const release of held) release();
    expect((await Promise.all(first)).every(({ body }) => body.toString() === 'late')).toBe(true);
    expect((await after).body.toString()).toBe('now');
    expect(server.connections).toBe(16);
    expect(server.open.size).toBe(16);
  });

  test('leaves nothing behind on the signal of a caller who did not need it', async () => {
    const server = await serveHttp((_request, response) => response.end());
    const { signal } = new AbortController();
    await fetchWith()(server.origin, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('is given up at once when the caller says so', async () => {
    const server = await serveRaw(() => undefined);
    const safeFetch = fetchWith();
    await expect(safeFetch(server.origin, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      reason: 'aborted',
    });
    expect(server.connections).toBe(0);
    const caller = new AbortController();
    const failure = safeFetch(server.origin, { signal: caller.signal });
    await Promise.all([
      expect(failure).rejects.toMatchObject({ reason: 'aborted' }),
      vi.waitFor(() => expect(server.connections).toBe(1)).then(() => caller.abort(new Error('stop'))),
    ]);
    await vi.waitFor(() => expect(server.open.size).toBe(0));
  });
});
