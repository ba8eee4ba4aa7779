import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config.ts';

export type { Logger } from 'pino';

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
    ? pino(options, pretty({ colorize: true, sync: true, ignore: 'pid,hostname' }))
    : pino(options, output);
}
