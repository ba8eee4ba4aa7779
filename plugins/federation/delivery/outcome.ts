import { FetchFailedError, FetchRefusedError, FetchTimeoutError } from 'outpost/plugin';
import type { DeliveryReason } from '../tables.ts';

/** What an attempt to deliver has come to. */
export type DeliveryOutcome =
  | { kind: 'delivered'; status: number }
  /** `toldMs` is how long the server asked to be left alone; `maybeThere` that it may have taken this all the same. */
  | {
      kind: 'retry';
      status: number | null;
      why: DeliveryReason;
      reason: string;
      toldMs: number | null;
      maybeThere: boolean;
    }
  /** The inbox says that it is gone for good. */
  | { kind: 'gone'; status: 410; why: DeliveryReason; reason: string }
  | { kind: 'refused'; status: number | null; why: DeliveryReason; reason: string }
  /** We stopped, not they: as if it had not been tried. */
  | { kind: 'interrupted' };

/** Passing states; 401 among them, because a server that could not fetch our key just now says so. */
const passing: ReadonlySet<number> = new Set([401, 408, 425, 429]);

/** Faults in which the request may have been worked on before something broke. */
const halfWay: ReadonlySet<number> = new Set([500, 502, 504]);

/**
 * What an answer to a delivery means.
 * @param retryAfter the header field as it came
 */
export function outcomeOfAnswer(status: number, retryAfter: string | undefined, now: Date): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const reason = `The server answered ${status}.`;
  if (status === 410) return { kind: 'gone', status, why: 'status', reason };
  const comesAgain = passing.has(status) || status >= 500 || (status >= 300 && status < 400);
  if (!comesAgain) return { kind: 'refused', status, why: 'status', reason };
  const toldMs = retryAfterMs(retryAfter, now);
  const maybeThere = halfWay.has(status) || status > 504;
  return { kind: 'retry', status, why: 'status', reason, toldMs, maybeThere };
}

/** What it means that no answer came. */
export function outcomeOfError(error: unknown): DeliveryOutcome {
  if (error instanceof FetchFailedError && (error.reason === 'aborted' || error.reason === 'closed')) {
    return { kind: 'interrupted' };
  }
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof FetchRefusedError) return { kind: 'refused', status: null, why: 'refused', reason };
  const why = whyOf(error);
  // Without a connection nothing was sent.
  const maybeThere = why !== 'dns' && why !== 'connect' && why !== 'tls';
  return { kind: 'retry', status: null, why, reason, toldMs: null, maybeThere };
}

function whyOf(error: unknown): DeliveryReason {
  if (error instanceof FetchTimeoutError) return 'timeout';
  if (!(error instanceof FetchFailedError)) return 'response';
  const { reason } = error;
  return reason === 'dns' || reason === 'connect' || reason === 'tls' || reason === 'reset'
    ? reason
    : 'response';
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
