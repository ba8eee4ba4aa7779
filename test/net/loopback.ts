import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server on loopback that counts what reaches it; it closes with the test. */
export type Loopback = { port: number; origin: string; peer: string; connections: number; open: Set<Socket> };

/** Serves HTTP on 127.0.0.1 or another address of this machine. */
export function serveHttp(handler: RequestListener, address = '127.0.0.1', port = 0): Promise<Loopback> {
  // Only the client decides here when an idle connection ends.
  return listen(createServer({ keepAliveTimeout: 0 }, handler), address, port);
}

/** Serves HTTPS with a certificate that nobody trusts unless told. */
export function serveHttps(
  identity: { key: string; cert: string },
  handler: RequestListener,
): Promise<Loopback> {
  return listen(createTlsServer(identity, handler), '127.0.0.1', 0);
}

/** Hands over bare connections, for answers that no HTTP server would give. Each gets its whole request header first. */
export function serveRaw(onRequest: (socket: Socket, request: string) => void): Promise<Loopback> {
  const server = createTcpServer((socket) => {
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!received.includes('\r\n\r\n')) return;
      onRequest(socket, received);
      received = '';
    });
  });
  return listen(server, '127.0.0.1', 0);
}

/** The whole body of a request, as text. */
export async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function listen(server: Server, address: string, wanted: number): Promise<Loopback> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const loopback: Loopback = {
    port,
    origin: `http://${address}:${port}`,
    peer: `${address}:${port}`,
    connections: 0,
    open: new Set(),
  };
  server.on('connection', (socket: Socket) => {
    loopback.connections += 1;
    loopback.open.add(socket);
    // A peer that is cut off is what several tests are about.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => loopback.open.delete(socket));
  });
  onTestFinished(async () => {
    for (const socket of loopback.open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return loopback;
}
