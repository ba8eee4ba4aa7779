import { describe, expect, test, vi } from 'vitest';
import { FetchFailedError, FetchRefusedError } from '../../src/net/fetch-errors.ts';
import { parseHosts } from '../../src/net/hosts.ts';
import { fetchWith } from './fetch-with.ts';
import { readText, serveHttp } from './loopback.ts';

describe('an address that is not allowed', () => {
  test.each(['', 'other.example:81', '127.0.0.1:1'])(
    'is never connected to with the allowance "%s"',
    async (allow) => {
      const server = await serveHttp((_request, response) => response.end());
      const safeFetch = fetchWith({ allow, resolve: async () => ['127.0.0.1'] });
      const targets = [
        server.origin,
        `http://localhost:${server.port}`,
        `http://[::ffff:127.0.0.1]:${server.port}`,
      ];
      for (const url of [
        ...targets,
        `https://name.example:${server.port}`,
        `http://2130706433:${server.port}`,
      ]) {
        const failure = safeFetch(url);
        await expect(failure).rejects.toThrow(FetchRefusedError);
        await expect(failure).rejects.toThrow('OUTPOST_ALLOW_PRIVATE_NETWORK');
      }
      expect(server.connections).toBe(0);
    },
  );

  test('is never connected to when a name leads there, on a port where another peer is allowed', async () => {
    const server = await serveHttp((_request, response) => response.end());
    const resolve = vi.fn(async () => ['127.0.0.1']);
    const safeFetch = fetchWith({ allow: `other.example:${server.port}`, resolve });
    const failure = safeFetch(`http://name.example:${server.port}`);
    await expect(failure).rejects.toThrow(FetchRefusedError);
    await expect(failure).rejects.toMatchObject({ host: 'name.example', code: 'fetch.refused' });
    expect(resolve).toHaveBeenCalledOnce();
    expect(server.connections).toBe(0);
  });

  test('is left out when a name leads to an allowed one too', async () => {
    const allowed = await serveHttp((_request, response) => response.end('allowed'));
    const refused = await serveHttp(
      (_request, response) => response.end('refused'),
      '127.0.0.2',
      allowed.port,
    );
    const safeFetch = fetchWith({
      allow: allowed.peer,
      resolve: async () => ['127.0.0.2', '127.0.0.1', '127.0.0.3'],
    });
    expect((await safeFetch(`http://mixed.example:${allowed.port}`)).body.toString()).toBe('allowed');
    expect(refused.connections).toBe(0);
  });

  test('is not reached by a name whose answer changes: what was checked is what is dialled', async () => {
    const allowed = await serveHttp((_request, response) =>
      response.setHeader('connection', 'close').end('allowed'),
    );
    const refused = await serveHttp(
      (_request, response) => response.end('refused'),
      '127.0.0.2',
      allowed.port,
    );
    const resolve = vi.fn().mockResolvedValueOnce(['127.0.0.1']).mockResolvedValue(['127.0.0.2']);
    const safeFetch = fetchWith({ allow: allowed.peer, resolve });
    const url = `http://rebind.example:${allowed.port}`;
    expect((await safeFetch(url)).body.toString()).toBe('allowed');
    expect(resolve).toHaveBeenCalledTimes(1);
    await expect(safeFetch(url)).rejects.toThrow(FetchRefusedError);
    expect(refused.connections).toBe(0);
  });

  test.each([301, 302, 303, 307, 308])(
    'is not reached by a redirect with %i, nor in the second hop',
    async (status) => {
      const inner = await serveHttp((_request, response) => response.end('secret'));
      const outer = await serveHttp((request, response) => {
        const location = request.url === '/first' ? '/second' : `${inner.origin}/`;
        response.writeHead(status, { location }).end();
      });
      const safeFetch = fetchWith({ allow: outer.peer });
      const sign = async () => ({ signature: 's' });
      await expect(safeFetch(`${outer.origin}/second`)).rejects.toThrow(FetchRefusedError);
      await expect(safeFetch(`${outer.origin}/first`, { sign })).rejects.toThrow(FetchRefusedError);
      expect(inner.connections).toBe(0);
    },
  );

  test('in the table of names needs to be allowed like any other', async () => {
    const server = await serveHttp((request, response) => response.end(request.headers.host));
    const hosts = parseHosts(`good.example=${server.peer}`);
    await expect(fetchWith({ allow: '', hosts })('https://good.example/')).rejects.toThrow(FetchRefusedError);
    expect(server.connections).toBe(0);
    const answer = await fetchWith({ allow: server.peer, hosts })('http://good.example/');
    expect(answer.body.toString()).toBe('good.example');
  });
});

