/** The least that an inbox does: read, check the digest, verify the signature with a key that is known, answer. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './child.ts';

const known = new Map<string, KeyObject>();

function check(req: IncomingMessage, body: Buffer, res: ServerResponse): void {
  const { host, date, digest, signature: field } = req.headers;
  const fields = Object.fromEntries(
    [...String(field).matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const key = known.get(fields.keyId ?? '');
  const fits = digest === `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
  if (!key || !fits) {
    res.writeHead(401).end();
    return;
  }
  JSON.parse(body.toString());
  const text = `(request-target): post ${req.url}\nhost: ${host}\ndate: ${date}\ndigest: ${digest}`;
  const signature = Buffer.from(fields.signature ?? '', 'base64');
  verify('sha256', Buffer.from(text), key, signature, (error, isValid) =>
    res.writeHead(error || !isValid ? 401 : 202, { 'content-length': 0 }).end(),
  );
}

const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => check(req, Buffer.concat(chunks), res));
});

answerParent({
  async listen({ keys }: { keys: { keyId: string; publicPem: string }[] }) {
    for (const { keyId, publicPem } of keys) known.set(keyId, createPublicKey(publicPem));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  },
});
