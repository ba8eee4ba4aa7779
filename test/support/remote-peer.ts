import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { peerCertificate } from './peer-certificate.ts';
import { until } from './until.ts';

/** A JSON document as these tests write it. */
export type Json = Record<string, unknown>;

/** What was posted to an inbox of a peer. */
export type Delivered = {
  url: string;
  type: string;
  activity: Json;
  headers: IncomingMessage['headers'];
  /** The status that it was answered with. */
  status: number;
};

/** How a peer answers what is posted to its inboxes. */
export type InboxAnswer = { status: number; headers?: Record<string, string>; delayMs?: number };

/** Other servers, all on one loopback port, told apart by their names; over https and http alike. */
export type RemoteNetwork = {
  /** What a blog needs in its environment to reach them. */
  env: Record<string, string>;
  /** A server with this name. */
  peer(host: string): Peer;
  close(): Promise<void>;
};

/** Another server: it serves actors and documents, takes what is posted, and sends signed requests. */
export type Peer = {
  host: string;
  origin: string;
  /** Makes somebody with an account there. */
  actor(name: string, options?: ActorOptions): PeerActor;
  /** Serves a document, or bytes, under an address of this server; null takes it away (404), a number is answered as a status. */
  serve(address: string, document: Json | Buffer | number | null, contentType?: string): void;
  /** What its WebFinger answers about a name, where that is not the account alone. */
  serveAccount(name: string, document: Json): void;
  /** What was posted to its inboxes, in order. */
  delivered: Delivered[];
  /** Paths that were asked for with GET. */
  fetched: string[];
  /** Decides what posts are answered with; 202 where nothing was said. */
  answerInbox(answer: (delivered: Omit<Delivered, 'status'>) => InboxAnswer | number): void;
  /** Waits until an activity of this type has come, and gives it. */
  receives(type: string, count?: number): Promise<Delivered>;
};

export type ActorOptions = {
  /** Where the account's id is; the usual place where absent. */
  id?: string;
  type?: string;
  displayName?: string;
  /** Members that the document has besides the usual ones, or instead of them. */
  document?: Json;
  /** The document as this software writes it, made from the usual one. */
  shape?: (usual: Json) => Json;
  /** The key's id; the usual fragment where absent. */
  keyId?: string;
  /** Accounts of the same number have the same key, in every test of a process. */
  keyNumber?: number;
  /** No shared inbox. */
  ownInboxOnly?: boolean;
};

/** Somebody with an account on a peer. */
export type PeerActor = {
  id: string;
  name: string;
  inbox: string;
  keyId: string;
  key: KeyObject;
  document: Json;
  /** Signs an activity and posts it to an inbox of the blog, the shared one where none is named. */
  send(blogUrl: string, activity: Json, options?: SendOptions): Promise<Response>;
};

export type SendOptions = {
  path?: string;
  keyId?: string;
  key?: KeyObject;
  date?: Date;
  contentType?: string;
  /** Leaves the signature out. */
  unsigned?: boolean;
  /** The body as it is sent, where it is not the activity's JSON. */
  body?: string | Buffer;
  /** Changes the headers after they were signed. */
  tamper?: (headers: Record<string, string>) => unknown;
};

const contexts = ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'];
const keyPairs: { publicKey: KeyObject; privateKey: KeyObject }[] = [];
let given = 0;

/** Keys take a while to make, so those of earlier tests are given to the actors of later ones. */
function nextKeyPair(number?: number) {
  const index = (number ?? given) % 8;
  if (number === undefined) given += 1;
  keyPairs[index] ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return keyPairs[index];
}

/**
 * Starts servers with these names; further ones are there as soon as they are asked for where their name is among
 * `hosts`.
 */
