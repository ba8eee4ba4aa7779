import { createRequire } from 'node:module';
import { type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';

export type { Logger } from 'pino';

/** Read only where a person looks on: it is as large as the rest of the logger. */
function loadPretty(): typeof import('pino-pretty') {
  return createRequire(import.meta.url)('pino-pretty');
}

/** A logger that writes JSON lines, or lines for people where a terminal reads them. Secrets never reach it: known names are struck out. */
export function createLog(level: LogLevel, output: NodeJS.WriteStream = process.stdout): Logger {
  const options = {
    level,
    base: undefined,
    redact: [
      'password',
      'token',
      'cookie',
      'authorization',
      '*.password',
      '*.token',
      '*.cookie',
      '*.authorization',
      '*.privateKey',
    ],
  };
  return output.isTTY
    ? pino(options, loadPretty()({ colorize: true, sync: true, ignore: 'pid,hostname' }))
    : pino(options, output);
}
