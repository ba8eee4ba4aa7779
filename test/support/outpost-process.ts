import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../src/plugin-host/free-port.ts';

const program = path.resolve(import.meta.dirname, '../../bin/outpost.js');

/** The owner of every blog that `startOutpost` sets up. */
export const owner = {
  username: 'alice',
  name: 'Alice Writer',
  email: 'alice@blog.example',
  password: 'correct horse battery',
};

/** A blog in a process of its own, with the command line beside it, as its owner runs it. */
export type OutpostProcess = {
  /** The origin, without a slash at its end. */
  url: string;
  port: number;
  dataFolder: string;
  process: ChildProcess;
  /** Runs a command with `--json` and gives what it printed. @throws with what it wrote to stderr where it fails */
  run(...words: string[]): Promise<unknown>;
  /** Ends it at once, as a crash or the power would; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  /** Everything that it has logged. */
  log(): string;
  /** Ends it and removes its data. */
  close(): Promise<void>;
};

/** Starts a blog as `npm start` does, and sets it up. */
export async function startOutpost(extraEnv: Record<string, string> = {}): Promise<OutpostProcess> {
  const port = await freePort();
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'outpost-test-'));
  const url = `http://localhost:${port}`;
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    PORT: String(port),
    HOST: '127.0.0.1',
    OUTPOST_DATA: dataFolder,
    LOG_LEVEL: 'info',
    OUTPOST_ALLOW_PRIVATE_NETWORK: '1',
    ...extraEnv,
  };
  let log = '';

  async function start(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [program, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk));
    const end = Date.now() + 30_000;
    while (!(await isReady(url))) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`The blog does not start:\n${log}`);
      await delay(10);
    }
    return child;
  }

  const blog: OutpostProcess = {
    url,
    port,
    dataFolder,
    process: await start(),
    run: (...words) => runCommand(words, env),
    kill: () => end(blog.process, 'SIGKILL'),
    async restart() {
      blog.process = await start();
    },
    log: () => log,
    async close() {
      await end(blog.process, 'SIGKILL');
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
  const { username, name, email, password } = owner;
  await blog.run(
    'setup',
    '--title',
    'A test blog',
    '--username',
    username,
    '--name',
    name,
    '--email',
    email,
    '--password',
    password,
  );
  return blog;
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

function runCommand(words: string[], env: Record<string, string | undefined>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [program, ...words, '--json'],
      { env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`outpost ${words.join(' ')}: ${stderr || error.message}`));
        else resolve(JSON.parse(stdout));
      },
    );
    child.stdin?.end();
  });
}
