import type { Dispatcher } from 'undici';
import type { OutpostError } from '../errors.ts';
import { createBodyBuffer } from './body-buffer.ts';
import type { Call } from './call.ts';
import { describeFailure, FetchTooLargeError } from './fetch-errors.ts';

/** A body that nobody wants is read up to this size, so that the connection can be used again. */
const DISCARDED_BYTES = 65_536;

/** One request to one origin. `discards` tells from the status and the header whether the body is of no use. */
export type Hop = {
  url: URL;
  method: 'GET' | 'POST' | 'HEAD';
  headers: Record<string, string>;
  body: Uint8Array | string | null;
  maxBytes: number;
  discards: (status: number, headers: Readonly<Record<string, string>>) => boolean;
};

/** The answer as it came, not yet decompressed. */
export type Answer = { status: number; headers: Readonly<Record<string, string>>; body: Buffer };

/**
 * Sends one request and takes the answer. Of a discarded body nothing is kept, and however it ends the status counts.
 * @throws FetchTooLargeError, FetchTimeoutError, FetchFailedError, FetchRefusedError
 */
export function exchange(dispatcher: Dispatcher, hop: Hop, call: Call): Promise<Answer> {
  const { url, method, maxBytes } = hop;
  return call.run((resolve, reject) => {
    const body = createBodyBuffer(maxBytes);
    let controller: Dispatcher.DispatchController | null = null;
    let cancelled: OutpostError | null = null;
    let answer: Answer | null = null;
    let discarding = false;
    let discarded = 0;

    const tooLarge = () =>
      new FetchTooLargeError(
        url.hostname,
        `${url.href} is larger than ${maxBytes} bytes; it was not read to its end.`,
      );
    const fail = (error: OutpostError) => {
      if (answer && discarding) resolve(answer);
      else reject(error);
    };

    dispatcher.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method, headers: hop.headers, body: hop.body },
      {
        onRequestStart(started) {
          // Thrown, it skips this request; `started.abort` would also cut a connection that others can use.
          if (cancelled) throw cancelled;
          controller = started;
        },
        onResponseStart(started, status, received) {
          if (status < 200) return;
          const headers = readHeaders(received);
          answer = { status, headers, body: Buffer.alloc(0) };
          discarding = hop.discards(status, headers);
          const declared = method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0);
          if (!discarding && declared > maxBytes) started.abort(tooLarge());
        },
        onResponseData(started, chunk) {
          if (discarding) {
            discarded += chunk.length;
            if (discarded > DISCARDED_BYTES) started.abort(tooLarge());
          } else if (!body.add(chunk)) started.abort(tooLarge());
        },
        onResponseEnd() {
          const whole = answer && { ...answer, body: body.bytes() };
          // The connection is free a turn later; who asks again sooner would be given a second one.
          if (whole) queueMicrotask(() => setImmediate(resolve, whole));
        },
        onResponseError(_started, error) {
          fail(describeFailure(url.hostname, error));
        },
      },
    );

    return (error) => {
      cancelled = error;
      fail(error);
      controller?.abort(error);
    };
  });
}

/** Repeated lines become one; cookies are not for a server that keeps none. */
function readHeaders(received: Record<string, string | string[] | undefined>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in received) {
    const value = received[name];
    if (value === undefined || name === 'set-cookie') continue;
    headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return headers;
}
