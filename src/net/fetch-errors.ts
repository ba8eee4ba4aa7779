import { OutpostError } from '../errors.ts';

/** The address, the scheme, the port or the request itself is not allowed; no connection was opened. */
export class FetchRefusedError extends OutpostError {
  /** The host as it stands in the URL, or the empty string where there is none. */
  readonly host: string;

  constructor(host: string, message: string) {
    super('fetch.refused', message, { status: 400, publicMessage: 'This address cannot be fetched.' });
    this.host = host;
  }
}

/** Connecting took more than five seconds, or the whole exchange more than its time. */
export class FetchTimeoutError extends OutpostError {
  readonly host: string;

  constructor(host: string, message: string, cause?: unknown) {
    super('fetch.timeout', message, {
      status: 504,
      publicMessage: 'The other server did not answer in time.',
      cause,
    });
    this.host = host;
  }
}

/** The answer's header or its decoded body is larger than was asked for; the rest was not read. */
export class FetchTooLargeError extends OutpostError {
  readonly host: string;

  constructor(host: string, message: string, cause?: unknown) {
    super('fetch.too_large', message, {
      status: 502,
      publicMessage: 'The other server sent too much.',
      cause,
    });
    this.host = host;
  }
}

/** What went wrong on the way, for counting and for the owner's delivery page. */
export type FetchFailure =
  | 'dns'
  | 'connect'
  | 'tls'
  | 'reset'
  | 'response'
  | 'redirects'
  | 'aborted'
  | 'closed';

/** No usable answer came: the name, the connection, TLS, the protocol or the chain of redirects failed. */
export class FetchFailedError extends OutpostError {
  readonly host: string;
  readonly reason: FetchFailure;

  constructor(host: string, reason: FetchFailure, message: string, cause?: unknown) {
    super('fetch.failed', message, {
      status: 502,
      publicMessage: 'The other server could not be reached.',
      cause,
    });
    this.host = host;
    this.reason = reason;
  }
}

const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/;
const CONNECT_CODES = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN']);
const RESET_CODES = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Turns what undici, the socket or TLS threw while talking to `host` into one of the four errors of a fetch. */
export function describeFailure(host: string, error: Error): OutpostError {
  if (error instanceof OutpostError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const why = error.message || code || error.name;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new FetchTimeoutError(
      host,
      `${host} did not accept a connection in time; try again later.`,
      error,
    );
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new FetchTooLargeError(
      host,
      `${host} sent a header that is too large; its operator must shorten it.`,
      error,
    );
  }
  if (TLS_CODE.test(code)) {
    const remedy = 'its operator must repair the certificate';
    return new FetchFailedError(host, 'tls', `No secure connection to ${host} (${why}); ${remedy}.`, error);
  }
  if (CONNECT_CODES.has(code)) {
    return new FetchFailedError(
      host,
      'connect',
      `${host} cannot be reached (${why || code}); try again later.`,
      error,
    );
  }
  if (RESET_CODES.has(code)) {
    const what = `${host} closed the connection before it answered`;
    return new FetchFailedError(host, 'reset', `${what} (${why}); try again later.`, error);
  }
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return new FetchFailedError(
      host,
      'closed',
      `Outpost is stopping; ${host} is asked again after a start.`,
      error,
    );
  }
  return new FetchFailedError(
    host,
    'response',
    `${host} sent no usable answer (${why}); try again later.`,
    error,
  );
}
