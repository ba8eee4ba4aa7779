import { describe, expect, test, vi } from 'vitest';
import { FetchTimeoutError } from '../../src/net/fetch-errors.ts';
import { parseHosts } from '../../src/net/hosts.ts';
import { fetchWith } from './fetch-with.ts';
import { serveHttp, serveRaw } from './loopback.ts';

describe('connections', () => {
  test('to one origin are sixteen at the most', async () => {
    const server = await serveHttp((_request, response) => setImmediate(() => response.end()));
    const safeFetch = fetchWith();
    await Promise.all(Array.from({ length: 100 }, () => safeFetch(server.origin)));
    expect(server.connections).toBeLessThanOrEqual(16);
  });

  test('are kept for 512 origins and closed for those that were not used for longest', async () => {
    const server = await serveHttp((_request, response) => response.end());
    const names = Array.from({ length: 700 }, (_, index) => `host${index}.example`);
    const safeFetch = fetchWith({
      hosts: parseHosts(names.map((name) => `${name}=${server.peer}`).join(',')),
    });
    for (const name of names) await safeFetch(`http://${name}/`, { method: 'POST', discardBody: true });
    expect(server.connections).toBe(700);
    await vi.waitFor(() => expect(server.open.size).toBe(512));
  });

  test('that are idle are closed whatever the server offers, and those not accepted given up, in five seconds', async () => {
    const server = await serveHttp((_request, response) =>
      response.setHeader('keep-alive', 'timeout=600').end(),
    );
    const polite = await serveHttp((_request, response) =>
      response.setHeader('keep-alive', 'timeout=3').end(),
    );
    const safeFetch = fetchWith({ resolve: () => new Promise(() => undefined) });
    const unaccepted = expect(safeFetch('https://slow.example/')).rejects.toThrow(FetchTimeoutError);
    await Promise.all([safeFetch(server.origin), safeFetch(polite.origin)]);
    await vi.waitFor(() => expect(polite.open.size).toBe(0), { timeout: 2_500 });
    await vi.waitFor(() => expect(server.open.size).toBe(0), { timeout: 9_000, interval: 100 });
    await unaccepted;
  });

  test('are cut when the fetch is closed, and none are opened after', async () => {
    const server = await serveRaw(() => undefined);
    const safeFetch = fetchWith();
    const running = safeFetch(server.origin);
    await Promise.all([
      expect(running).rejects.toMatchObject({ reason: 'closed' }),
      vi.waitFor(() => expect(server.connections).toBe(1)).then(() => safeFetch.close()),
    ]);
    await vi.waitFor(() => expect(server.open.size).toBe(0));
    await expect(safeFetch(server.origin)).rejects.toMatchObject({ reason: 'closed' });
    expect(server.connections).toBe(1);
  });
});
