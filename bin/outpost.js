#!/usr/bin/env node
// Outpost runs on the Node that it brings along; whichever Node starts this hands over to that one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const isNewEnough = major > 24 || (major === 24 && minor >= 7);

if (isNewEnough) {
  const { enableCompileCache } = await import('node:module');
  // What was read and compiled once is kept, so that a command starts in a moment.
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/outpost', import.meta.url)));
  const { runCommandLine } = await import('../src/cli.ts');
  await runCommandLine(process.argv);
} else {
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(own)) {
    process.stderr.write(
      `Outpost needs Node 24.7 or newer, and this is ${process.version}. Run npm install in its folder: it brings the right one.\n`,
    );
    process.exit(1);
  }
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    // The fourth ends with this process, however that ends.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}
