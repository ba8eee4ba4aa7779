import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Json } from '../support/remote-peer.ts';

/** One request that reached a peer. */
export type Hit = { method: string; path: string; headers: IncomingHttpHeaders };

/** Another server that does as it is told, good or bad. Each is an origin of its own on loopback. */
export type WildPeer = {
  origin: string;
  /** `127.0.0.1:PORT`. */
  host: string;
  hits: Hit[];
  /** Answers a path with a document, or in whatever way. */
  on(path: string, answer: Json | ((response: ServerResponse, hit: Hit) => void), contentType?: string): void;
  /** Somebody with an account there, whose document is served at its id. */
  actor(name: string, change?: Json): WildActor;
  close(): Promise<void>;
};

/** Somebody who can sign. */
export type WildActor = { id: string; keyId: string; key: KeyObject; document: Json };

const pairs: { publicKey: KeyObject; privateKey: KeyObject }[] = [];
let made = 0;

/** Keys take a while to make: eight are enough for a file, and two actors made one after the other never share one. */
function nextPair() {
  const index = made++ % 8;
  pairs[index] ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return pairs[index];
}

/** Starts a peer; close it at the end. Paths that nobody spoke of are 404. */
export async function startWildPeer(): Promise<WildPeer> {
  const answers = new Map<string, (response: ServerResponse, hit: Hit) => void>();
  const sockets = new Set<Socket>();
  const hits: Hit[] = [];
  const server = createServer((request, response) => {
    const hit = { method: request.method ?? '', path: request.url ?? '/', headers: request.headers };
    hits.push(hit);
    request.resume();
    const answer = answers.get(hit.path);
    if (answer) answer(response, hit);
    else response.writeHead(hit.method === 'POST' ? 202 : 404).end();
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${host}`;
  const peer: WildPeer = {
    origin,
    host,
    hits,
    on(path, answer, contentType = 'application/activity+json') {
      if (typeof answer === 'function') answers.set(path, answer);
      else
        answers.set(path, (response) =>
          response.writeHead(200, { 'Content-Type': contentType }).end(JSON.stringify(answer)),
        );
    },
    actor(name, change = {}) {
      const actor = makeActor(origin, name, change);
      peer.on(new URL(actor.id).pathname, actor.document);
      return actor;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return peer;
}

function makeActor(origin: string, name: string, change: Json): WildActor {
  const id = `${origin}/users/${name}`;
  const keyId = `${id}#main-key`;
  const { publicKey, privateKey } = nextPair();
  const document = {
    '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
    id,
    type: 'Person',
    preferredUsername: name,
    name: `${name} of elsewhere`,
    inbox: `${id}/inbox`,
    publicKey: { id: keyId, owner: id, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) },
    ...change,
  };
  return { id, keyId, key: privateKey, document };
}
