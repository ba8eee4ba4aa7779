import type { Database } from '../db/open.ts';
import type { Job } from '../jobs/job.ts';
import type { Jobs } from '../jobs/worker.ts';
import type { Logger } from '../log.ts';
import { checkFilterValue } from './filter-values.ts';
import {
  type ActionName,
  type Actions,
  type FilterContext,
  type FilterName,
  type FilterValue,
  hookCatalogue,
} from './types.ts';

const filterDeadlineMs = 2000;

type ActionListener = (payload: unknown, signal: AbortSignal) => Promise<void>;
type FilterListener = (value: unknown, context: unknown, signal: AbortSignal) => unknown;

/** What a plugin listens to. */
export type Listeners = {
  actions: Readonly<Record<string, ActionListener>>;
  filters: Readonly<Record<string, FilterListener>>;
};

/** Told of each failure of a plugin, so that one that keeps failing can be switched off. */
export type FailureReport = (plugin: string, where: string, error: unknown) => void;

export type Hooks = {
  actions: {
    /** Writes the event in the caller's transaction; the subscribers are run after the commit, from the queue. */
    add<N extends ActionName>(trx: Database, name: N, payload: Actions[N]): Promise<void>;
  };
  filters: {
    /** Gives the value after every listener; a listener that fails is left out and reported. */
    apply<N extends FilterName>(
      name: N,
      value: FilterValue<N>,
      context: FilterContext<N>,
    ): Promise<FilterValue<N>>;
    /** Whether anybody listens, where making the value would be dear. */
    has(name: FilterName): boolean;
  };
  /** Makes a plugin's own hook known. */
  declare(name: string, doc: { kind: 'action' | 'filter'; about: string }): void;
  /** @throws Error for a name that is not in the catalogue. */
  subscribe(plugin: string, listeners: Listeners): void;
  unsubscribe(plugin: string): void;
  onFailure(report: FailureReport): void;
};

type Options = { db: Database; jobs: Jobs; log: Logger; trace: boolean };

/** What the queue keeps of an event. */
function readEvent(payload: unknown): { name: string; payload: Record<string, unknown> } {
  if (typeof payload === 'object' && payload !== null && 'name' in payload && 'payload' in payload) {
    const { name, payload: inner } = payload;
    if (typeof name === 'string' && typeof inner === 'object' && inner !== null)
      return { name, payload: { ...inner } };
  }
  throw new Error(`An event in the queue cannot be read: ${JSON.stringify(payload)?.slice(0, 200)}`);
}

/** The subject of an event: what its payload's id names. Events of one subject reach a subscriber in order. */
function subjectOf(payload: Readonly<Record<string, unknown>>): string | undefined {
  const id = payload.postId ?? payload.commentId ?? payload.userId;
  return typeof id === 'string' ? id : undefined;
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/** Ends a wait at a deadline; the work is told by its signal. */
async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
  const abort = new AbortController();
  const started = work(abort.signal);
  if (!isThenable(started)) return started;
  let timeout: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => {
      abort.abort();
      reject(new Error(`no answer within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([started, deadline]);
  } finally {
    clearTimeout(timeout);
  }
}

/** Makes the engine behind actions and filters. */
export function createHooks({ db, jobs, log, trace }: Options): Hooks {
  const subscribers = new Map<string, Listeners>();
  const catalogue = new Map(Object.entries(hookCatalogue));
  let report: FailureReport = (plugin, where, error) =>
    log.error({ plugin, where, err: error }, 'plugin failed');

  function assertHook(plugin: string, name: string, kind: 'action' | 'filter'): void {
    if (catalogue.get(name)?.kind === kind) return;
    const known = [...catalogue].filter(([, doc]) => doc.kind === kind).map(([hook]) => hook);
    throw new Error(
      `The plugin ${plugin} names the ${kind} ${name}, which does not exist. There are: ${known.join(', ')}.`,
    );
  }

  /** An event becomes one job for each subscriber. A crash before the event's own end repeats this: subscribers may hear twice, never not at all. */
  async function fanOut(job: Job): Promise<void> {
    const { name, payload } = readEvent(job.payload);
    const inputs = [...subscribers]
      .filter(([, listeners]) => Object.hasOwn(listeners.actions, name))
      .map(([plugin]) => ({
        kind: `action:${plugin}`,
        payload: { name, payload },
        subject: subjectOf(payload),
        maxAttempts: 12,
      }));
    if (inputs.length > 0) await jobs.add(db, ...inputs);
  }

  async function runAction(plugin: string, job: Job, signal: AbortSignal): Promise<void> {
    const { name, payload } = readEvent(job.payload);
    const listener = subscribers.get(plugin)?.actions[name];
    if (!listener) return;
    const started = performance.now();
    try {
      await listener(payload, signal);
    } catch (error) {
      report(plugin, name, error);
      throw error;
    } finally {
      if (trace) log.info({ hook: name, plugin, ms: Math.round(performance.now() - started) }, 'hook');
    }
  }

  jobs.define({ kind: 'event', handler: fanOut, concurrency: 8, repeatable: true });

  return {
    actions: {
      async add(trx, name, payload) {
        await jobs.add(trx, {
          kind: 'event',
          payload: { name, payload },
          subject: subjectOf(payload),
          maxAttempts: 1000,
        });
      },
    },
    filters: {
      has: (name) => [...subscribers.values()].some((listeners) => Object.hasOwn(listeners.filters, name)),
      async apply(name, value, context) {
        let current = value;
        for (const [plugin, listeners] of subscribers) {
          const listener = listeners.filters[name];
          if (!listener) continue;
          const started = performance.now();
          let changed = false;
          try {
            const next = await withDeadline(filterDeadlineMs, (signal) => listener(current, context, signal));
            checkFilterValue(plugin, name, next);
            changed = next !== current;
            // Checked above, as far as the hook says what it must be.
            current = next as typeof value;
          } catch (error) {
            report(plugin, name, error);
          }
          if (trace)
            log.info({ hook: name, plugin, ms: Math.round(performance.now() - started), changed }, 'hook');
        }
        return current;
      },
    },
    declare: (name, doc) => void catalogue.set(name, doc),
    subscribe(plugin, listeners) {
      for (const name of Object.keys(listeners.actions)) assertHook(plugin, name, 'action');
      for (const name of Object.keys(listeners.filters)) assertHook(plugin, name, 'filter');
      subscribers.set(plugin, listeners);
      jobs.define({
        kind: `action:${plugin}`,
        handler: (job, signal) => runAction(plugin, job, signal),
        concurrency: 8,
      });
    },
    unsubscribe(plugin) {
      subscribers.delete(plugin);
      jobs.undefine(`action:${plugin}`);
    },
    onFailure(next) {
      report = next;
    },
  };
}
