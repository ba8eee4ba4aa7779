import tls from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FetchRefusedError, FetchTooLargeError } from '../../src/net/fetch-errors.ts';
import { parseHosts } from '../../src/net/hosts.ts';
import { tlsExample } from './certificate.ts';
import { fetchWith } from './fetch-with.ts';
import { readText, serveHttp, serveHttps, serveRaw } from './loopback.ts';

describe('a request', () => {
  test('brings status, header, body and the address that answered', async () => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(404, {
        'Content-Type': 'text/plain',
        Vary: ['Accept', 'Cookie'],
        'Set-Cookie': 'a=b',
      });
      response.end('nothing');
    });
    const answer = await fetchWith()(`${server.origin}/x?y#z`);
    expect(answer).toMatchObject({ status: 404, url: `${server.origin}/x?y` });
    expect(answer.body.toString()).toBe('nothing');
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', vary: 'Accept, Cookie' });
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  test('sends method, body and header, and its own host, length and name', async () => {
    const server = await serveHttp(async (request, response) => {
      const body = await readText(request);
      response.end(
        JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }),
      );
    });
    const headers = {
      'X-Mine': '1',
      Host: 'other.example',
      'Content-Length': '1',
      Connection: 'close',
      TE: 'x',
    };
    const answer = await fetchWith()(`${server.origin}/inbox?a=b`, {
      method: 'POST',
      body: 'héllo',
      headers,
    });
    const seen: unknown = JSON.parse(answer.body.toString());
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/inbox?a=b',
      body: 'héllo',
      headers: { 'x-mine': '1', host: server.peer, 'content-length': '6', 'user-agent': 'Outpost/test' },
    });
    expect(seen).not.toHaveProperty('headers.te');
  });

  test('of HEAD has no body, whatever length it declares', async () => {
    const server = await serveHttp((_request, response) =>
      response.writeHead(200, { 'content-length': 1e10 }).end(),
    );
    const answer = await fetchWith()(server.origin, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '10000000000' } });
    expect(answer.body).toHaveLength(0);
  });

  test('signs each hop for its own target, and the signature wins over the header', async () => {
    const server = await serveHttp((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else response.end(String(request.headers.signature));
    });
    const sign = vi.fn(async ({ method, url }: { method: string; url: URL }) => ({
      Signature: `${method} ${url.pathname}`,
    }));
    const answer = await fetchWith()(`${server.origin}/a`, { sign, headers: { signature: 'stale' } });
    expect(answer.body.toString()).toBe('GET /b');
    expect(sign).toHaveBeenCalledTimes(2);
  });

  test('fails with what the signing throws', async () => {
    const server = await serveHttp((_request, response) => response.end());
    const sign = () => Promise.reject(new Error('no key'));
    await expect(fetchWith()(server.origin, { sign })).rejects.toThrow('no key');
    expect(server.connections).toBe(0);
  });

  test('with a header that cannot be sent is refused, as often as it is tried', async () => {
    const server = await serveHttp((_request, response) => response.end('fine'));
    const safeFetch = fetchWith();
    for (let attempt = 0; attempt < 40; attempt++) {
      const headers: Record<string, string> =
        attempt % 2 === 0 ? { 'x-a': 'b\r\nx-evil: 1' } : { 'bad name': '1' };
      await expect(safeFetch(server.origin, { headers })).rejects.toThrow(FetchRefusedError);
    }
    expect(server.connections).toBe(0);
    expect((await safeFetch(server.origin)).body.toString()).toBe('fine');
  });
});

describe('a delivery', () => {
  const delivery = { method: 'POST', body: '{}', discardBody: true } as const;

  test('keeps its connection for the next and keeps nothing of the answer', async () => {
    const server = await serveHttp((_request, response) => response.writeHead(202).end('x'.repeat(5_000)));
    const safeFetch = fetchWith();
    for (let attempt = 0; attempt < 5; attempt++) {
      const answer = await safeFetch(server.origin, delivery);
      expect(answer.status).toBe(202);
      expect(answer.body).toHaveLength(0);
    }
    expect(server.connections).toBe(1);
  });

  test.each([
    ['endless', () => true],
    ['declared as huge', () => false],
  ])('counts by its status when the body is %s', async (_what, endless) => {
    const server = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 202 Accepted\r\n${endless() ? '' : 'content-length: 10737418240\r\n'}\r\n`);
      socket.write(Buffer.alloc(1_000_000));
    });
    expect((await fetchWith()(server.origin, delivery)).status).toBe(202);
    await vi.waitFor(() => expect(server.open.size).toBe(0));
  });

  test.each(['hangs', 'breaks off'])('counts by its status when the body %s', async (how) => {
    const server = await serveRaw((socket) => {
      socket.write(
        'HTTP/1.1 202 Accepted\r\ncontent-length: 10\r\n\r\nxx',
        () => how === 'breaks off' && socket.destroy(),
      );
    });
    expect((await fetchWith()(server.origin, { ...delivery, timeoutMs: 300 })).status).toBe(202);
  });
});

describe('a failure', () => {
  test('to connect names the host', async () => {
    const server = await serveHttp((_request, response) => response.end());
    const free = await new Promise<number>((resolve) => {
      const probe = tls.createServer().listen(0, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
      });
    });
    const failure = fetchWith()(`http://127.0.0.1:${free}/`);
    await expect(failure).rejects.toMatchObject({
      reason: 'connect',
      host: '127.0.0.1',
      code: 'fetch.failed',
    });
    expect(server.connections).toBe(0);
  });

  test('to resolve names the host', async () => {
    const resolve = () => Promise.reject(new Error('queryA ENOTFOUND gone.example'));
    const failure = fetchWith({ resolve })('https://gone.example/');
    await expect(failure).rejects.toMatchObject({ reason: 'dns', host: 'gone.example' });
  });

  test('in the middle of things is a reset', async () => {
    const server = await serveRaw((socket) => socket.destroy());
    await expect(fetchWith()(server.origin)).rejects.toMatchObject({ reason: 'reset' });
  });

  test('to speak HTTP is one of the answer', async () => {
    const server = await serveRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    await expect(fetchWith()(server.origin)).rejects.toMatchObject({ reason: 'response' });
  });

  test('to keep the header small is too large', async () => {
    const server = await serveRaw((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`),
    );
    await expect(fetchWith()(server.origin)).rejects.toThrow(FetchTooLargeError);
  });

  test('to be trusted is one of TLS, and nothing is sent', async () => {
    let requests = 0;
    const server = await serveHttps(tlsExample, (_request, response) => {
      requests += 1;
      response.end();
    });
    const hosts = parseHosts(`tls.example=${server.peer}`);
    const failure = fetchWith({ allow: 'tls.example:443', hosts })('https://tls.example/');
    await expect(failure).rejects.toMatchObject({ reason: 'tls', host: 'tls.example' });
    expect(requests).toBe(0);
  });

  test('does not come from a certificate that is trusted, but from one of another name', async () => {
    const usual = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...usual, tlsExample.cert]);
    onTestFinished(() => tls.setDefaultCACertificates(usual));
    const server = await serveHttps(tlsExample, (request, response) => response.end(request.headers.host));
    const hosts = parseHosts(`tls.example=${server.peer},other.example=${server.peer}`);
    const safeFetch = fetchWith({ allow: server.peer, hosts });
    expect((await safeFetch('https://tls.example/')).body.toString()).toBe('tls.example');
    await expect(safeFetch('https://other.example/')).rejects.toMatchObject({ reason: 'tls' });
  });
});
