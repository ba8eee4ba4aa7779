/** The same answers taken by Fedify, which verifies them and keeps what is said in memory. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFederation, MemoryKvStore } from '@fedify/fedify';
import { Create, Note, Person } from '@fedify/fedify/vocab';
import { answerParent } from './child.ts';

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const origin = `http://localhost:${port}`;
const said = new Map<string, string>();
const federation = createFederation<void>({ kv: new MemoryKvStore(), origin, allowPrivateAddress: true });

federation
  .setActorDispatcher(
    '/users/{identifier}',
    (ctx, identifier) => new Person({ id: ctx.getActorUri(identifier), preferredUsername: identifier }),
  )
  .setKeyPairsDispatcher(() => []);
federation.setInboxListeners('/users/{identifier}/inbox', '/inbox').on(Create, async (_ctx, create) => {
  const object = await create.getObject();
  if (object instanceof Note && object.id) said.set(object.id.href, String(object.content));
});

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  const headers = new Headers();
  for (let at = 0; at < req.rawHeaders.length; at += 2)
    headers.append(req.rawHeaders[at] ?? '', req.rawHeaders[at + 1] ?? '');
  const request = new Request(new URL(req.url ?? '/', origin), {
    method: 'POST',
    headers,
    body: Buffer.concat(chunks),
  });
  const response = await federation.fetch(request, { contextData: undefined });
  const bytes = Buffer.from(await response.arrayBuffer());
  res.writeHead(response.status, { 'content-length': bytes.length }).end(bytes);
}

server.on('request', (req: IncomingMessage, res: ServerResponse) => {
  answer(req, res).catch((error: unknown) => res.writeHead(500, { 'content-length': 0 }).end(String(error)));
});
answerParent({ listen: () => port });
