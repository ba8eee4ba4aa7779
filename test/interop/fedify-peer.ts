/**
 * A small server of another make, in a process of its own: people who read, answer and follow, made with Fedify. Tests
 * tell it what to do at `POST /control/…`. It says on stdout where it listens.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createPeople, type Order } from './fedify-people.ts';

// Fedify asks a handle's host over https only; a peer on loopback has no certificate.
const fetchOverTheNet = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const address = new URL(input instanceof Request ? input.url : String(input));
  if (address.protocol !== 'https:' || address.hostname !== 'localhost') return fetchOverTheNet(input, init);
  address.protocol = 'http:';
  return fetchOverTheNet(input instanceof Request ? new Request(address, input) : address, init);
};

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('The peer has no port.');
const origin = `http://localhost:${address.port}`;
const people = createPeople(origin);

async function control(req: IncomingMessage, res: ServerResponse, body: string): Promise<void> {
  const order: Order = JSON.parse(body || '{}');
  try {
    const result = await people.tell(req.url?.slice('/control/'.length) ?? '', order);
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? null));
  } catch (error) {
    const text = error instanceof Error ? error.stack : String(error);
    res.writeHead(500, { 'content-type': 'text/plain' }).end(text);
  }
}

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const target = req.url ?? '/';
  if (target.startsWith('/control/')) return control(req, res, body.toString());
  const headers = new Headers();
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    headers.append(req.rawHeaders[at] ?? '', req.rawHeaders[at + 1] ?? '');
  }
  const asked = new Request(new URL(target, origin), {
    method: req.method,
    headers,
    ...(body.length > 0 && { body }),
  });
  const response = await people.answer(asked, body.toString());
  const bytes = Buffer.from(await response.arrayBuffer());
  res.writeHead(response.status, Object.fromEntries(response.headers)).end(bytes);
}

server.on('request', (req: IncomingMessage, res: ServerResponse) => {
  answer(req, res).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    if (!res.headersSent) res.writeHead(500);
    res.end();
  });
});
// Ends with the test that started it, however that ends.
process.stdin.resume().on('end', () => process.exit(0));
process.stdout.write(`${JSON.stringify({ origin })}\n`);