export async function startNetwork(hosts: readonly string[]): Promise<RemoteNetwork> {
  trustPeers();
  const peers = new Map<string, ServedPeer>();
  const peerOf = (host: string) => {
    let peer = peers.get(host);
    if (!peer) {
      peer = createPeer(host);
      peers.set(host, peer);
    }
    return peer;
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const peer = peers.get((request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase());
    if (peer) void peer.handle(request, response);
    else response.writeHead(404).end();
  };
  const { port, close } = await listenBothWays(answer);
  return {
    env: {
      OUTPOST_HOSTS: hosts.map((host) => `${host}=127.0.0.1:${port}`).join(','),
      OUTPOST_ALLOW_PRIVATE_NETWORK: '1',
    },
    peer: peerOf,
    close,
  };
}

let trusted = false;

function trustPeers(): void {
  if (trusted) return;
  setDefaultCACertificates([...getCACertificates('default'), peerCertificate.cert]);
  trusted = true;
}

/** One port that speaks TLS to those who begin with it, as a name's port in OUTPOST_HOSTS is one for both schemes. */
async function listenBothWays(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const plain = createHttpServer(handle);
  const secure = createHttpsServer(peerCertificate, handle);
  const sockets = new Set<Socket>();
  const front = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1);
      if (!first) return;
      socket.unshift(first);
      (first[0] === 0x16 ? secure : plain).emit('connection', socket);
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    port: (front.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}

type ServedPeer = Peer & { handle(request: IncomingMessage, response: ServerResponse): Promise<void> };

function createPeer(host: string): ServedPeer {
  const origin = `https://${host}`;
  const served = new Map<string, { document: Json | Buffer | number; contentType: string }>();
  const accounts = new Map<string, string>();
  const accountDocuments = new Map<string, Json>();
  let decide: (delivered: Omit<Delivered, 'status'>) => InboxAnswer | number = () => 202;
  const pathOf = (address: string) => {
    const url = new URL(address);
    return url.pathname + url.search;
  };

  const peer: ServedPeer = {
    host,
    origin,
    delivered: [],
    fetched: [],
    serveAccount: (name, document) => void accountDocuments.set(name, document),
    actor(name, options = {}) {
      const actor = createActor({ host, origin, name, options });
      peer.serve(actor.id, actor.document);
      accounts.set(name.toLowerCase(), actor.id);
      return actor;
    },
    serve(address, document, contentType = 'application/activity+json') {
      if (document === null) served.delete(pathOf(address));
      else served.set(pathOf(address), { document, contentType });
    },
    answerInbox: (answer) => {
      decide = answer;
    },
    async receives(type, count = 1) {
      const found = () => peer.delivered.filter((one) => one.type === type);
      return until(`${host} gets ${count} × ${type}`, () => found()[count - 1]);
    },
    async handle(request, response) {
      const path = request.url ?? '/';
      if (request.method === 'POST') return take(request, response);
      peer.fetched.push(path);
      if (path.startsWith('/.well-known/webfinger')) return answerWebFinger(path, response);
      const found = served.get(path);
      if (!found) return void response.writeHead(404).end();
      if (typeof found.document === 'number') return void response.writeHead(found.document).end();
      const body = Buffer.isBuffer(found.document) ? found.document : JSON.stringify(found.document);
      response.writeHead(200, { 'Content-Type': found.contentType }).end(body);
    },
  };

  function answerWebFinger(path: string, response: ServerResponse): void {
    const resource = new URL(path, origin).searchParams.get('resource') ?? '';
    const name = /^acct:([^@]+)@/.exec(resource)?.[1]?.toLowerCase() ?? '';
    const href = accounts.get(name);
    if (!href && !accountDocuments.has(name)) return void response.writeHead(404).end();
    const links = [{ rel: 'self', type: 'application/activity+json', href }];
    const account = accountDocuments.get(name) ?? { subject: `acct:${name}@${host}`, links };
    response.writeHead(200, { 'Content-Type': 'application/jrd+json' }).end(JSON.stringify(account));
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const activity: Json = JSON.parse(Buffer.concat(chunks).toString());
    const url = `${origin}${request.url}`;
    const one = { url, type: String(activity.type), activity, headers: request.headers };
    const decided = decide(one);
    const { status, headers = {}, delayMs = 0 } = typeof decided === 'number' ? { status: decided } : decided;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    peer.delivered.push({ ...one, status });
    response.writeHead(status, headers).end();
  }
  return peer;
}

function createActor(from: { host: string; origin: string; name: string; options: ActorOptions }): PeerActor {
  const { origin, name, options } = from;
  const id = options.id ?? `${origin}/users/${name}`;
  const { publicKey, privateKey } = nextKeyPair(options.keyNumber);
  const keyId = options.keyId ?? `${id}#main-key`;
  const inbox = `${id.replace(/\/$/, '')}/inbox`;
  const usual: Json = {
    '@context': contexts,
    id,
    type: options.type ?? 'Person',
    preferredUsername: name,
    name: options.displayName ?? name[0]?.toUpperCase() + name.slice(1),
    summary: '<p>Reads blogs.</p>',
    url: `${origin}/@${name}`,
    inbox,
    outbox: `${id}/outbox`,
    followers: `${id}/followers`,
    ...(options.ownInboxOnly !== true && { endpoints: { sharedInbox: `${origin}/inbox` } }),
    publicKey: { id: keyId, owner: id, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) },
    ...options.document,
  };
  const document = options.shape?.(usual) ?? usual;
  return {
    id,
    name,
    inbox,
    keyId,
    key: privateKey,
    document,
    send: (blogUrl, activity, sending = {}) =>
      post(blogUrl, activity, { keyId, key: privateKey, ...sending }),
  };
}

async function post(
  blogUrl: string,
  activity: Json,
  options: SendOptions & { keyId: string; key: KeyObject },
): Promise<Response> {
  const url = new URL(options.path ?? '/ap/inbox', blogUrl);
  const body = options.body ?? JSON.stringify(activity);
  const headers: Record<string, string> = {
    Date: (options.date ?? new Date()).toUTCString(),
    Digest: `SHA-256=${createHash('sha256').update(body).digest('base64')}`,
    'Content-Type': options.contentType ?? 'application/activity+json',
  };
  if (!options.unsigned) headers.Signature = cavage(url, headers, options);
  options.tamper?.(headers);
  return fetch(url, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
}

/** Signs as others do, on purpose without any code of ours. */
function cavage(
  url: URL,
  headers: Record<string, string>,
  { keyId, key }: { keyId: string; key: KeyObject },
): string {
  const text = [
    `(request-target): post ${url.pathname}${url.search}`,
    `host: ${url.host}`,
    `date: ${headers.Date}`,
    `digest: ${headers.Digest}`,
  ].join('\n');
  const signature = sign('sha256', Buffer.from(text), key).toString('base64');
  return `keyId="${keyId}",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${signature}"`;
}
