import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../src/plugin-host/free-port.ts';
import { type Ran, runOutpost } from '../support/command-line.ts';
import { until } from '../support/until.ts';

const program = path.resolve(import.meta.dirname, '../../bin/outpost.js');

type Started = { child: ChildProcess; log(): string; dataFolder: string; ended: Promise<number | null> };

/** Starts the server without waiting for it, on a data folder that is removed when the test ends. */
export function beginServer(env: Readonly<Record<string, string>>): Started {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return start({ OUTPOST_DATA: path.join(folder, 'data'), ...env });
}

function start(env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [program, 'serve'], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text += String(chunk);
    });
  const ended = once(child, 'close').then(() => child.exitCode);
  return { child, log: () => text, dataFolder: env.OUTPOST_DATA ?? '', ended };
}

/** A server that runs. */
export type Server = {
  url: string;
  dataFolder: string;
  process(): ChildProcess;
  /** What all of its processes have said so far. */
  log(): string;
  run(...words: string[]): Promise<Ran>;
  /** Sets the blog up on the command line. */
  setUp(): Promise<void>;
  /** Sends a signal and waits for the end; gives the exit code and how long it took. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; tookMs: number }>;
  /** Starts again on the same data, after the end where it still runs; gives how long it took until it was ready. */
  restart(): Promise<number>;
};

/** Starts a server and waits until it is ready; it is ended and removed when the test ends. */
export async function openServer(env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const all = { OUTPOST_DATA: path.join(folder, 'data'), PORT: String(port), ...env };
  let before = '';
  let running = start(all);

  const ready = () =>
    until(
      'the server is ready',
      async () => {
        if (running.child.exitCode !== null) throw new Error(running.log());
        // Nobody listens at first; the link, where there is one, comes last.
        const answer = await fetch(`${url}/readyz`).catch(() => null);
        return answer?.ok && (/^Set up/m.test(running.log()) || (await fetch(url)).status === 200);
      },
      20_000,
    );
  await ready();

  const server: Server = {
    url,
    dataFolder: all.OUTPOST_DATA,
    process: () => running.child,
    log: () => before + running.log(),
    run: (...words) => runOutpost(words, { env: all }),
    async setUp() {
      const words = ['--title', 'A blog', '--username', 'marit', '--email', 'marit@mail.example'];
      const { code, stderr } = await server.run('setup', ...words, '--password', 'long enough');
      if (code !== 0) throw new Error(stderr);
    },
    async end(signal) {
      const began = performance.now();
      running.child.kill(signal);
      const code = await running.ended;
      return { code, tookMs: performance.now() - began };
    },
    async restart() {
      if (running.child.exitCode === null && running.child.signalCode === null) await server.end('SIGTERM');
      before += running.log();
      const began = performance.now();
      running = start(all);
      await ready();
      return performance.now() - began;
    },
  };
  return server;
}
