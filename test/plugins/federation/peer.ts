import { generateKeyPairSync } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { serveHttp } from '../../net/loopback.ts';

/** What a scripted server answers under a path. */
type Page = {
  status?: number;
  type?: string;
  json?: unknown;
  headers?: Record<string, string>;
  /** Answers itself instead. */
  answer?: (response: ServerResponse, headers: IncomingHttpHeaders) => void;
};

/** Another server on loopback that says what it is told to say, and remembers what it was asked. */
export type Peer = {
  origin: string;
  host: string;
  /** Paths in the order in which they were asked for. */
  asked: string[];
  requests: { path: string; headers: IncomingHttpHeaders; rawHeaders: string[] }[];
  serve(path: string, page: Page): void;
  /** An actor at `/users/NAME`, with WebFinger; gives the document, which may be changed before it is asked for. */
  serveActor(name: string, change?: Record<string, unknown>): Record<string, unknown> & { id: string };
  /** How often a path was asked for. */
  count(path: string): number;
};

/** Makes a key pair; one for a whole file is enough. */
export function makeKeys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

const { publicKey: defaultPem } = makeKeys();

/** Starts a scripted server that stops with the test. */
export async function startPeer(): Promise<Peer> {
  const pages = new Map<string, Page>();
  const requests: Peer['requests'] = [];
  const { origin, peer: host } = await serveHttp((request, response) => {
    const path = request.url ?? '/';
    requests.push({ path, headers: request.headers, rawHeaders: request.rawHeaders });
    const page = pages.get(path);
    if (!page) {
      response.writeHead(404).end();
      return;
    }
    if (page.answer) {
      page.answer(response, request.headers);
      return;
    }
    const type = page.type ?? 'application/activity+json';
    response.writeHead(page.status ?? 200, { 'content-type': type, ...page.headers });
    response.end(page.json === undefined ? undefined : JSON.stringify(page.json));
  });
  const peer: Peer = {
    origin,
    host,
    requests,
    get asked() {
      return requests.map(({ path }) => path);
    },
    serve: (path, page) => void pages.set(path, page),
    serveActor(name, change = {}) {
      const id = `${origin}/users/${name}`;
      const actor = {
        '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
        id,
        type: 'Person',
        preferredUsername: name,
        name: `${name} of elsewhere`,
        inbox: `${id}/inbox`,
        endpoints: { sharedInbox: `${origin}/inbox` },
        publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem: defaultPem },
        ...change,
      };
      pages.set(`/users/${name}`, { json: actor });
      const subject = `acct:${name}@${host}`;
      pages.set(`/.well-known/webfinger?resource=${encodeURIComponent(subject)}`, {
        type: 'application/jrd+json',
        json: { subject, links: [{ rel: 'self', type: 'application/activity+json', href: id }] },
      });
      return actor;
    },
    count: (path) => peer.asked.filter((one) => one === path).length,
  };
  return peer;
}
