import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type Call, startCall } from './call.ts';
import { type Connections, createConnections } from './connections.ts';
import { ACCEPTED_ENCODINGS, decodeBody } from './decode-body.ts';
import { parseTarget } from './destination.ts';
import { type Answer, exchange } from './exchange.ts';
import { FetchFailedError, FetchRefusedError } from './fetch-errors.ts';
import type { HostTable } from './hosts.ts';
import type { PrivateNetworkAllowance } from './private-network.ts';
import { decideRedirect, type RedirectDecision, type RedirectPolicy } from './redirects.ts';
import { createResolver, type Resolve } from './resolve.ts';

const MAX_BYTES = 1_048_576;
const TIMEOUT_MS = 20_000;
const MAX_REDIRECTS = 3;

/** The connection's own header fields; `host` and `content-length` are always sent, and always right. */
const OWN_HEADERS = new Set([
  'host',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'proxy-authorization',
]);
/** What must not follow a redirect to another origin. */
const PERSONAL_HEADERS = [
  'authorization',
  'cookie',
  'signature',
  'signature-input',
  'digest',
  'content-digest',
];

/** What is sent, and how much may come back for how long. */
export type SafeFetchRequest = {
  /** Default: `GET`. */
  method?: 'GET' | 'POST' | 'HEAD';
  /** Names in any case. Those that belong to the connection (`host`, `content-length` and the like) are ignored. */
  headers?: Readonly<Record<string, string>>;
  /** Sent with a POST only. */
  body?: Uint8Array | string;
  /** Most bytes of the body, decompressed. Default: 1 MiB. */
  maxBytes?: number;
  /** Milliseconds for everything, from the look-up of the name to the last byte of the last answer. Default: 20,000. */
  timeoutMs?: number;
  /** Redirects that are followed. Default: 3. A POST: 0, and 1 at the most. */
  maxRedirects?: number;
  /** Where they may lead. `same-origin` makes leaving the origin an error, `none` returns them. Default: `any-origin`. */
  redirects?: RedirectPolicy;
  /** Called before each hop, for a signature that covers the right target; what it gives wins over `headers`. */
  sign?: (hop: { method: string; url: URL }) => Promise<Record<string, string>>;
  /** For deliveries: the body is dropped, the connection kept, and a body that never ends does not hide the status. */
  discardBody?: boolean;
  /** Gives up; the error is then a FetchFailedError `aborted`. */
  signal?: AbortSignal;
};

/** An answer of any status. `url` is the one that answered; header names are in lower case; there are no cookies. */
export type SafeFetchResponse = {
  status: number;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
};

/**
 * Makes one request, and those that redirects ask for, to addresses that are allowed.
 * @throws FetchRefusedError, FetchTimeoutError, FetchTooLargeError, FetchFailedError, and what `sign` throws
 */
export type SafeFetch = (url: string | URL, request?: SafeFetchRequest) => Promise<SafeFetchResponse>;

/** Options of {@link createSafeFetch}. */
export type SafeFetchOptions = {
  /** The `user-agent` where the request names none. */
  userAgent: string;
  allow: PrivateNetworkAllowance;
  /** Names that are not looked up (`OUTPOST_HOSTS`). Their addresses are checked like any other. */
  hosts?: HostTable;
  /** Who is asked for names. Default: DNS, then the system. */
  resolve?: Resolve;
};

/**
 * Makes the one way out of Outpost: every outgoing request goes through it. Addresses are checked when they are dialled,
 * for each redirect anew; bytes, time, redirects and connections are bounded; cookies are neither kept nor sent back.
 */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch & { close(): Promise<void> } {
  const { userAgent, allow, hosts = new Map(), resolve = createResolver() } = options;
  const connections = createConnections({ allow, hosts, resolve });
  let closed = false;

  const safeFetch: SafeFetch = async (input, request = {}) => {
    const url = parseTarget(input);
    if (closed)
      throw new FetchFailedError(url.hostname, 'closed', `Outpost is stopping; ${url.hostname} must wait.`);
    const headers = readHeaders(url.hostname, request.headers ?? {}, { 'user-agent': userAgent });
    if (!request.discardBody) headers['accept-encoding'] ??= ACCEPTED_ENCODINGS;
    const call = startCall(url.hostname, request.timeoutMs ?? TIMEOUT_MS, request.signal);
    try {
      return await follow(url, { ...request, headers }, connections, call);
    } finally {
      call.end();
    }
  };
  return Object.assign(safeFetch, {
    close: () => {
      closed = true;
      return connections.close();
    },
  });
}

type Prepared = SafeFetchRequest & { headers: Record<string, string> };

async function follow(
  start: URL,
  request: Prepared,
  connections: Connections,
  call: Call,
): Promise<SafeFetchResponse> {
  const {
    method = 'GET',
    maxBytes = MAX_BYTES,
    redirects = 'any-origin',
    sign,
    discardBody = false,
  } = request;
  const limit = request.maxRedirects ?? (method === 'POST' ? 0 : MAX_REDIRECTS);
  let url = start;
  let { headers } = request;

  for (let followed = 0; ; followed++) {
    const from = url;
    // What is refused is not signed.
    connections.to(from);
    const signed = sign
      ? readHeaders(from.hostname, await call.wait(() => sign({ method, url: from })), headers)
      : headers;
    const decide = (status: number, received: Answer['headers']): RedirectDecision =>
      decideRedirect({
        method,
        status,
        location: received.location,
        from,
        policy: redirects,
        followed,
        limit,
      });
    const discards = (status: number, received: Answer['headers']) =>
      discardBody || decide(status, received).kind !== 'answer';

    const body = method === 'POST' ? (request.body ?? '') : null;
    const answer = await exchange(
      // Only now: while it was signed, idle connections may have been closed and forgotten.
      connections.to(from),
      { url: from, method, headers: signed, body, maxBytes, discards },
      call,
    );
    const decision = decide(answer.status, answer.headers);
    if (decision.kind === 'answer') return present(from, answer, maxBytes);
    url = nextTarget(from, decision);
    if (url.origin !== from.origin) headers = withoutPersonal(headers);
  }
}

function nextTarget(from: URL, decision: Exclude<RedirectDecision, { kind: 'answer' }>): URL {
  const { hostname: host } = from;
  if (decision.kind === 'too-many') {
    throw new FetchFailedError(host, 'redirects', `${from.href} redirects too often; use the final address.`);
  }
  if (decision.kind === 'leaves') {
    throw new FetchRefusedError(
      host,
      `${from.href} redirects to another server; ask that one for what is its own.`,
    );
  }
  const next = URL.parse(decision.location, from);
  if (!next) throw new FetchFailedError(host, 'redirects', `${from.href} redirects to what is no URL.`);
  return parseTarget(next);
}

async function present(
  url: URL,
  { status, headers, body }: Answer,
  maxBytes: number,
): Promise<SafeFetchResponse> {
  const decoded = await decodeBody(url.hostname, headers['content-encoding'] ?? '', body, maxBytes);
  return { status, url: url.href, headers, body: decoded };
}

function readHeaders(host: string, given: Readonly<Record<string, string>>, base: Record<string, string>) {
  const headers = { ...base };
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (OWN_HEADERS.has(lower)) continue;
    try {
      validateHeaderName(lower);
      validateHeaderValue(lower, value);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new FetchRefusedError(
        host,
        `The request to ${host} cannot be sent (${why}); correct that header.`,
      );
    }
    headers[lower] = value;
  }
  return headers;
}

function withoutPersonal(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !PERSONAL_HEADERS.includes(name)));
}