describe('a redirect', () => {
  test('is followed three times and not a fourth', async () => {
    const server = await serveHttp((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(302, { location: `/${left - 1}` }).end('elsewhere');
    });
    const answer = await fetchWith()(`${server.origin}/3`);
    expect(answer).toMatchObject({ status: 200, url: `${server.origin}/0` });
    await expect(fetchWith()(`${server.origin}/4`)).rejects.toMatchObject({ reason: 'redirects' });
    await expect(fetchWith()(`${server.origin}/1`, { maxRedirects: 0 })).rejects.toThrow(FetchFailedError);
  });

  test('in a loop ends', async () => {
    let hits = 0;
    const server = await serveHttp((request, response) => {
      hits += 1;
      response.writeHead(307, { location: request.url === '/a' ? '/b' : '/a' }).end();
    });
    await expect(fetchWith()(`${server.origin}/a`)).rejects.toMatchObject({ reason: 'redirects' });
    expect(hits).toBe(4);
  });

  test('off the origin is an error for who must not leave it, and returned to who follows none', async () => {
    const other = await serveHttp((_request, response) => response.end());
    const server = await serveHttp((_request, response) =>
      response.writeHead(302, { location: other.origin }).end(),
    );
    await expect(fetchWith()(server.origin, { redirects: 'same-origin' })).rejects.toThrow(FetchRefusedError);
    expect((await fetchWith()(server.origin, { redirects: 'none' })).status).toBe(302);
    expect(other.connections).toBe(0);
  });

  test('to another origin takes no personal header along', async () => {
    const other = await serveHttp((request, response) => response.end(JSON.stringify(request.headers)));
    const server = await serveHttp((_request, response) =>
      response.writeHead(302, { location: other.origin }).end(),
    );
    const headers = { Authorization: 'Bearer x', Cookie: 'a=b', Signature: 's', Accept: 'text/plain' };
    const seen: unknown = JSON.parse((await fetchWith()(server.origin, { headers })).body.toString());
    expect(seen).toMatchObject({ accept: 'text/plain' });
    for (const name of ['authorization', 'cookie', 'signature']) expect(seen).not.toHaveProperty(name);
  });

  test.each(['ftp://127.0.0.1/', 'https://user:pass@127.0.0.1/', 'javascript:1'])(
    'to %s is refused',
    async (location) => {
      const server = await serveHttp((_request, response) => response.writeHead(302, { location }).end());
      await expect(fetchWith()(server.origin)).rejects.toThrow(FetchRefusedError);
    },
  );

  test('to what is no URL is a failure, and one that leads nowhere is an answer', async () => {
    const broken = await serveHttp((_request, response) =>
      response.writeHead(302, { location: 'http://[' }).end(),
    );
    await expect(fetchWith()(broken.origin)).rejects.toMatchObject({ reason: 'redirects' });
    const silent = await serveHttp((_request, response) => response.writeHead(302).end('see other'));
    expect((await fetchWith()(silent.origin)).body.toString()).toBe('see other');
  });

  test.each([301, 302, 303, 307, 308])('with %i does not take a POST to another origin', async (status) => {
    const other = await serveHttp((_request, response) => response.end());
    const server = await serveHttp((_request, response) =>
      response.writeHead(status, { location: other.origin }).end(),
    );
    for (const maxRedirects of [undefined, 3]) {
      const answer = await fetchWith()(server.origin, {
        method: 'POST',
        body: 'x',
        discardBody: true,
        maxRedirects,
      });
      expect(answer.status).toBe(status);
    }
    expect(other.connections).toBe(0);
  });

  test('takes a POST once to its own origin where asked, with body and a new signature', async () => {
    const seen: string[] = [];
    const server = await serveHttp(async (request, response) => {
      seen.push(`${request.url} ${request.headers.signature} ${await readText(request)}`);
      response
        .writeHead(request.url === '/c' ? 202 : 308, { location: request.url === '/a' ? '/b' : '/c' })
        .end();
    });
    const sign = async ({ url }: { url: URL }) => ({ signature: url.pathname });
    const post = { method: 'POST', body: 'x', sign } as const;
    expect((await fetchWith()(`${server.origin}/b`, { ...post, maxRedirects: 1 })).status).toBe(202);
    expect((await fetchWith()(`${server.origin}/a`, { ...post, maxRedirects: 3 })).status).toBe(308);
    expect((await fetchWith()(`${server.origin}/b`, post)).status).toBe(308);
    expect(seen).toEqual(['/b /b x', '/c /c x', '/a /a x', '/b /b x', '/b /b x']);
  });
});
