import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

type Question = { number: number; deed: string; order: unknown };
type Answer = { number: number; result?: unknown; error?: string };

/** A process that takes part in a measurement. */
export type Child = {
  process: ChildProcess;
  /** Has it do something and gives what came of it. */
  ask<T>(deed: string, order?: unknown): Promise<T>;
  /** Has it end by itself, so that it tidies up. */
  stop(): Promise<void>;
};

/** Starts a file of this folder in a process of its own. */
export function startChild(file: string, env: Record<string, string> = {}): Child {
  const child = fork(path.join(import.meta.dirname, file), [], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let count = 0;
  child.on('message', ({ number, result, error }: Answer) => {
    const question = waiting.get(number);
    waiting.delete(number);
    if (error === undefined) question?.resolve(result);
    else question?.reject(new Error(`${file}: ${error}`));
  });
  const end = () => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} has ended.`));
    waiting.clear();
  };
  child.on('exit', end).on('error', end);
  return {
    process: child,
    ask<T>(deed: string, order: unknown = {}) {
      count += 1;
      const number = count;
      return new Promise<T>((resolve, reject) => {
        waiting.set(number, { resolve: (value) => resolve(value as T), reject });
        if (child.connected) child.send({ number, deed, order } satisfies Question);
        else end();
      });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/** Answers what the parent asks for, by the name of the deed; ends with the parent. */
export function answerParent(deeds: Record<string, (order: never) => unknown>): void {
  process.on('message', async ({ number, deed, order }: Question) => {
    try {
      const result = await deeds[deed]?.(order as never);
      process.send?.({ number, result } satisfies Answer);
    } catch (error) {
      process.send?.({
        number,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      } satisfies Answer);
    }
  });
  process.on('disconnect', () => process.exit(0));
}
