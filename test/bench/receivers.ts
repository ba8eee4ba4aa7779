/**
 * The other servers: many hosts, each a port of its own, that take whatever comes to their inboxes and count it, and
 * that serve their actors to who asks for keys.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './child.ts';

type Actor = { path: string; publicPem: string };

const servers: Server[] = [];
const actors = new Map<string, string>();
let arrived = new Set<string>();
let copies = 0;
let lastAt = 0;
let goal = Number.POSITIVE_INFINITY;
let reached: (() => void) | null = null;
let sample = '';

function take(req: IncomingMessage, res: ServerResponse): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    res.writeHead(202).end();
    if (sample === '') sample = Buffer.concat(chunks).toString();
    lastAt = Date.now();
    const inbox = `${req.headers.host}${req.url}`;
    if (arrived.has(inbox)) copies += 1;
    else arrived.add(inbox);
    if (arrived.size >= goal) reached?.();
  });
}

function serve(req: IncomingMessage, res: ServerResponse): void {
  const host = req.headers.host ?? '';
  const url = new URL(req.url ?? '/', `http://${host}`);
  const name = /^acct:([\w-]+)@/.exec(url.searchParams.get('resource') ?? '')?.[1];
  const id = name ? `http://${host}/users/${name}` : `http://${host}${url.pathname}`;
  const pem = actors.get(id);
  if (pem === undefined) res.writeHead(404).end();
  else if (name) {
    const links = [{ rel: 'self', type: 'application/activity+json', href: id }];
    res
      .writeHead(200, { 'content-type': 'application/jrd+json' })
      .end(JSON.stringify({ subject: `acct:${name}@${host}`, links }));
  } else {
    const preferredUsername = url.pathname.split('/').at(-1);
    const publicKey = { id: `${id}#main-key`, owner: id, publicKeyPem: pem };
    const actor = {
      '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
      id,
      type: 'Person',
      preferredUsername,
      name: `Reader ${preferredUsername}`,
      inbox: `${id}/inbox`,
      publicKey,
    };
    res.writeHead(200, { 'content-type': 'application/activity+json' }).end(JSON.stringify(actor));
  }
}

answerParent({
  /** Opens hosts and gives their origins. */
  async open({ hosts }: { hosts: number }) {
    for (let n = 0; n < hosts; n += 1) {
      const server = createServer({ keepAliveTimeout: 120_000 }, (req, res) =>
        req.method === 'POST' ? take(req, res) : serve(req, res),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
      servers.push(server);
    }
    return servers.map((server) => `http://localhost:${(server.address() as AddressInfo).port}`);
  },
  addActors({ list }: { list: readonly (Actor & { origin: string })[] }) {
    for (const { origin, path, publicPem } of list) actors.set(`${origin}${path}`, publicPem);
  },
  /** Begins to count anew. */
  expect({ inboxes }: { inboxes: number }) {
    [arrived, copies, goal, sample] = [new Set(), 0, inboxes, ''];
  },
  /** Resolves when as many inboxes as expected have got something: when the last one did, and how many copies came. */
  async finish() {
    if (arrived.size < goal) await new Promise<void>((resolve) => (reached = resolve));
    reached = null;
    return { lastAt, copies, sample };
  },
});
