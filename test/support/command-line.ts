import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const program = path.resolve(import.meta.dirname, '../../bin/outpost.js');
const commandLine = path.resolve(import.meta.dirname, '../../src/cli.ts');

/** What a command left behind. */
export type Ran = { code: number | null; stdout: string; stderr: string };

/**
 * Runs the command line as its own process and waits for its end.
 * @param options `input` is what it gets on standard input, which is closed after it
 */
export function runOutpost(
  words: readonly string[],
  { env, input = '' }: { env: Readonly<Record<string, string>>; input?: string },
): Promise<Ran> {
  return spawnToEnd([program, ...words], { env, input });
}

function spawnToEnd(
  words: readonly string[],
  { env, input }: { env: Readonly<Record<string, string>>; input: string },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env },
    });
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ran.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ran.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ran, code }));
    child.stdin.end(input);
  });
}

/** A process that runs one command after the other, which spares the start of each. */
export type CommandSession = { run(words: readonly string[]): Promise<Ran>; end(): void };

const loop = `
  import { runCommandLine } from ${JSON.stringify(pathToFileURL(commandLine).href)};
  process.on('message', async (words) => {
    const ran = { code: 0, stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) process[name].write = (text) => { ran[name] += text; return true; };
    process.exitCode = 0;
    await runCommandLine(['node', 'outpost', ...words]);
    process.send({ ...ran, code: process.exitCode });
  });`;

/** Begins a session; end it after the last command. */
export function openCommandLine({ env }: { env: Readonly<Record<string, string>> }): CommandSession {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', loop], {
    env: { PATH, NODE_COMPILE_CACHE, NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let turn: Promise<unknown> = Promise.resolve();
  return {
    run(words) {
      const ran = turn.then(
        () =>
          new Promise<Ran>((resolve, reject) => {
            const died = () => reject(new Error(`outpost ${words.join(' ')} ended the session`));
            child.once('exit', died);
            child.once('message', (message) => {
              child.off('exit', died);
              resolve(message as Ran);
            });
            child.send([...words]);
          }),
      );
      turn = ran.catch(() => null);
      return ran;
    },
    end: () => void child.kill(),
  };
}
