import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../bin/outpost.js');

/** Starts a blog that cannot start; gives its exit code and its last word. */
async function startInVain(env: Record<string, string>): Promise<{ code: unknown; stderr: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'outpost-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, 'serve'],
      { env: { PATH: process.env.PATH, OUTPOST_DATA: folder, LOG_LEVEL: 'silent', ...env }, timeout: 15_000 },
      (error, _stdout, stderr) => resolve({ code: error?.code ?? error?.signal ?? 0, stderr }),
    );
  });
}

test('a start on a taken port ends with one line that names it', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';

  const { code, stderr } = await startInVain({ PORT: port, HOST: '127.0.0.1' });

  expect(code).toBe(1);
  expect(stderr).toBe(`PORT=${port} cannot be used: another program listens there.\n`);
});

test('a start on an address that this machine does not have ends with one line that names it', async () => {
  const { code, stderr } = await startInVain({ PORT: '18080', HOST: '192.0.2.1' });

  expect(code).toBe(1);
  expect(stderr).toBe('HOST=192.0.2.1 cannot be used: it is no address of this machine.\n');
});
