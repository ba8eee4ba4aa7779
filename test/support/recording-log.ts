import { type Logger, pino } from 'pino';

/** A log that keeps its lines for the test to look at. */
export function recordingLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { level: 'trace', base: undefined },
    { write: (line) => void lines.push(JSON.parse(line)) },
  );
  return { log, lines };
}
