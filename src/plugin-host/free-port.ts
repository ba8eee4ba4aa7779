import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** For tests: a port that nobody listens on, below those from which the system gives to connections that go out. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + randomInt(20_000);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
