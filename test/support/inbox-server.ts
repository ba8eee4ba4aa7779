import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export type Captured = { method: string; target: string; headers: IncomingHttpHeaders; body: Buffer };

/** Servers on loopback that keep what is sent to their inboxes. */
export type InboxServers = {
  /** One for each server: `http://localhost:PORT`. */
  origins: string[];
  captured: Captured[];
  close(): Promise<void>;
};

/**
 * Starts servers that keep all requests.
 * @param answer what each is answered; 202 where absent
 */
export async function startInboxServers(
  count: number,
  answer: (request: Captured) => number = () => 202,
): Promise<InboxServers> {
  const captured: Captured[] = [];
  const servers: Server[] = [];
  for (let number = 0; number < count; number += 1) {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const { method = '', url: target = '', headers } = req;
        const request = { method, target, headers, body: Buffer.concat(chunks) };
        captured.push(request);
        res.writeHead(answer(request)).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
  }
  return {
    origins: servers.map((server) => `http://localhost:${(server.address() as AddressInfo).port}`),
    captured,
    async close() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
