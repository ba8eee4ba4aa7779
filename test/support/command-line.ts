import { spawn } from 'node:child_process';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, '../../bin/outpost.js');

/** What a command left behind. */
export type Ran = { code: number | null; stdout: string; stderr: string };

/**
 * Runs the command line as its own process and waits for its end.
 * @param options `input` is what it gets on standard input, which is closed after it
 */
export function runOutpost(
  words: readonly string[],
  { env, input = '', cwd }: { env: Readonly<Record<string, string>>; input?: string; cwd?: string },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], {
      env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env },
      ...(cwd && { cwd }),
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
