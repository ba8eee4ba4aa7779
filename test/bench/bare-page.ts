/** node:http that answers everything with the same ready bytes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './child.ts';

answerParent({
  async listen({ headers, body }: { headers: [string, string][]; body: string }) {
    const bytes = Buffer.from(body);
    const fields = Object.fromEntries(headers);
    const server = createServer((_req, res) => res.writeHead(200, fields).end(bytes));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  },
});
