import { FetchFailedError, FetchRefusedError, FetchTimeoutError } from 'outpost/plugin';

/** What an attempt to deliver has come to. */
export type DeliveryOutcome =
  | { kind: 'delivered'; status: number }
  /** `toldMs` is how long the server asked to be left alone; `unreachable` speaks of the server, not of this message. */
  | { kind: 'retry'; status: number | null; reason: string; toldMs: number | null; unreachable: boolean }
  /** The inbox says that it is gone for good. */
  | { kind: 'gone'; status: 410; reason: string }
  | { kind: 'refused'; status: number | null; reason: string }
  /** We stopped, not they: as if it had not been tried. */
  | { kind: 'interrupted' };

/** Passing states; 401 among them, because a server that could not fetch our key just now says so. */
const passing: ReadonlySet<number> = new Set([401, 408, 425, 429]);

/**
 * What an answer to a delivery means.
 * @param retryAfter the header field as it came
 */
export function outcomeOfAnswer(status: number, retryAfter: string | undefined, now: Date): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const reason = `The server answered ${status}.`;
  if (status === 410) return { kind: 'gone', status, reason };
  const comesAgain = passing.has(status) || status >= 500 || (status >= 300 && status < 400);
  if (!comesAgain) return { kind: 'refused', status, reason };
  const told = status === 429 || status === 503 ? retryAfterMs(retryAfter, now) : null;
  return { kind: 'retry', status, reason, toldMs: told, unreachable: false };
}

/** What it means that no answer came. */
export function outcomeOfError(error: unknown): DeliveryOutcome {
  if (error instanceof FetchFailedError && (error.reason === 'aborted' || error.reason === 'closed')) {
    return { kind: 'interrupted' };
  }
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof FetchRefusedError) return { kind: 'refused', status: null, reason };
  const unreachable =
    error instanceof FetchTimeoutError ||
    (error instanceof FetchFailedError && ['dns', 'connect', 'tls'].includes(error.reason));
  return { kind: 'retry', status: null, reason, toldMs: null, unreachable };
}

/** Answers that a receiver gives who cannot read the kind of signature; Threads says 404. */
export function maySignOtherwise(status: number, host: string): boolean {
  if (status === 400 || status === 401 || status === 403) return true;
  return status === 404 && /(?:^|\.)threads\.(?:net|com)$/.test(host);
}

/**
 * The waiting time in a `Retry-After` header in milliseconds: seconds or a date; null for what is neither, or is past.
 * Source: RFC 9110 section 10.2.3
 */
export function retryAfterMs(value: string | undefined, now: Date): number | null {
  const written = value?.trim() ?? '';
  if (/^\d{1,20}$/.test(written)) return Number(written) * 1000;
  if (!/^[A-Za-z]{3,9},? [\w :,-]{10,60}$/.test(written)) return null;
  const ms = Date.parse(written) - now.getTime();
  return Number.isNaN(ms) || ms < 0 ? null : ms;
}
