import { FetchFailedError, FetchTimeoutError } from './fetch-errors.ts';

type Failure = FetchFailedError | FetchTimeoutError;

/** One fetch from its first step to its last: whatever it waits for ends with its deadline or its caller's signal. */
export type Call = {
  /** Starts a step that can be cancelled: what `start` returns is called when the call ends before the step does. */
  run<T>(
    start: (resolve: (value: T) => void, reject: (error: Error) => void) => (error: Failure) => void,
  ): Promise<T>;
  /** Waits for what `step` promises, no longer than the call lasts. */
  wait<T>(step: () => Promise<T>): Promise<T>;
  /** Stops the clock. */
  end(): void;
};

/**
 * Starts the clock of a fetch.
 * @throws FetchTimeoutError and FetchFailedError (`aborted`) from the steps
 */
export function startCall(host: string, timeoutMs: number, signal: AbortSignal | undefined): Call {
  let failure: Failure | null = null;
  let cancel: ((error: Failure) => void) | null = null;

  const stop = (error: Failure) => {
    failure = error;
    cancel?.(error);
  };
  const onAbort = () =>
    stop(
      new FetchFailedError(
        host,
        'aborted',
        `The request to ${host} was given up by its caller.`,
        signal?.reason,
      ),
    );
  const timer = setTimeout(() => {
    stop(new FetchTimeoutError(host, `${host} did not answer within ${timeoutMs} ms; try again later.`));
  }, timeoutMs);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });

  const call: Call = {
    run(start) {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        cancel = start(resolve, reject);
      });
    },
    wait: (step) =>
      call.run((resolve, reject) => {
        step().then(resolve, reject);
        return reject;
      }),
    end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      cancel = null;
    },
  };
  return call;
}
